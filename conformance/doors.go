package conformance

import (
	"net"
	"net/http"
	"testing"
	"time"
)

// TestServer runs the requirements of servers against the target, each as a
// subtest with its id as its name and as the attribute "requirement". A MUST that
// is not met fails its subtest; everything else is logged.
func TestServer(t *testing.T, target Target) {
	t.Helper()
	report, err := CheckServer(t.Context(), target, nil)
	if err != nil {
		t.Fatal(err)
	}
	showReport(t, report)
}

// TestHandler runs [TestServer] against the handler on a loopback port. The URL
// of the target is the path under which the handler serves /users/{userId}, such
// as /user/2025-1, or empty.
func TestHandler(t *testing.T, h http.Handler, target Target) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
	go server.Serve(listener)
	defer server.Close()
	target.URL = "http://" + listener.Addr().String() + target.URL
	TestServer(t, target)
}

// showReport makes a subtest of each result.
func showReport(t *testing.T, report *Report) {
	t.Helper()
	for _, r := range report.Results {
		t.Run(r.ID, func(t *testing.T) {
			t.Attr("requirement", r.ID)
			switch r.Status {
			case Failed:
				t.Errorf("%s %s\n%s\n%s", r.Level, r.Title, r.Reason, exchangeText(r.Exchanges))
			case NotRun:
				t.Skip(r.Reason)
			case Warned, Observed:
				t.Logf("%s: %s %s: %s", r.Status, r.Level, r.Title, r.Reason)
			}
		})
	}
	if report.Verdict == Inconclusive {
		t.Errorf("inconclusive: %s", report.Reason)
	}
	t.Logf("seed %d: %s", report.Seed, report.Reason)
}

// exchangeText renders the last exchange, which is the telling one.
func exchangeText(exchanges []Exchange) string {
	if len(exchanges) == 0 {
		return ""
	}
	e := exchanges[len(exchanges)-1]
	return e.Request + "\n\n" + e.Response + "\n\n" + e.Curl
}
