package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/conformance"
)

const (
	loopback = "http://127.0.0.1:1"
	someID   = "c0daf39b-4df5-4241-9e7d-b1b85f829090"
	secret   = "s3cret"
)

// Nothing is sent, nothing goes to stdout, one line says why, the status is 2.
func TestUsageErrors(t *testing.T) {
	requests := 0
	url, _ := fake(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(http.ResponseWriter, *http.Request) { requests++ })
	})
	dir := t.TempDir()
	file := func(name, text string) string {
		name = filepath.Join(dir, name)
		writeFile(t, name, text)
		return name
	}
	object, whole, array := file("object.json", `{"firstName":"x"}`), file("whole.json", `{"data":{}}`), file("array.json", `[1]`)
	known := func(text string) []string {
		return checkArgs(url, "-known-failing", file(fmt.Sprintf("known-%x", text), text))
	}
	with := func(args ...string) []string { return checkArgs(url, args...) }
	env := func(name, value string) environment {
		e := maps.Clone(tokens)
		e[name] = value
		return e
	}
	for name, test := range map[string]struct {
		env  environment
		args []string
		want string
	}{
		"unknown command":      {tokens, []string{secret}, "there is no such command: use check, list, faulty, version or help"},
		"flag first":           {tokens, []string{"-url", url}, "the command comes before the flags"},
		"unknown flag":         {tokens, with("-token", secret), "flag provided but not defined: -token"},
		"argument":             {tokens, with(secret), "there is an argument that belongs to no flag: remove it ("},
		"arguments":            {tokens, with(secret, secret), "there are 2 arguments that belong to no flag: remove them ("},
		"list with argument":   {tokens, []string{"list", secret}, "there is an argument that belongs to no flag: remove it ("},
		"help on nothing":      {tokens, []string{"help", secret}, "there is no help on that: use help check, help list or help faulty"},
		"timeout without unit": {tokens, with("-timeout", "5"), "for flag -timeout: give a number and its unit, such as 5s or 2m ("},
		"list with a flag":     {tokens, []string{"list", "-xml"}, "flag provided but not defined: -xml"},
		"no fault":             {tokens, []string{"faulty"}, "want the flags, and then the name of one fault or -list alone"},
		"two faults":           {tokens, []string{"faulty", "success-204", "success-202"}, "want the flags, and then the name of one fault"},
		"list and a fault":     {tokens, []string{"faulty", "-list", "success-204"}, "want the flags, and then the name of one fault"},
		"unknown fault":        {tokens, []string{"faulty", "-addr", "127.0.0.1:0", "success-205"}, `there is no fault "success-205"; did you mean success-204`},
		"fault without port":   {tokens, []string{"faulty", "-addr", "127.0.0.1", "success-204"}, `-addr "127.0.0.1": want HOST:PORT`},
		"fault everywhere":     {tokens, []string{"faulty", "-addr", ":0", "success-204"}, `-addr ":0" is not a loopback address, and a faulty server is for trying out`},
		"fault on a name":      {tokens, []string{"faulty", "-addr", "localhost.example:0", "success-204"}, "is not a loopback address"},
		"no url":               {tokens, []string{"check", "-user", someID}, "-url is missing"},
		"no user":              {tokens, []string{"check", "-url", url}, "-user is missing"},
		"malformed user":       {tokens, []string{"check", "-url", url, "-user", "42"}, "for flag -user: give an id of 36 characters"},
		"nil user":             {tokens, []string{"check", "-url", url, "-user", "00000000-0000-0000-0000-000000000000"}, "for flag -user: give an id of 36 characters"},
		"empty other user":     {tokens, with("-other-user", ""), "for flag -other-user: give an id of 36 characters"},
		"same user":            {tokens, with("-other-user", strings.ToUpper(someID)), "-user and -other-user are the same user"},
		"same failing user":    {tokens, with("-failing-user", someID), "-user and -failing-user are the same user"},
		"same unknown user":    {tokens, with("-unknown-user", someID), "-user and -unknown-user are the same user"},
		"no token":             {environment{}, with(), "ACCESS_TOKEN is not set"},
		"empty token":          {env("ACCESS_TOKEN", ""), with(), "ACCESS_TOKEN is not set"},
		"token with scheme":    {env("ACCESS_TOKEN", "Bearer "+secret), with(), "ACCESS_TOKEN holds what no token can"},
		"token with line end":  {env("UNLINKED_TOKEN", secret+"\n"), with(), "UNLINKED_TOKEN holds what no token can"},
		"same token":           {env("FORBIDDEN_TOKEN", tokens["ACCESS_TOKEN"]), with(), "ACCESS_TOKEN and FORBIDDEN_TOKEN hold the same token"},
		"relative url":         {tokens, checkArgs("/users"), "-url is not an absolute http or https URL"},
		"no url at all":        {tokens, checkArgs("http://[::1"), "-url is not a URL"},
		"ftp":                  {tokens, checkArgs("ftp://127.0.0.1"), "-url is not an absolute http or https URL"},
		"query":                {tokens, checkArgs(loopback + "?a=b"), "-url must have no query and no fragment"},
		"password":             {tokens, checkArgs("http://u:" + secret + "@127.0.0.1:1"), "-url holds credentials"},
		"malformed password":   {tokens, checkArgs("http://u:" + secret + "@127.0.0.1:x"), "-url is not a URL"},
		"another machine":      {tokens, checkArgs("https://api.example.com/user"), "api.example.com is not this machine, and the suite writes to the users it is given: say -allow-writes"},
		"any address":          {tokens, checkArgs("http://0.0.0.0:8080"), "0.0.0.0:8080 is not this machine"},
		"looks like loopback":  {tokens, checkArgs("http://localhost.example.com"), "localhost.example.com is not this machine"},
		"another address":      {tokens, checkArgs("http://[2001:db8::1]:80"), "is not this machine"},
		"unknown extension":    {tokens, with("-report", filepath.Join(dir, "r.txt")), `for flag -report: no format has the extension ".txt": use .json, .xml (JUnit), .md or .html`},
		"no extension":         {tokens, with("-report", "r"), "for flag -report: no format has the extension"},
		"report nowhere":       {tokens, with("-report", filepath.Join(dir, "absent", "r.json")), "-report: open "},
		"report in a folder":   {tokens, with("-report", dir+"/"), "for flag -report: no format has"},
		"report twice":         {tokens, with(inDir(dir, "r.md", "r.md")...), "-report names " + filepath.Join(dir, "r.md") + " twice"},
		"report over record":   {tokens, with("-record", object, "-report", object), "-report and -record name the same file"},
		"pattern for nothing":  {tokens, with(append(inDir(dir, "pattern.json"), "-skip", "nothing.*")...), `the pattern "nothing.*" matches no requirement`},
		"malformed pattern":    {tokens, with("-run", "["), `the pattern "[" `},
		"empty pattern":        {tokens, with("-run", ""), "for flag -run: an entry is empty"},
		"managed unknown":      {tokens, with("-managed", "mail"), `"mail" is not an attribute of a user`},
		"record and get":       {tokens, with("-record", object, "-read-get"), "-record and -read-get exclude each other"},
		"no such record":       {tokens, with("-record", filepath.Join(dir, "absent")), "-record: open "},
		"record is a document": {tokens, with("-record", whole), "holds a whole document: give the object data.attributes alone"},
		"record is an array":   {tokens, with("-record", array), "does not hold one JSON object"},
		"empty record":         {tokens, with("-record", ""), "for flag -record: it is empty"},
		"no such list":         {tokens, with("-known-failing", filepath.Join(dir, "absent")), "-known-failing: open "},
		"known unknown":        {tokens, known("# a\nsuccess.nothing reason"), `line 2: there is no requirement "success.nothing"`},
		"known pattern":        {tokens, known("success.* reason"), `line 1: there is no requirement "success.*"`},
		"known without reason": {tokens, known("\nsuccess.status \t"), "line 2: success.status has no reason"},
		"known twice":          {tokens, known("success.status a\nsuccess.status b"), "line 2: success.status is there twice"},
		"header by value":      {tokens, with("-header", "X-Api-Key: "+secret), "-header: give the name of a field, and a variable or a file"},
		"header of two parts":  {env("A", secret), with("-header", "X-Api-Key: Key $A"), "-header: give the name of a field, and a variable or a file"},
		"header of a command":  {env("A", secret), with("-header", "X-Api-Key: $(cat "+secret+")"), "-header: give the name of a field, and a variable or a file"},
		"header without colon": {tokens, with("-header", secret), "-header: give the name of a field, and a variable or a file"},
		"header of nothing":    {tokens, with("-header", ""), "-header: give the name of a field, and a variable or a file"},
		"header without name":  {env("A", secret), with("-header", ": $A"), "-header: holds what is no name of a header field"},
		"header unset":         {tokens, with("-header", "X-Api-Key: $A"), "-header: the environment variable A is not set"},
		"header of no file":    {tokens, with("-header", "X-Api-Key: @"+filepath.Join(dir, "absent")), "-header: open "},
		"header twice":         {env("A", secret), with("-header", "X-Api-Key: $A", "-header", "x-api-key:${A}"), "-header: X-Api-Key is there twice"},
		"header of two lines":  {env("A", secret+"\n"+secret), with("-header", "X-Api-Key: $A"), "-header: the value of X-Api-Key is empty, begins or ends with a blank, or holds a control character"},
		"header Authorization": {env("A", secret), with("-header", "authorization: $A"), "-header: Authorization is a field of the run's own"},
		"header Content-Type":  {env("A", secret), with("-header", "Content-Type: $A"), "-header: Content-Type is a field of the run's own"},
		"header of the suite":  {env("A", secret), with("-header", "Userconform-Requirement: $A"), "-header: Userconform-Requirement is a field of the run's own"},
		"no certificates":      {tokens, with("-cacert", filepath.Join(dir, "absent")), "-cacert: open "},
		"no certificate in it": {tokens, with("-cacert", object), "holds no certificate in PEM"},
		"cacert and insecure":  {tokens, with("-cacert", object, "-insecure"), "-cacert and -insecure exclude each other"},
		"cert without key":     {tokens, with("-cert", object), "-cert and -key belong together"},
		"key without cert":     {tokens, with("-key", object), "-cert and -key belong together"},
		"no certificate":       {tokens, with("-cert", object, "-key", object), "-cert and -key: tls: failed to find any PEM data"},
		"wait":                 {tokens, with("-wait", "-1s"), "-wait: must not be negative"},
		"no rate":              {tokens, with("-rate", "NaN"), "-rate: must be 0, or from 0.001 to 1000000"},
		"endless rate":         {tokens, with("-rate", "+Inf"), "-rate: must be 0, or from 0.001 to 1000000"},
		"rate":                 {tokens, with("-rate", "-1"), "-rate: must be 0, or from 0.001 to 1000000"},
		"seed":                 {tokens, with("-seed", "-1"), "for flag -seed: "},
	} {
		t.Run(name, func(t *testing.T) {
			got := runIn(t.Context(), test.env, test.args...)
			if got.status != 2 || got.stdout != "" {
				t.Errorf("status %d, stdout %q; want 2 and nothing", got.status, got.stdout)
			}
			if !strings.HasPrefix(got.stderr, "userconform: ") || !strings.Contains(got.stderr, test.want) || strings.Count(got.stderr, "\n") != 1 || strings.Contains(got.stderr, secret) {
				t.Errorf("stderr %q, want %q in one line, and no secret", got.stderr, test.want)
			}
		})
	}
	if requests != 0 {
		t.Errorf("%d requests were sent", requests)
	}
	_, err := os.Stat(filepath.Join(dir, "pattern.json"))
	require.Error(t, err, "a report of nothing was left")
}

