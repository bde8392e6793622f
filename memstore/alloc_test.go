//go:build !race

package memstore_test

import (
	"context"
	"runtime"
	"runtime/debug"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// A call allocates nothing: it changes the record in place and returns a copy on the
// stack. Only now and then, which the average hides, it copies the texts: see unpin.
// (The race detector changes the counts.)
func TestCallsDoNotAllocate(t *testing.T) {
	ctx := context.Background()
	s := memstore.New(john)
	patches := []userstore.Attributes{
		{},
		{FirstName: text("Joan"), ZoneInfo: text("Europe/London")},
		john.Attributes,
		{Address: userstore.Null[userstore.Address]()},
	}
	calls := map[string]func() error{
		"Get": func() error {
			_, err := s.Get(ctx, john.ID)
			return err
		},
		"Patch": func() error {
			for _, patch := range patches {
				if _, err := s.Patch(ctx, john.ID, patch); err != nil {
					return err
				}
			}
			return nil
		},
	}
	for name, call := range calls {
		allocations := testing.AllocsPerRun(1000, func() {
			if err := call(); err != nil {
				t.Fatal(err)
			}
		})
		if allocations != 0 {
			t.Errorf("%s allocates %v times", name, allocations)
		}
	}
}

// Create allocates one record, besides the map entry and the texts.
func TestCreateAllocatesARecord(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	const runs = 1000
	s := new(memstore.Store)
	again := func() {
		for range runs {
			_, err := s.Create(t.Context(), john)
			require.NoError(t, err)
			require.NoError(t, s.Delete(t.Context(), john.ID))
		}
	}
	again() // grows the map
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	again()
	runtime.ReadMemStats(&after)
	allocations, bytes := (after.Mallocs-before.Mallocs)/runs, (after.TotalAlloc-before.TotalAlloc)/runs
	want := map[int]uint64{64: 288, 32: 160}[strconv.IntSize]
	if allocations != 1 || bytes != want {
		t.Errorf("%d allocations of %d bytes, want 1 of %d", allocations, bytes, want)
	}
}
