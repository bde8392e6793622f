package faulty

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/internal/sample"
	"github.com/userrecord/userrecord/conformance/servertest"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// A gross is a fault that shows at first contact.
type gross struct {
	fault   string
	withGet bool   // the server has a correct GET
	red     string // the requirements that fail
	rest    string // why others do not run; "" where they do
	got     string // what the first failure says of what came
}

func grossServers() []gross {
	return []gross{
		{"success-201", false, "success.status", "", "201 Created"},
		{"success-202", false, "success.status", "", "202 Accepted"},
		{"success-202-empty", false, "success.status", "because of success.status", "202 Accepted without a body"},
		{"success-202-empty", true, "success.status", "because of success.status", "202 Accepted without a body"},
		{"success-204", false, "success.status", "because of success.status", "204 No Content"},
		{"success-204", true, "success.status", "because of success.status", "204 No Content"},
		{"success-empty", false, "success.status", "because of success.status", "200 OK without a body"},
		{"success-405", false, "success.status", "because of success.status", "405 Method Not Allowed, with Allow: GET, PUT"},
		{"success-405", true, "success.status", "because of success.status", "405 Method Not Allowed, with Allow: GET, PUT"},
		{"success-406", false, "accept.json-api success.status", "because of success.status", "406 Not Acceptable"},
		{"success-415", false, "content.json-api success.status", "because of success.status", "415 Unsupported Media Type"},
		{"success-redirect", false, "success.status", "because of success.status", "308 Permanent Redirect: it leads to https://api.example.com/v2/users"},
		{"success-redirect", true, "success.status", "because of success.status", "308 Permanent Redirect: it leads to https://api.example.com/v2/users"},
		{"success-application-json", false, "success.media-type", "", `Content-Type "application/json"`},
		{"record-bom", false, "success.document", "", "a byte order mark before the document"},
		{"invalid-utf8-answer", false, "lossless.combining lossless.compatibility lossless.escapes lossless.letters lossless.separators success.document", "", ""},
		{"record-cut-off", false, "success.document", "because of success.document", "a document that is cut off"},
		{"record-cut-off", true, "success.document", "because of success.document", "a document that is cut off"},
		{"record-followed", false, "success.document", "", "more text after the document"},
		{"body-not-json", false, "success.document", "", "more text after the document"},
		{"record-twice-named", false, "success.document", "", "members with the same name"},
		{"record-array", false, "success.document", "", "data that is an array with the record"},
		{"record-unwrapped", false, "success.document", "", "a document without data around the record"},
		{"record-bare", false, "success.document success.id success.type", "", "a document without data around the record"},
		{"record-flat", false, "success.document", "", "the attributes in data itself, not in data.attributes"},
		{"record-partial", false, "success.complete", "because of success.complete", "none of them"},
		{"record-of-patch", false, "success.complete", "because of success.complete", "no such attribute"},
		{"record-of-patch", true, "success.complete", "because of success.complete", "none of them"},
		{"record-without-attributes", false, "success.complete", "because of success.complete", "no such attribute"},
		{"record-without-attributes", true, "success.complete", "because of success.complete", "none of them"},
		{"omitted-cleared", false, "merge.omitted", "because of merge.omitted", "none of them"},
		{"omitted-cleared", true, "merge.omitted", "because of merge.omitted", "none of them"},
		{"omitted-always-cleared", true, "merge.omitted", "because of merge.omitted", "none of them"},
		{"omitted-always-cleared", false, "merge.omitted", "because of merge.omitted", "no such attribute"},
		{"type-users", false, "success.type", "", "users"},
	}
}

// grossOf returns the gross server with that fault, and no other GET.
func grossOf(fault string) (g gross, found bool) {
	all := grossServers()
	i := slices.IndexFunc(all, func(g gross) bool { return g.fault == fault && !g.withGet })
	if i < 0 {
		return g, false
	}
	return all[i], true
}

func (g gross) name() string { return g.fault + map[bool]string{true: "-with-get"}[g.withGet] }

// A gross fault fails what it breaks, by name, and nothing else fails for it: the rest
// runs, or has the reason not to. The user is as before.
func TestGrossFaults(t *testing.T) {
	inBubbles(t, sample.Of(grossServers()), gross.name, func(t *testing.T, g gross) {
		store := memstore.New(userstore.ExampleUser(), maria, failing)
		h := g.handler(t, store)
		report := check(t, h, servertest.Target{}, conformance.Options{})
		if report.Verdict != conformance.NonConformant {
			t.Errorf("%s: %s", report.Verdict, report.Reason())
		}
		if got := strings.Join(red(report), " "); got != g.red {
			t.Errorf("red %s, want %s", got, g.red)
		}
		if diff := cmp.Diff(g.reasons(), notRunReasons(report)); diff != "" {
			t.Errorf("why the rest did not run (-want +got):\n%s", diff)
		}
		if got := firstFailure(report).Got; g.got != "" && got != g.got {
			t.Errorf("got %q, want %q", got, g.got)
		}
		restoredUnlessListed(t, store, report)
		if text := string(encode(report)); strings.Contains(text, "Haid-und-Neu") || strings.Contains(text, "1997-07-21") {
			t.Error("the report shows values of the user")
		}
	})
}

// handler returns the server with the fault. GET is that of the right one.
func (g gross) handler(t *testing.T, store userstore.Store) http.Handler {
	wrong, err := New(g.fault, failingToo(store), tokens, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Error(err)
	}
	right := Fault{spoil: getsRecord}.handler(store, tokens, slog.New(slog.DiscardHandler))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if g.withGet && r.Method == http.MethodGet {
			right.ServeHTTP(w, r)
			return
		}
		wrong.ServeHTTP(w, r)
	})
}

