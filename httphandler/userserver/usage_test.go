package main

import (
	"context"
	"flag"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestUsageErrors(t *testing.T) {
	const secret = "s3cret"
	t.Chdir(t.TempDir()) // for the default database
	// Done, so that a server that starts by mistake ends.
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	none := map[string]string{}
	own := map[string]string{tokensEnv: "write " + secret}
	env := func(text string) map[string]string { return map[string]string{tokensEnv: text} }
	good := tokenFile(t, 0o600, "write "+secret)
	inFile := func(text string) []string { return []string{"-tokens", tokenFile(t, 0o600, text)} }
	for name, test := range map[string]struct {
		env  map[string]string
		args []string
		want string
	}{
		"unknown flag":       {none, []string{"-token", secret}, "flag provided but not defined: -token"},
		"missing value":      {none, []string{"-addr"}, "flag needs an argument: -addr"},
		"argument":           {none, []string{"write", secret}, "2 unexpected arguments: remove them (tokens come from -tokens FILE or USERSERVER_TOKENS; the commands import and export come before the flags)"},
		"port only":          {none, []string{"-addr", "8080"}, `-addr "8080": want HOST:PORT with a port from 0 to 65535, such as 127.0.0.1:8080 or [::1]:0`},
		"no port":            {none, []string{"-addr", "127.0.0.1:"}, `-addr "127.0.0.1:": want HOST:PORT`},
		"large port":         {none, []string{"-addr", "127.0.0.1:65536"}, `-addr "127.0.0.1:65536": want HOST:PORT`},
		"bare IPv6":          {none, []string{"-addr", "::1:80"}, `-addr "::1:80": want HOST:PORT`},
		"demo everywhere":    {none, []string{"-addr", ":0"}, `-addr ":0" is not a loopback address, and everybody knows the demo tokens: give tokens of your own (-tokens FILE or USERSERVER_TOKENS), or listen on loopback, such as 127.0.0.1:8080`},
		"demo on 0.0.0.0":    {none, []string{"-addr", "0.0.0.0:0"}, `-addr "0.0.0.0:0" is not a loopback address`},
		"demo on ::":         {none, []string{"-addr", "[::]:0"}, `-addr "[::]:0" is not a loopback address`},
		"demo on another IP": {none, []string{"-addr", "192.0.2.1:0"}, `-addr "192.0.2.1:0" is not a loopback address`},
		"demo on a name":     {none, []string{"-addr", "localhost.example:0"}, `-addr "localhost.example:0" is not a loopback address`},
		"demo token as own":  {env("write a,unlinked demo-unlinked"), []string{"-addr", ":0"}, `everybody knows the demo tokens`},
		"failing everywhere": {own, []string{"-addr", ":0", "-failing-user", exampleID}, `-addr ":0" is not a loopback address, and -failing-user is for trying out: omit it`},
		"control everywhere": {none, []string{"-control", ":0", "-db", "memory"}, `-control ":0" is not a loopback address, and it asks for no credentials: use 127.0.0.1 or [::1]`},
		"control on a name":  {none, []string{"-control", "localhost.example:0", "-db", "memory"}, `-control "localhost.example:0" is not a loopback address`},
		"control, port only": {none, []string{"-control", "8081", "-db", "memory"}, `-control "8081": want HOST:PORT with a port from 0 to 65535`},
		"control of a file":  {none, []string{"-control", "127.0.0.1:0"}, "-control works only with -db memory: it changes and deletes users"},
		"control and others": {own, []string{"-control", "127.0.0.1:0", "-db", "memory", "-addr", ":0"}, `-addr ":0" is not a loopback address, and -control is for tests`},
		"control, failing":   {none, []string{"-control", "127.0.0.1:0", "-db", "memory", "-failing-user", exampleID}, "-failing-user and -control do not go together: inject a fault for the user instead"},
		"failing, no id":     {none, []string{"-failing-user", "{" + exampleID + "}"}, "for flag -failing-user: give the id of a user, such as " + exampleID},
		"failing, nil id":    {none, []string{"-failing-user", "00000000-0000-0000-0000-000000000000"}, "for flag -failing-user: give the id of a user"},
		"file and env":       {own, []string{"-tokens", good}, "there are tokens in -tokens and in USERSERVER_TOKENS: use only one"},
		"file and empty env": {env(""), []string{"-tokens", good}, "there are tokens in -tokens and in USERSERVER_TOKENS"},
		"certificate alone":  {none, []string{"-tls-cert", good}, "-tls-cert and -tls-key belong together: give both"},
		"key alone":          {none, []string{"-tls-key", good}, "-tls-cert and -tls-key belong together: give both"},
		"no certificate":     {none, []string{"-tls-cert", filepath.Join(t.TempDir(), secret), "-tls-key", good}, "-tls-cert: the file cannot be read: "},
		"no key":             {none, []string{"-tls-cert", good, "-tls-key", filepath.Join(t.TempDir(), secret)}, "-tls-key: the file cannot be read: "},
		"not a certificate":  {none, []string{"-tls-cert", good, "-tls-key", good}, "-tls-cert, -tls-key: tls: failed to find any PEM data"},
		"no file name":       {none, []string{"-tokens", ""}, "for flag -tokens: name a file"},
		"no such file":       {none, []string{"-tokens", filepath.Join(t.TempDir(), secret)}, "-tokens: the file cannot be read: "},
		"directory":          {none, []string{"-tokens", t.TempDir()}, "-tokens: the file cannot be read: "},
		"empty file":         {none, inFile("# write " + secret + "\n\n"), "-tokens: there is no token in it: add a line such as write TOKEN"},
		"empty environment":  {env(" ,\n"), nil, "USERSERVER_TOKENS: there is no token in it"},
		"malformed line":     {none, inFile("write a\n\n" + secret), "-tokens: line 3: want GRANT TOKEN, where GRANT is write, forbidden or unlinked"},
		"unknown grant":      {none, inFile("# one\nread " + secret), "-tokens: line 2: want GRANT TOKEN"},
		"three words":        {none, inFile("write a " + secret), "-tokens: line 1: want GRANT TOKEN"},
		"no token":           {none, inFile("write"), "-tokens: line 1: want GRANT TOKEN"},
		"byte order mark":    {none, inFile("\ufeffwrite " + secret), "-tokens: line 1: want GRANT TOKEN"},
		"duplicate":          {none, inFile("write " + secret + "\nunlinked " + secret), "-tokens: line 2: the token is a duplicate"},
		"comma in a file":    {none, inFile("write " + secret + ",b"), "-tokens: line 1: no client can send the token: use letters, digits and -._~+/ (RFC 6750, b64token)"},
		"not a b64token":     {env("write a\nwrite b,write =" + secret), nil, "USERSERVER_TOKENS: line 2, entry 2: no client can send the token"},
	} {
		t.Run(name, func(t *testing.T) {
			stdout, stderr := new(buffer), new(buffer)
			if got := run(ctx, test.args, testProcess(test.env, stdout, stderr)); got != 2 {
				t.Errorf("exit status = %d, want 2", got)
			}
			text := stderr.String()
			if !strings.HasPrefix(text, "userserver: ") || !strings.Contains(text, test.want) || !strings.HasSuffix(text, "\nuserserver: -h lists every flag\n") {
				t.Errorf("stderr = %q, want %q in it", text, test.want)
			}
			if stdout.String() != "" || strings.Contains(text, secret) {
				t.Errorf("stdout = %q, stderr = %q: want nothing, and no secret", stdout, text)
			}
		})
	}
}

func TestHelp(t *testing.T) {
	for _, arg := range []string{"-h", "--help"} {
		stdout, stderr := new(buffer), new(buffer)
		if got := run(t.Context(), []string{"-db", "memory", arg}, testProcess(nil, stdout, stderr)); got != 0 || stderr.String() != "" {
			t.Errorf("%s: exit status = %d, stderr = %q; want 0 and nothing", arg, got, stderr)
		}
		var names []string
		newFlagSet(new(flags)).VisitAll(func(f *flag.Flag) {
			names = append(names, f.Name)
			stdout.await(t, `(?m)^  -`+f.Name+`( [A-Z:]+)?$`)
		})
		if diff := cmp.Diff([]string{"addr", "control", "db", "failing-user", "tls-cert", "tls-key", "tokens", "version"}, slices.Sorted(slices.Values(names))); diff != "" {
			t.Errorf("flags (-want +got):\n%s", diff)
		}
		stdout.await(t, tokensEnv)
		stdout.await(t, `\(default "127\.0\.0\.1:8080"\)`)
	}
}
