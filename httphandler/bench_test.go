package httphandler_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// What the patches of the benchmark and of the guard against regressions provide.
const (
	twoAttributes = `{"firstName":"Joan","zoneInfo":"Europe/London"}`
	allAttributes = `{"firstName":"Joan","lastName":"Smith","email":"joan@example.com","phoneNumber":"+1 (425) 555-1212","pictureUrl":"https://example.com/joan.png","gender":"female","birthDate":"1997-07-21","address":{"country":"DE","locality":"Karlsruhe","street":"Haid-und-Neu-Straße","houseNo":18,"additionalAddressLink":"z.H. Joan Smith","region":"BW","postalCode":"76131"},"locale":"de-DE","zoneInfo":"Europe/Berlin"}`
	badGender     = `{"firstName":"Joan","gender":"unknown"}`
)

// BenchmarkPatch measures the handler over memstore, in process, behind
// http.ServeMux, against a floor behind the same mux that reads the body, checks
// the media types, parses the id and writes a fixed answer.
func BenchmarkPatch(b *testing.B) {
	handler := httphandler.New(memstore.New(handlertest.ExampleUser()), httphandler.InsecureAllowEveryone(), nil)
	for _, bench := range []struct {
		name, attributes string
		handler          http.Handler
		status           int
	}{
		{"two/floor", twoAttributes, http.HandlerFunc(floor), 200},
		{"two/handler", twoAttributes, handler, 200},
		{"all/floor", allAttributes, http.HandlerFunc(floor), 200},
		{"all/handler", allAttributes, handler, 200},
		{"refused/floor", badGender, http.HandlerFunc(floor), 200},
		{"refused/handler", badGender, handler, 422},
	} {
		b.Run(bench.name, func(b *testing.B) {
			mux := http.NewServeMux()
			mux.Handle("/users/{userId}", bench.handler)
			run(b, mux, bench.attributes, bench.status)
		})
	}
}

// floorAnswer is as long as the answer of the example user.
var floorAnswer = []byte(strings.Repeat("x", 640))

func floor(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Accept") != httphandler.MediaType || r.Header.Get("Content-Type") != httphandler.MediaType {
		w.WriteHeader(http.StatusUnsupportedMediaType)
		return
	}
	if _, err := userstore.ParseID(r.PathValue("userId")); err != nil {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	if _, err := io.ReadAll(r.Body); err != nil {
		w.WriteHeader(http.StatusUnprocessableEntity)
		return
	}
	w.Header().Set("Content-Type", httphandler.MediaType)
	_, _ = w.Write(floorAnswer)
}

func run(b *testing.B, h http.Handler, attributes string, status int) {
	serve := server(h, document(attributes))
	b.ReportAllocs()
	got := 0
	for b.Loop() {
		got = serve()
	}
	if got != status {
		b.Fatalf("status %d, want %d", got, status)
	}
}

// server returns a function that serves the same request again and again, and
// allocates nothing itself. It returns the status.
func server(h http.Handler, body string) func() int {
	reader := strings.NewReader(body)
	request := httptest.NewRequest(http.MethodPatch, examplePath, reader)
	request.Header.Set("Content-Type", httphandler.MediaType)
	request.Header.Set("Accept", httphandler.MediaType)
	w := &discard{header: make(http.Header)}
	return func() int {
		reader.Reset(body)
		clear(w.header)
		h.ServeHTTP(w, request)
		return w.status
	}
}

// discard is a ResponseWriter that keeps nothing but the status.
type discard struct {
	header http.Header
	status int
}

func (w *discard) Header() http.Header { return w.header }

func (w *discard) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return len(p), nil
}

func (w *discard) WriteHeader(status int) { w.status = status }

// SetReadDeadline is there because the writers of net/http have it.
func (w *discard) SetReadDeadline(time.Time) error { return nil }
