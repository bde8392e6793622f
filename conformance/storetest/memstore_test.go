package storetest_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/userrecord/userrecord/conformance/storetest"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

func newMemstore(_ context.Context, users ...userstore.User) (userstore.Store, func() error, error) {
	return memstore.New(users...), nil, nil
}

func TestMemstore(t *testing.T) { storetest.Run(t, newMemstore) }

// A third party's own Store, checked without go test.
func ExampleCheck() {
	newStore := func(ctx context.Context, users ...userstore.User) (userstore.Store, func() error, error) {
		store := new(memstore.Store) // yours
		for _, u := range users {
			if _, err := store.Create(ctx, u); err != nil {
				return nil, nil, err
			}
		}
		return store, nil, nil // or what closes it
	}
	report, err := storetest.Check(context.Background(), newStore, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.Verdict)
	// Output: conformant
}

// In a test of your package the same is one line in a test function.
func ExampleRun() {
	newStore := func(_ context.Context, users ...userstore.User) (userstore.Store, func() error, error) {
		return memstore.New(users...), nil, nil // yours
	}
	_ = func(t *testing.T) { storetest.Run(t, newStore) } // TestMyStore
}
