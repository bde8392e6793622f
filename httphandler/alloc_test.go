//go:build !race

package httphandler_test

import (
	"net/http"
	"net/http/httptest"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// The attributes of the patches.
const (
	twoAttributes = `{"firstName":"Joan","zoneInfo":"Europe/London"}`
	allAttributes = `{"firstName":"Joan","lastName":"Smith","email":"joan@example.com","phoneNumber":"+1 (425) 555-1212","pictureUrl":"https://example.com/joan.png","gender":"female","birthDate":"1997-07-21","address":{"country":"DE","locality":"Karlsruhe","street":"Haid-und-Neu-Straße","houseNo":18,"additionalAddressLink":"z.H. Joan Smith","region":"BW","postalCode":"76131"},"locale":"de-DE","zoneInfo":"Europe/Berlin"}`
	unknownNames  = `"a":0,"b":0,"c":0,"d":0,"e":0,"f":0,"g":0,"h":0,"i":0,"j":0,"k":0,"l":0,"m":0,"n":0,"o":0,"p":0,"q":0,"r":0,"s":0,"t":0,"u":0,"v":0,"w":0,"x":0,"y":0,"z":0,"A":0,"B":0,"C":0,"D":0,"E":0,"address":{"a":0,"b":0,"c":0,"d":0,"e":0}`
	badGender     = `{"firstName":"Joan","gender":"unknown"}`
)

// A cost is what one request allocates.
type cost struct{ Allocations, Bytes uint64 }

// TestAllocations guards against regressions. A 200 allocates the exchange (96 bytes),
// the context with the grant (48), the header field of the answer, one string for all
// values, and, with createdAt, the deadline of a second call of the store. Now and then
// memstore copies the texts of a record.
// (The race detector changes the counts.)
func TestAllocations(t *testing.T) {
	tests := []struct {
		name, attributes string
		status           int
		want             cost
	}{
		{"nothing", `{}`, 200, cost{3, 160}},
		{"two attributes", twoAttributes, 200, cost{4, 191}},
		{"all attributes", allAttributes, 200, cost{4, 320}},
		{"refused", badGender, 422, cost{12, 496}},
		{"nested", strings.Repeat(`{"a":`, 10<<10), 422, cost{8, 7168}},
		{"a long name", `{"` + strings.Repeat("~", 50<<10) + `":0}`, 422, cost{8, 357}},
		{"more faults than are shown", "{" + unknownNames + "}", 422, cost{110, 7994}},
		{"escaped", `{"firstName":"\u004aoan"}`, 200, cost{5, 185}},
		{"the current createdAt", `{"createdAt":"2021-09-01T23:12:56Z"}`, 200, cost{6, 256}},
		{"8 KiB", `{"firstName":"` + strings.Repeat("x", 1024) + `"` + strings.Repeat(" ", 7<<10) + `}`, 200, cost{4, 1824}},
	}
	token := httphandler.StaticTokens(map[string]httphandler.Grant{"t": httphandler.GrantWrite})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := httphandler.New(memstore.New(userstore.ExampleUser()), token, nil)
			got := costOf(t, h, document(tt.attributes), tt.status)
			if strconv.IntSize < 64 {
				got.Bytes = tt.want.Bytes // the numbers above are those of 64 bits
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("a request (-want +got):\n%s", d)
			}
		})
	}
}

// costOf is exact: nothing else runs, and no garbage collection empties the pools.
func costOf(t *testing.T, h http.Handler, body string, status int) cost {
	t.Helper()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	const runs = 2000
	serve := server(h, body)
	if got := serve(); got != status {
		t.Fatalf("status %d, want %d", got, status)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range runs {
		serve()
	}
	runtime.ReadMemStats(&after)
	return cost{(after.Mallocs - before.Mallocs) / runs, (after.TotalAlloc - before.TotalAlloc) / runs}
}

// server returns a function that serves the same request again and again, and
// allocates nothing itself. It returns the status.
func server(h http.Handler, body string) func() int {
	reader := strings.NewReader(body)
	request := httptest.NewRequest(http.MethodPatch, examplePath, reader)
	request.Header.Set("Content-Type", httphandler.MediaType)
	request.Header.Set("Accept", httphandler.MediaType)
	request.Header.Set("Authorization", "Bearer t")
	w := &discard{header: make(http.Header)}
	return func() int {
		reader.Reset(body)
		clear(w.header)
		h.ServeHTTP(w, request)
		return w.status
	}
}

// discard is a ResponseWriter that keeps only the status.
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

// SetReadDeadline does nothing. The writers of net/http have it too.
func (w *discard) SetReadDeadline(time.Time) error { return nil }
