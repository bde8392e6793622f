//go:build !race

package httphandler_test

import (
	"net/http"
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/memstore"
)

// A cost is what one request allocates.
type cost struct{ Allocations, Bytes uint64 }

// TestAllocations guards against regressions. Of a 200 there are left the values
// that the store keeps, and the header field of the answer. (The race detector
// changes the counts.)
func TestAllocations(t *testing.T) {
	tests := []struct {
		name, attributes string
		status           int
		want             cost
	}{
		{"nothing", `{}`, 200, cost{1, 16}},
		{"two attributes", twoAttributes, 200, cost{3, 36}},
		{"all attributes", allAttributes, 200, cost{17, 208}},
		{"refused", badGender, 422, cost{11, 352}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := httphandler.New(memstore.New(handlertest.ExampleUser()), httphandler.InsecureAllowEveryone(), nil)
			if d := cmp.Diff(tt.want, costOf(t, h, document(tt.attributes), tt.status)); d != "" {
				t.Errorf("a request (-want +got):\n%s", d)
			}
		})
	}
}

// costOf is exact: nothing else runs, and no collection empties the pools.
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
