package servertest_test

import (
	"bytes"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/internal/hostile"
	"github.com/userrecord/userrecord/conformance/internal/inmemory"
	"github.com/userrecord/userrecord/conformance/internal/sample"
	"github.com/userrecord/userrecord/conformance/render"
	"github.com/userrecord/userrecord/conformance/servertest"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/userstore"
)

// checkInBubble runs the suite against the handler, with the clock of a bubble: waiting
// takes no time.
func checkInBubble(t *testing.T, h http.Handler, opts conformance.Options) *conformance.Report {
	t.Helper()
	client, end := inmemory.Serve(h)
	defer func() {
		end()
		time.Sleep(time.Minute) // until every connection is closed
	}()
	opts.Seed = 1
	report, err := servertest.Check(t.Context(), servertest.Target{
		URL: "http://127.0.0.1", User: userstore.ExampleUser().ID, Token: handlertest.Token,
		Client: client,
	}, &opts)
	require.NoError(t, err)
	return report
}

const (
	hangs = "the server did not answer 3 requests in a row, each within 10s; the first was: PATCH http://127.0.0.1/users/"
	busy  = "the server answered every request with 429 and wants "
)

// The servers that end a run, each with its obstacle.
var obstacles = map[string]string{
	"hangs": hangs, "drips-header": hangs, "drips-body": hangs,
	"busy": busy, "busy-without-end": busy + "1h0m0s more", "busy-without-word": busy,
}

// Servers that are right, if only just. The one that answers twice is too, as long as
// the second answer comes between two requests.
var barelyRight = map[string]bool{
	"header-of-200-KiB": true, "9,990-levels": true, "some-attributes": true, "long-texts": true,
}

// No server keeps a run waiting, or makes its report long.
func TestHostileServers(t *testing.T) {
	log.SetOutput(io.Discard) // net/http logs what comes unasked
	t.Cleanup(func() { log.SetOutput(os.Stderr) })
	for _, s := range sample.Of(hostile.Servers()) {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				begin := time.Now()
				report := checkInBubble(t, s.After(30, handlertest.New()), conformance.Options{Run: []string{"success.*", "lossless.*number", "errors.4*"}})
				if took := time.Since(begin); took > 5*time.Minute {
					t.Errorf("it took %v", took)
				}
				if want := obstacles[s.Name]; !strings.HasPrefix(report.Obstacle, want) || want != "" && report.Verdict != conformance.Inconclusive {
					t.Errorf("%s: %q, want %q", report.Verdict, report.Obstacle, want)
				}
				if right := report.Verdict == conformance.Conformant; right != barelyRight[s.Name] && s.Name != "answers-twice" {
					t.Errorf("%s: %s", report.Verdict, report.Reason())
				}
				needShortReports(t, report)
			})
		})
	}
}

// needShortReports renders the report in each format.
func needShortReports(t *testing.T, report *conformance.Report) {
	t.Helper()
	for format, write := range map[string]render.Func{"JSON": render.JSON, "JUnit": render.JUnit, "Markdown": render.Markdown, "HTML": render.HTML} {
		var b bytes.Buffer
		require.NoError(t, write(&b, report))
		if b.Len() > 10<<20 {
			t.Errorf("%s has %d bytes", format, b.Len())
		}
	}
}

// A server that hangs ends the run, and gets its user back when it has come to.
func TestRestoredAfterHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake, requests := handlertest.New(), new(atomic.Int64)
		hanging := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if n := requests.Add(1); 60 <= n && n < 64 { // one more than ends the run
				time.Sleep(20 * time.Second)
			}
			fake.ServeHTTP(w, r)
		})
		report := checkInBubble(t, hanging, conformance.Options{})
		if report.Verdict != conformance.Inconclusive || !strings.HasPrefix(report.Obstacle, hangs) || len(report.NotRestored) > 0 {
			t.Errorf("%s: %s %s", report.Verdict, report.Reason(), report.Unrestored())
		}
		if user, err := fake.Store.Get(t.Context(), userstore.ExampleUser().ID); err != nil || user != userstore.ExampleUser() {
			t.Errorf("the user is not restored, or %v", err)
		}
	})
}

// A server that limits the rate and says so passes, whatever the form of its
// Retry-After.
func TestHonestLimits(t *testing.T) {
	for name, retryAfter := range map[string]func() string{
		"seconds": func() string { return "1" },
		"minute":  func() string { return "60" },
		"date":    func() string { return time.Now().Add(20 * time.Second).UTC().Format(http.TimeFormat) },
		"nothing": func() string { return "" },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fake := handlertest.New()
				var mu sync.Mutex
				left, until := 50, time.Now()
				within := func() bool {
					mu.Lock()
					defer mu.Unlock()
					if time.Now().After(until) {
						left, until = 50, time.Now().Add(time.Minute)
					}
					left--
					return left >= 0
				}
				limited := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if within() {
						fake.ServeHTTP(w, r)
						return
					}
					w.Header().Set("Retry-After", retryAfter())
					w.WriteHeader(http.StatusTooManyRequests)
				})
				report := checkInBubble(t, limited, conformance.Options{Run: []string{"success.*", "merge.*", "null.*", "lossless.*"}, MaxTime: time.Hour})
				if report.Verdict != conformance.Conformant || report.Duration < time.Minute {
					t.Errorf("%s after %v: %s", report.Verdict, report.Duration, report.Reason())
				}
			})
		})
	}
}

// A server that is slow, and does not hang, is checked as far as the time goes, and gets
// its user back.
func TestMaxTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := handlertest.New()
		slow := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(3 * time.Second)
			fake.ServeHTTP(w, r)
		})
		report := checkInBubble(t, slow, conformance.Options{MaxTime: 5 * time.Minute})
		const want = "the run took longer than 5m0s (Options.MaxTime)"
		if report.Verdict != conformance.Inconclusive || report.Obstacle != want || report.Summary.Passed == 0 || report.Summary.NotRun < 100 {
			t.Errorf("%s, %q: %+v", report.Verdict, report.Obstacle, report.Summary)
		}
		if report.Duration > 6*time.Minute {
			t.Errorf("it took %v", report.Duration)
		}
		if user, err := fake.Store.Get(t.Context(), userstore.ExampleUser().ID); err != nil || user != userstore.ExampleUser() {
			t.Errorf("the user is not restored, or %v", err)
		}
	})
}

// What failed before the time was over counts.
func TestMaxTimeAfterFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := handlertest.New()
		wrong := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(time.Second)
			if r.Header.Get("Userconform-Requirement") == "success.several" {
				w.WriteHeader(http.StatusForbidden)
				return
			}
			fake.ServeHTTP(w, r)
		})
		report := checkInBubble(t, wrong, conformance.Options{MaxTime: 2 * time.Minute})
		if report.Verdict != conformance.NonConformant || report.Summary.Failed != 1 || report.Summary.NotRun < 100 || report.Obstacle == "" {
			t.Errorf("%s, %q: %+v", report.Verdict, report.Obstacle, report.Summary)
		}
	})
}
