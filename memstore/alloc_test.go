//go:build !race

package memstore_test

import (
	"context"
	"testing"

	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// A call allocates nothing: a record is changed in place, and returned as a copy
// on the stack. (The race detector changes the counts.)
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
