package faulty

import (
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/servertest"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// numbered lets a function answer requests, by their number from 1 on, in place of the
// handler.
func numbered(instead func(n int64, w http.ResponseWriter, r *http.Request) bool) func(*server) {
	var n atomic.Int64
	return wrapHandler(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		if !instead(n.Add(1), w, r) {
			next.ServeHTTP(w, r)
		}
	})
}

// refusing answers a request with a status where is says so.
func refusing(status int, is func(n int64) bool) func(*server) {
	return numbered(func(n int64, w http.ResponseWriter, _ *http.Request) bool {
		if is(n) {
			sendRefusal(w, status)
		}
		return is(n)
	})
}

func from(first int64) func(int64) bool { return func(n int64) bool { return n >= first } }
func every(k int64) func(int64) bool    { return func(n int64) bool { return n%k == 0 } }

// poisoned stores texts that are no UTF-8, and cannot show a user who has one: it answers
// 501 until the attribute is replaced.
func poisoned(s *server) {
	var mu sync.Mutex
	bad := map[string]map[string]bool{} // attributes by user
	wrapHandler(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		body, id := readBody(r), strings.ToLower(pathID(r))
		if bad[id] == nil {
			bad[id] = map[string]bool{}
		}
		valid := utf8.Valid(body)
		if !valid {
			setBody(r, encode(parseLoosely(body)))
		}
		provided := sent(r)
		a := ask(next, w, r)
		for name := range provided {
			if a.status == http.StatusOK {
				bad[id][name] = !valid
			}
		}
		for _, is := range bad[id] {
			if is && a.status == http.StatusOK {
				a.refuse(http.StatusNotImplemented)
			}
		}
		a.send(w)
	})(s)
}

// spoiled stores a text that is no UTF-8, and cannot show a user from then on. Requests
// that it refuses, it still refuses.
func spoiled(s *server) {
	var is atomic.Bool
	wrapHandler(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		body := readBody(r)
		if !utf8.Valid(body) {
			setBody(r, encode(parseLoosely(body)))
		}
		before := is.Load()
		if r.Method != http.MethodPatch && before { // as the server of Python's http.server does
			sendRefusal(w, http.StatusNotImplemented)
			return
		}
		a := ask(next, w, r)
		if a.status == http.StatusOK {
			is.Store(before || !utf8.Valid(body))
		}
		if a.status == http.StatusOK && before {
			a.refuse(http.StatusInternalServerError)
		}
		a.send(w)
	})(s)
}

// A sick server is told from a failed requirement: no requirement is red for what it did
// not do, and if the server is gone the report says since when.
func TestSickServers(t *testing.T) {
	for name, tt := range map[string]struct {
		spoil    func(*server)
		verdict  conformance.Verdict
		red      []string
		obstacle string // a pattern
		note     string // a pattern
	}{
		"500 from the 21st on": {refusing(500, from(21)), conformance.Inconclusive, nil,
			`^the server no longer answers as it did \(500\); the last request that succeeded was PATCH \S+ \(\S+\): 200 OK; the first that failed since then was PATCH \S+ \(\S+\): 500 Internal Server Error$`, ``},
		"500 from the 200th on": {refusing(500, from(200)), conformance.Inconclusive, nil, `the first that failed since then was PATCH \S+ \([a-z-]+\.\S+\): 500 `, ``},
		"token that expires":    {refusing(401, from(150)), conformance.Inconclusive, nil, `^the server no longer answers as it did \(401\); the last request that succeeded was PATCH \S+ \(\S+\): 200 OK$`, ``},
		"breaks off for good": {numbered(func(n int64, _ http.ResponseWriter, _ *http.Request) bool {
			if n > 40 {
				panic(http.ErrAbortHandler)
			}
			return false
		}), conformance.Inconclusive, nil, `the first that failed since then was PATCH \S+ \(\S+\): no answer: the connection ended before the answer did$`, ``},
		"spoiled for good":     {spoiled, conformance.Inconclusive, nil, `; the last request that succeeded was PATCH \S+ \(errors\.utf-8\): 200 OK; the first that failed since then was PATCH `, ``},
		"one 500 in fifty":     {refusing(500, every(50)), conformance.Conformant, nil, `^$`, `^\d+ requests were answered otherwise when they were sent again: .*: 500 Internal Server Error`},
		"out for ten requests": {refusing(503, func(n int64) bool { return n >= 300 && n < 310 }), conformance.Conformant, nil, `^$`, ``},
		"a 502 now and then":   {refusing(502, every(37)), conformance.Conformant, nil, `^$`, `: 502 Bad Gateway`},
		"poisoned":             {poisoned, conformance.Conformant, []string{"json.utf-8"}, `^$`, `could not be read from this request on: `},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				defer time.Sleep(time.Minute) // until every connection is closed
				store := memstore.New(userstore.ExampleUser(), maria, failing)
				report := checkConnected(t, Fault{spoil: tt.spoil}.handler(failingToo(store), tokens, slog.New(slog.DiscardHandler)), servertest.Target{}, conformance.Options{})
				if diff := cmp.Diff(append([]string{}, tt.red...), red(report)); diff != "" || report.Verdict != tt.verdict {
					t.Errorf("%s: %s, red (-want +got):\n%s", report.Verdict, report.Reason(), diff)
				}
				for _, r := range report.Results {
					if r.Status == conformance.Failed || r.Status == conformance.Warned {
						t.Logf("%s: %s", r.ID, r.Reason())
					}
				}
				if reasons := notRunReasons(report); report.Obstacle != "" && !slices.Equal(reasons, []string{report.Obstacle}) {
					t.Errorf("checks did not run for %q", reasons)
				}
				if !regexp.MustCompile(tt.obstacle).MatchString(report.Obstacle) {
					t.Errorf("obstacle %q, want %s", report.Obstacle, tt.obstacle)
				}
				if notes := strings.Join(report.Notes, "\n"); !regexp.MustCompile(tt.note).MatchString(notes) {
					t.Errorf("notes %q, want %s", notes, tt.note)
				}
				restoredUnlessListed(t, store, report)
			})
		})
	}
}