func TestAllowWrites(t *testing.T) {
	for _, args := range [][]string{{"http://localhost:1"}, {"http://LOCALHOST"}, {"http://127.1.2.3"}, {"http://[::1]:1/a"}, {"https://api.example.com", "-allow-writes"}} {
		if _, err := configure(checkArgs(args[0], args[1:]...)[1:], tokens.lookup); err != nil {
			t.Errorf("%v: %v", args, err)
		}
	}
}

func TestNoArguments(t *testing.T) {
	got := runIn(t.Context(), tokens)
	if got.status != 2 || got.stdout != helpText || strings.Count(got.stderr, "\n") != 1 {
		t.Errorf("status %d, stdout %q, stderr %q", got.status, got.stdout, got.stderr)
	}
}

func TestHelp(t *testing.T) {
	for args, want := range map[string]string{
		"-h": "Exit status", "--help": "Exit status", "help": "ACCESS_TOKEN",
		"check -h": "-known-failing FILE", "help check": "Flags:", "list -h": "-json", "help list": "-json",
		"faulty -h": "-addr HOST:PORT", "help faulty": "-list",
	} {
		got := runIn(t.Context(), nil, strings.Fields(args)...)
		if got.status != 0 || !strings.Contains(got.stdout, want) || got.stderr != "" {
			t.Errorf("%s: status %d, stdout %q, stderr %q", args, got.status, got.stdout, got.stderr)
		}
	}
	var names []string
	newFlagSet(new(flags)).VisitAll(func(f *flag.Flag) { names = append(names, f.Name) })
	want := strings.Fields("allow-writes cacert cert failing-user header insecure key known-failing managed max-time other-user quiet rate read-get record report run seed show-values skip strict timeout unknown-user url user wait")
	if diff := cmp.Diff(want, slices.Sorted(slices.Values(names))); diff != "" {
		t.Errorf("flags (-want +got):\n%s", diff)
	}
}

func TestList(t *testing.T) {
	text := runIn(t.Context(), nil, "list")
	asJSON := runIn(t.Context(), nil, "list", "-json")
	var got []conformance.Requirement
	require.NoError(t, json.Unmarshal([]byte(asJSON.stdout), &got))
	if diff := cmp.Diff(allRequirements(), got); diff != "" {
		t.Errorf("list -json (-want +got):\n%s", diff)
	}
	lines := strings.Split(strings.TrimSpace(text.stdout), "\n")
	if text.status != 0 || asJSON.status != 0 || len(lines) != len(got) {
		t.Fatalf("status %d and %d, %d lines for %d requirements", text.status, asJSON.status, len(lines), len(got))
	}
	for i, r := range got {
		if fields := strings.Fields(lines[i]); fields[0] != r.ID || fields[1] != string(r.Level) || !strings.Contains(lines[i], r.Title) {
			t.Errorf("line %q for %s", lines[i], r.ID)
		}
	}
}
