package faulty

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/servertest"
)

// counted counts the requests, and answers each after the delay.
func counted(requests *atomic.Int64, delay time.Duration, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		time.Sleep(delay)
		h.ServeHTTP(w, r)
	})
}

// A full run against a correct server stays within these numbers of requests, and within
// these times, on the clock of a bubble.
func TestCost(t *testing.T) {
	const most = 600 // requests
	for name, tt := range map[string]struct {
		delay time.Duration
		rate  float64
		limit time.Duration
	}{
		"at once":      {0, 0, 5 * time.Second},
		"after 50 ms":  {50 * time.Millisecond, 0, 21 * time.Second},
		"after 200 ms": {200 * time.Millisecond, 0, 84 * time.Second},
		"10 a second":  {50 * time.Millisecond, 10, 70 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var requests atomic.Int64
				report := checkConnected(t, counted(&requests, tt.delay, newFaulty(t, "")), servertest.Target{}, conformance.Options{Rate: tt.rate})
				mustBeGreen(t, report)
				if n := requests.Load(); n > most || report.Duration > tt.limit {
					t.Errorf("%d requests in %v, want at most %d in %v", n, report.Duration, most, tt.limit)
				}
				t.Logf("%d requests in %v", requests.Load(), report.Duration)
				time.Sleep(time.Minute) // until every connection is closed
			})
		})
	}
}

// BenchmarkLatency measures full runs against a correct server on this machine that
// answers each request after a while.
func BenchmarkLatency(b *testing.B) {
	for _, delay := range []time.Duration{0, 50 * time.Millisecond, 200 * time.Millisecond} {
		b.Run(fmt.Sprint(delay), func(b *testing.B) {
			var requests atomic.Int64
			h := http.NewServeMux()
			h.Handle("/users/{userId}", counted(&requests, delay, Fault{}.handler(newStore(), tokens, slog.New(slog.DiscardHandler))))
			server := httptest.NewServer(h)
			defer server.Close()
			for b.Loop() {
				if report := checkURL(b, servertest.Target{URL: server.URL}, conformance.Options{}); report.Verdict != conformance.Conformant {
					b.Errorf("%s: %s", report.Verdict, report.Reason())
				}
			}
			b.ReportMetric(float64(requests.Load())/float64(b.N), "requests/op")
		})
	}
}