// A server that exits in the middle of a run.
func TestServerExits(t *testing.T) {
	t.Parallel() // it waits
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := &http.Server{ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	server.Handler = Fault{spoil: numbered(func(n int64, _ http.ResponseWriter, _ *http.Request) bool {
		if n > 40 {
			server.Close()
			panic(http.ErrAbortHandler)
		}
		return false
	})}.handler(newStore(), tokens, slog.New(slog.DiscardHandler))
	go server.Serve(listener)
	defer server.Close()
	report := checkURL(t, servertest.Target{URL: "http://" + listener.Addr().String()}, conformance.Options{})
	want := regexp.MustCompile(`^the server no longer answers as it did \(no answer: dial tcp \S+ connect: connection refused\); the last request that succeeded was PATCH \S+ \(\S+\): 200 OK; the first that failed since then was PATCH \S+ \(\S+\): no answer: `)
	if report.Verdict != conformance.Inconclusive || !want.MatchString(report.Obstacle) || len(red(report)) > 0 {
		t.Errorf("%s: %s, red %v", report.Verdict, report.Obstacle, red(report))
	}
	if len(report.NotRestored) == 0 {
		t.Error("nothing is listed as not restored")
	}
}

// A record that cannot be read is put back all the same.
func TestRestoredUnread(t *testing.T) {
	store := memstore.New(userstore.ExampleUser(), maria, failing)
	h := Fault{spoil: poisoned}.handler(failingToo(store), tokens, slog.New(slog.DiscardHandler))
	report := check(t, h, servertest.Target{}, conformance.Options{Run: []string{"errors.utf-8", "success.status"}})
	if len(report.NotRestored) > 0 {
		t.Errorf("%s, not restored %q", report.Reason(), report.NotRestored)
	}
	restoredUnlessListed(t, store, report)
}

// What a server keeps though the page does not name it is listed, unless it can be
// cleared.
func TestLeftBehind(t *testing.T) {
	for name, tt := range map[string]struct {
		spoil func(*server)
		want  []string
	}{
		"kept":          {unknownKept(anyName), nil},
		"kept for good": {inTurn(unknownKept(anyName), requestAttributes(func(a object) { dropWhere(a, func(v any) bool { return v == nil }) })), []string{"/emailVerified", "/isAdmin", "/role", "/userconformUnknown"}},
		"ignored":       {func(s *server) { s.options.IgnoreUnknownAttributes = true }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			h := Fault{spoil: tt.spoil}.handler(newStore(), tokens, slog.New(slog.DiscardHandler))
			report := check(t, h, servertest.Target{}, conformance.Options{Run: []string{"success.status", "unknown.attribute", "unknown.choice"}})
			if diff := cmp.Diff(tt.want, report.LeftBehind); diff != "" || len(report.NotRestored) > 0 {
				t.Errorf("left behind (-want +got):\n%s\nnot restored: %q", diff, report.NotRestored)
			}
			if notes := strings.Join(report.Notes, ""); !strings.Contains(notes, strings.Join(tt.want, ", ")) {
				t.Errorf("the notes %q do not say so", notes)
			}
		})
	}
}
