package conformance_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

func newMemstore(_ context.Context, users ...userstore.User) (userstore.Store, func() error, error) {
	return memstore.New(users...), nil, nil
}

func TestMemstore(t *testing.T) { conformance.TestStore(t, newMemstore) }

// A third party's own Store, checked without go test.
func ExampleCheckStore() {
	newStore := func(ctx context.Context, users ...userstore.User) (userstore.Store, func() error, error) {
		store := new(memstore.Store) // yours
		for _, u := range users {
			if _, err := store.Create(ctx, u); err != nil {
				return nil, nil, err
			}
		}
		return store, nil, nil // or what closes it
	}
	report, err := conformance.CheckStore(context.Background(), newStore, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.Verdict)
	// Output: conformant
}

// In a test of your package the same is one line in a test function.
func ExampleTestStore() {
	newStore := func(_ context.Context, users ...userstore.User) (userstore.Store, func() error, error) {
		return memstore.New(users...), nil, nil // yours
	}
	_ = func(t *testing.T) { conformance.TestStore(t, newStore) } // TestMyStore
}
