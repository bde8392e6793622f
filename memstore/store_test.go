package memstore_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

var (
	john = userstore.User{
		ID:         uuid.MustParse("c0daf39b-4df5-4241-9e7d-b1b85f829090"),
		CreatedAt:  time.Date(2021, 9, 1, 23, 12, 56, 0, time.UTC),
		Attributes: userstore.Attributes{FirstName: text("John"), LastName: text("Smith")},
	}
	jane = userstore.User{
		ID:         uuid.MustParse("7d1f1a6e-3f0a-4c5b-9d55-1c6a0d1f5a11"),
		CreatedAt:  time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC),
		Attributes: userstore.Attributes{FirstName: text("Jane")},
	}
	nobody = uuid.MustParse("00000000-0000-4000-8000-000000000000")
)

func text(s string) userstore.Optional[string] { return userstore.Value(s) }

// equal compares with ==, because cmp cannot see unexported fields.
var equal = cmp.Comparer(func(a, b userstore.User) bool { return a == b })

func TestPatchMergesAndReturnsTheRecord(t *testing.T) {
	s := memstore.New(john, jane)
	want := john
	want.Attributes.FirstName, want.Attributes.LastName = text("Joan"), userstore.Optional[string]{}

	got, err := s.Patch(t.Context(), john.ID, userstore.Attributes{FirstName: text("Joan"), LastName: userstore.Null[string]()})
	require.NoError(t, err)
	if diff := cmp.Diff(want, got, equal); diff != "" {
		t.Errorf("patched record (-want +got):\n%s", diff)
	}
	for _, want := range []userstore.User{want, jane} {
		got, err := s.Get(t.Context(), want.ID)
		if err != nil || got != want {
			t.Errorf("Get = %v, %v; want %v", got, err, want)
		}
	}
}

func TestErrors(t *testing.T) {
	tooBig := userstore.Attributes{Address: userstore.Value(userstore.Address{HouseNo: userstore.Value(userstore.Int(-1))})}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	tests := []struct {
		name string
		call func(*memstore.Store) error
		want error
	}{
		{"get nobody", func(s *memstore.Store) error { _, err := s.Get(t.Context(), nobody); return err }, userstore.ErrNotFound},
		{"patch nobody", func(s *memstore.Store) error {
			_, err := s.Patch(t.Context(), nobody, userstore.Attributes{})
			return err
		}, userstore.ErrNotFound},
		{"patch nobody with what no store can keep", func(s *memstore.Store) error { _, err := s.Patch(t.Context(), nobody, tooBig); return err }, userstore.ErrInvalid},
		{"patch with what no store can keep", func(s *memstore.Store) error { _, err := s.Patch(t.Context(), john.ID, tooBig); return err }, userstore.ErrInvalid},
		{"create twice", func(s *memstore.Store) error { _, err := s.Create(t.Context(), john); return err }, userstore.ErrExists},
		{"create invalid", func(s *memstore.Store) error {
			_, err := s.Create(t.Context(), userstore.User{ID: nobody, Attributes: tooBig})
			return err
		}, userstore.ErrInvalid},
		{"delete nobody", func(s *memstore.Store) error { return s.Delete(t.Context(), nobody) }, nil},
		{"get, cancelled", func(s *memstore.Store) error { _, err := s.Get(cancelled, john.ID); return err }, context.Canceled},
		{"patch, cancelled", func(s *memstore.Store) error {
			_, err := s.Patch(cancelled, john.ID, userstore.Attributes{FirstName: text("Joan")})
			return err
		}, context.Canceled},
		{"create, cancelled", func(s *memstore.Store) error { _, err := s.Create(cancelled, jane); return err }, context.Canceled},
		{"delete, cancelled", func(s *memstore.Store) error { return s.Delete(cancelled, john.ID) }, context.Canceled},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := memstore.New(john)
			if err := tt.call(s); !errors.Is(err, tt.want) {
				t.Errorf("error = %v, want %v", err, tt.want)
			}
			if got, err := s.Get(t.Context(), john.ID); got != john || err != nil {
				t.Errorf("afterwards the record is %v, %v", got, err)
			}
			if s.Len() != 1 {
				t.Errorf("afterwards there are %d users", s.Len())
			}
		})
	}
}

func TestCreateMakesTheRecordCanonical(t *testing.T) {
	s := new(memstore.Store) // the zero value is ready
	in := john
	in.CreatedAt = john.CreatedAt.In(time.FixedZone("", 3600)).Add(999)
	in.Attributes.Email = userstore.Null[string]()
	in.Attributes.Address = userstore.Value(userstore.Address{})
	created, err := s.Create(t.Context(), in)
	if err != nil || created != john {
		t.Errorf("Create = %v, %v; want %v", created, err, john)
	}
	if got, _ := s.Get(t.Context(), john.ID); got != john {
		t.Errorf("Get = %v, want %v", got, john)
	}
}

func TestNewPanics(t *testing.T) {
	defer func() {
		want := "memstore: user c0daf39b-4df5-4241-9e7d-b1b85f829090: userstore: user exists"
		if diff := cmp.Diff(want, recover()); diff != "" {
			t.Errorf("panic (-want +got):\n%s", diff)
		}
	}()
	memstore.New(john, john)
}

func TestDelete(t *testing.T) {
	s := memstore.New(john, jane)
	for range 2 { // idempotent
		require.NoError(t, s.Delete(t.Context(), john.ID))
	}
	if _, err := s.Get(t.Context(), john.ID); !errors.Is(err, userstore.ErrNotFound) {
		t.Errorf("Get of a deleted user: %v", err)
	}
	if s.Len() != 1 {
		t.Errorf("Len = %d, want 1", s.Len())
	}
	_, err := s.Create(t.Context(), john)
	require.NoError(t, err, "Create after Delete")
}

func TestFormatShowsNothing(t *testing.T) {
	s := memstore.New(john)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d"} {
		if got := fmt.Sprintf(verb, s); got != "memstore.Store" {
			t.Errorf("%s = %q", verb, got)
		}
	}
}

// Patch tells what it changed to those who ask, unless it failed.
func TestPatchTellsWhatChanged(t *testing.T) {
	user := userstore.ExampleUser()
	s := memstore.New(user)
	patch := userstore.Attributes{FirstName: userstore.Value("Ada")}
	for _, tt := range []struct {
		name string
		id   uuid.UUID
		want userstore.Change
	}{
		{"patched", user.ID, userstore.Change{Before: user, After: userstore.User{ID: user.ID, Attributes: user.Attributes.Merge(patch), CreatedAt: user.CreatedAt}}},
		{"no user", uuid.Max, userstore.Change{}},
	} {
		var got userstore.Change
		after, err := s.Patch(userstore.WithChange(t.Context(), &got), tt.id, patch)
		if got != tt.want || after != tt.want.After {
			t.Errorf("%s: told %v, returned %v, %v", tt.name, got, after, err)
		}
	}
}