func (g gross) reasons() []string {
	if g.rest == "" {
		return nil
	}
	return []string{g.rest}
}

// notRunReasons returns the reasons for which checks did not run.
func notRunReasons(report *conformance.Report) []string {
	var reasons []string
	for _, r := range report.Results {
		if r.Status == conformance.NotRun && !slices.Contains(reasons, r.Obstacle) {
			reasons = append(reasons, r.Obstacle)
		}
	}
	slices.Sort(reasons)
	return reasons
}

func firstFailure(report *conformance.Report) conformance.Failure {
	for _, r := range report.Results {
		if r.Status == conformance.Failed {
			return r.Failures[0]
		}
	}
	return conformance.Failure{}
}

// restoredUnlessListed fails if the user differs from before in what the report does not
// list.
func restoredUnlessListed(t *testing.T, store *memstore.Store, report *conformance.Report) {
	t.Helper()
	now, err := store.Get(context.Background(), userstore.ExampleUser().ID)
	if err != nil {
		t.Error(err)
	}
	was, is := parse(encode(userstore.ExampleUser().Attributes)), parse(encode(now.Attributes))
	for _, p := range report.NotRestored {
		name, _, _ := strings.Cut(p[1:], "/")
		delete(was, name)
		delete(is, name)
	}
	if diff := cmp.Diff(was, is); diff != "" {
		t.Errorf("the user afterwards, not restored %q (-want +got):\n%s", report.NotRestored, diff)
	}
}

// A server that denies everything, or refuses what reads it, may be a wrong target: the
// report says what to check, and nothing else.
func TestFirstContactDenied(t *testing.T) {
	example := encode(userstore.ExampleUser().Attributes)
	for name, tt := range map[string]struct {
		spoil  func(*server)
		target servertest.Target
		want   string
	}{
		"401":    {refusePatch(func(a *answer) { a.refuse(401) }), servertest.Target{}, "cannot read the user: 401: the server does not take the token (Target.Token)"},
		"403":    {refusePatch(func(a *answer) { a.refuse(403) }), servertest.Target{}, "cannot read the user: 403: the token may not write this user (Target.Token, Target.User)"},
		"404":    {refusePatch(func(a *answer) { a.refuse(404) }), servertest.Target{}, "cannot read the user: 404: there is no such user under this URL, to which /users/{userId} is appended (Target.URL, Target.User)"},
		"422":    {refusePatch(func(a *answer) { a.refuse(422) }), servertest.Target{}, "cannot read the user: 422: the server refuses a patch without attributes, and those that were tried: give the user's record (Target.Record) or read with GET (Target.ReadByGet)"},
		"500":    {refusePatch(func(a *answer) { a.refuse(500) }), servertest.Target{}, "cannot read the user: 500"},
		"record": {refusePatch(func(a *answer) { a.refuse(422) }), servertest.Target{Record: example}, "cannot read the user: 422: the server does not take an attribute of the record that was given (Target.Record)"},
		"get":    {func(*server) {}, servertest.Target{ReadByGet: true}, "cannot read the user: GET: 405: the server has no GET of a user: leave out Target.ReadByGet"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := Fault{spoil: tt.spoil}.handler(newStore(), tokens, slog.New(slog.DiscardHandler))
			report := check(t, h, tt.target, conformance.Options{})
			if report.Verdict != conformance.Inconclusive || report.Obstacle != tt.want || len(report.NotRestored) > 0 {
				t.Errorf("%s: %s, not restored %q; want %s", report.Verdict, report.Obstacle, report.NotRestored, tt.want)
			}
		})
	}
}

// Where a patch without attributes is refused, another one reads the user: one that sets
// nothing if there is such, and in the end one that sets an attribute, which is said.
func TestOtherWaysToRead(t *testing.T) {
	ignoring := func(s *server) { s.options.IgnoreUnknownAttributes = true }
	refusesEmptyMember := requestAttributes(func(a object) {
		if len(a) == 0 {
			a["firstName"] = object{}
		}
	})
	const unknown = "the user could be read only after /zoneInfo was set, and what it was before is not known: give the user's record (Target.Record)"
	for name, tt := range map[string]struct {
		spoil       func(*server)
		obstacle    string
		notRestored []string
		notes       []string
	}{
		"GET":                 {inTurn(refuseEmpty, getsRecord), "", nil, []string{"A patch without attributes is answered with 422 and no record: the run reads with GET."}},
		"attributes absent":   {refusesEmptyMember, "", nil, []string{"A patch with empty attributes is answered with 422 and no record: the user was read by a patch without the member attributes."}},
		"unknown attribute":   {inTurn(ignoring, refuseEmpty), "", nil, []string{"A patch with empty attributes is answered with 422 and no record: the user was read by a patch of userconformUnknown, which nobody knows."}},
		"attribute of a user": {refuseEmpty, unknown, []string{"/zoneInfo"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := memstore.New(userstore.ExampleUser(), maria, failing)
			h := Fault{spoil: tt.spoil}.handler(failingToo(store), tokens, slog.New(slog.DiscardHandler))
			report := check(t, h, servertest.Target{}, conformance.Options{Run: []string{"success.*", "merge.*", "null.*"}})
			if diff := cmp.Diff([]string{}, red(report)); diff != "" || report.Obstacle != tt.obstacle {
				t.Errorf("obstacle %q, want %q, red (-want +got):\n%s", report.Obstacle, tt.obstacle, diff)
			}
			if diff := cmp.Diff(tt.notRestored, report.NotRestored); diff != "" {
				t.Errorf("not restored (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.notes, report.Notes); diff != "" {
				t.Errorf("notes (-want +got):\n%s", diff)
			}
			restoredUnlessListed(t, store, report)
		})
	}
}
