package storetest_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/userrecord/userrecord/conformance/storetest"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// As the README shows it.
func TestMemstore(t *testing.T) {
	storetest.Run(t, func(ctx context.Context, users ...userstore.User) (userstore.Store, func() error, error) {
		return memstore.New(users...), nil, nil // yours
	})
}

// In a test of your package, a Store of your own is checked in a few lines. Every
// requirement is a subtest.
func ExampleRun() {
	_ = func(t *testing.T) { // TestMyStore
		storetest.Run(t, func(ctx context.Context, users ...userstore.User) (userstore.Store, func() error, error) {
			return memstore.New(users...), nil, nil // yours
		})
	}
}

// Without go test, the outcome is a report.
func ExampleCheck() {
	open := func(ctx context.Context, users ...userstore.User) (userstore.Store, func() error, error) {
		store := new(memstore.Store) // yours
		for _, u := range users {
			if _, err := store.Create(ctx, u); err != nil {
				return nil, nil, err
			}
		}
		return store, nil, nil // or the function that closes it
	}
	report, err := storetest.Check(context.Background(), open, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.Verdict)
	// Output: conformant
}
