package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

func TestNewUsers(t *testing.T) {
	seen := make(map[uuid.UUID]bool)
	err := newUsers(100, func(u userstore.User) error {
		seen[u.ID] = true
		if u.ID.Version() != 4 || u.ID.Variant() != uuid.RFC4122 {
			t.Errorf("%v is no UUID of version 4", u.ID)
		}
		if canonical, err := u.Canonical(); err != nil || canonical != u {
			t.Errorf("the user is not canonical: %v", err)
		}
		if diff := cmp.Diff(plain(userstore.ExampleUser()), plain(u)); diff != "" {
			t.Errorf("(-example +got):\n%s", diff)
		}
		return nil
	})
	if err != nil || len(seen) != 100 {
		t.Errorf("%d ids, error %v", len(seen), err)
	}
}

// A plain user has all texts of the example: 201 bytes, counted by hand.
func TestTextBytes(t *testing.T) {
	record := plain(userstore.ExampleUser())
	if got := record.textBytes(); got != 201 {
		t.Errorf("%d bytes, want 201", got)
	}
}

// A user takes at least its texts and the struct.
func TestHeapOf(t *testing.T) {
	got, err := heapOf(10_000, func() (any, func(userstore.User) error) {
		all := make(map[uuid.UUID]plainUser)
		return all, func(u userstore.User) error { all[u.ID] = plain(u); return nil }
	})
	if err != nil || got < 201+280 || got > 1000 {
		t.Errorf("%.0f bytes a user, error %v", got, err)
	}
}
