package servertest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/faulty"
	"github.com/userrecord/userrecord/conformance/servertest"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// The quick way comes to the verdict of the careful one.
func TestQuickVerdict(t *testing.T) {
	t.Parallel() // it waits
	faults := faulty.Faults()
	for range 2 {
		fault := faults[rand.N(len(faults))]
		t.Run(fault.Name, func(t *testing.T) {
			var verdicts []conformance.Verdict
			for _, check := range []checkFunc{servertest.Check, servertest.CheckCarefully} {
				h, err := faulty.New(fault.Name, memstore.New(userstore.ExampleUser()),
					httphandler.StaticTokens(map[string]httphandler.Grant{"good-token": httphandler.GrantWrite}), slog.New(slog.DiscardHandler))
				require.NoError(t, err)
				target := servertest.Target{Token: "good-token"}
				verdicts = append(verdicts, checkHandler(t, h, check, target, conformance.Options{}).Verdict)
			}
			if verdicts[0] != verdicts[1] {
				t.Errorf("%s, and carefully %s", verdicts[0], verdicts[1])
			}
		})
	}
}

// A text that only the answers to patches show as it was sent is found.
func TestStoredOtherwise(t *testing.T) {
	for name, get := range map[string]bool{"read by a patch": false, "read by GET": true} {
		t.Run(name, func(t *testing.T) {
			target := servertest.Target{Token: handlertest.Token, ReadByGet: get}
			report := checkHandler(t, storesSevenFor007(handlertest.New(), get), servertest.Check, target, conformance.Options{Run: []string{"lossless.*"}})
			if status := statusOf(report, "lossless.looks"); status != conformance.Failed {
				t.Errorf("lossless.looks: %q; %s", status, report.Reason())
			}
		})
	}
}

// What fails with every change is not chance, though it goes well when it is sent again.
func TestFailsWithEachChange(t *testing.T) {
	fake := handlertest.New()
	var mu sync.Mutex
	shown := map[string]string{} // by path
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		a := serve(fake, r)
		body, known := a.Body.String(), shown[r.URL.Path] != ""
		if a.Code == http.StatusOK {
			if known && shown[r.URL.Path] != body {
				a = httptest.NewRecorder()
				a.Code = http.StatusInternalServerError
			}
			shown[r.URL.Path] = body
		}
		send(w, a)
	})
	report := checkHandler(t, h, servertest.Check, servertest.Target{Token: handlertest.Token}, conformance.Options{Run: []string{"success.*", "merge.*"}})
	if report.Verdict != conformance.NonConformant {
		t.Errorf("%s: %s", report.Verdict, report.Reason())
	}
}

// A server that takes one request at a time, each for a fifth of what it may take, passes.
func TestOneAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake, turn := handlertest.New(), make(chan struct{}, 1)
		h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			turn <- struct{}{}
			defer func() { <-turn }()
			time.Sleep(2 * time.Second)
			fake.ServeHTTP(w, r)
		})
		report := checkInBubble(t, h, conformance.Options{Run: []string{"errors.*", "credentials.*"}})
		if report.Verdict != conformance.Conformant {
			t.Errorf("%s: %s", report.Verdict, report.Reason())
		}
	})
}

type checkFunc = func(ctx context.Context, target servertest.Target, opts *conformance.Options) (*conformance.Report, error)

func checkHandler(t *testing.T, h http.Handler, check checkFunc, target servertest.Target, opts conformance.Options) *conformance.Report {
	t.Helper()
	server := httptest.NewServer(h)
	defer server.Close()
	target.URL, target.User, opts.Seed = server.URL, userstore.ExampleUser().ID, 1
	report, err := check(t.Context(), target, &opts)
	require.NoError(t, err)
	return report
}

func statusOf(report *conformance.Report, id string) conformance.Status {
	for _, r := range report.Results {
		if r.ID == id {
			return r.Status
		}
	}
	return ""
}

// storesSevenFor007 stores the first name 007 as 7, and answers the patch with what was
// sent. With a GET, only that shows what is stored.
func storesSevenFor007(next http.Handler, get bool) http.Handler {
	sent, stored := []byte(`"firstName":"007"`), []byte(`"firstName":"7"`)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		reads := r.Method == http.MethodGet
		if err == nil && reads {
			id := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
			r.Method = http.MethodPatch
			r.Header.Set("Content-Type", "application/vnd.api+json")
			body, err = json.Marshal(map[string]any{"data": map[string]any{"type": "User", "id": id, "attributes": map[string]any{}}})
		}
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		changed := !get && bytes.Contains(body, sent)
		if changed {
			body = bytes.ReplaceAll(body, sent, stored)
		}
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		a := serve(next, r)
		shown := a.Body.Bytes()
		switch {
		case reads:
			shown = bytes.ReplaceAll(shown, sent, stored)
		case changed:
			shown = bytes.ReplaceAll(shown, stored, sent)
		}
		a.Body = bytes.NewBuffer(shown)
		a.Header().Del("Content-Length")
		send(w, a)
	})
}

func serve(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func send(w http.ResponseWriter, a *httptest.ResponseRecorder) {
	for name, values := range a.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(a.Code)
	_, _ = w.Write(a.Body.Bytes()) // a client that has gone needs no answer
}
