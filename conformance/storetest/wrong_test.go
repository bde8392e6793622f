package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// A wrongStore is a memstore whose methods can be replaced.
type wrongStore struct {
	right *memstore.Store
	get   func(ctx context.Context, id uuid.UUID) (userstore.User, error)
	patch func(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (userstore.User, error)
}

func (s *wrongStore) Get(ctx context.Context, id uuid.UUID) (userstore.User, error) {
	return s.get(ctx, id)
}

func (s *wrongStore) Patch(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	return s.patch(ctx, id, patch)
}

// A spoiler makes a correct Store wrong.
type spoiler func(s *wrongStore, users []userstore.User)

// openSpoilt returns an Opener of Stores that are spoilt.
func openSpoilt(spoil spoiler) Opener {
	return func(_ context.Context, users ...userstore.User) (userstore.Store, func() error, error) {
		s := &wrongStore{right: memstore.New(users...)}
		s.get, s.patch = s.right.Get, s.right.Patch
		spoil(s, users)
		return s, nil, nil
	}
}

type (
	user  = userstore.User
	attrs = userstore.Attributes
)

// returning changes the records that both methods return.
func returning(change func(*user)) spoiler {
	return func(s *wrongStore, _ []user) {
		s.get = func(ctx context.Context, id uuid.UUID) (user, error) {
			u, err := s.right.Get(ctx, id)
			change(&u)
			return u, err
		}
		s.patch = func(ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
			u, err := s.right.Patch(ctx, id, patch)
			change(&u)
			return u, err
		}
	}
}

// failing changes the errors that both methods return.
func failing(change func(err error, patch attrs) error) spoiler {
	return func(s *wrongStore, _ []user) {
		s.get = func(ctx context.Context, id uuid.UUID) (user, error) {
			u, err := s.right.Get(ctx, id)
			return u, change(err, attrs{})
		}
		s.patch = func(ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
			u, err := s.right.Patch(ctx, id, patch)
			return u, change(err, patch)
		}
	}
}

// failingAs replaces the errors that match from.
func failingAs(from, to error) spoiler {
	return failing(func(err error, _ attrs) error {
		if errors.Is(err, from) {
			return to
		}
		return err
	})
}

// finding changes the ids that both methods look up.
func finding(change func(uuid.UUID) uuid.UUID) spoiler {
	return func(s *wrongStore, users []user) {
		known := map[uuid.UUID]uuid.UUID{}
		for _, u := range users {
			known[change(u.ID)] = u.ID
		}
		found := func(id uuid.UUID) uuid.UUID {
			if real, ok := known[change(id)]; ok {
				return real
			}
			return id
		}
		s.get = func(ctx context.Context, id uuid.UUID) (user, error) { return s.right.Get(ctx, found(id)) }
		s.patch = func(ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
			return s.right.Patch(ctx, found(id), patch)
		}
	}
}

// storing changes patches that are valid before they are stored.
func storing(change func(before, patch attrs) attrs) spoiler {
	return func(s *wrongStore, _ []user) {
		s.patch = func(ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
			before, err := s.right.Get(ctx, id)
			if err != nil || patch.Check() != nil {
				return s.right.Patch(ctx, id, patch)
			}
			return s.right.Patch(ctx, id, change(before.Attributes, patch))
		}
	}
}

// storingTexts changes the texts of patches.
func storingTexts(change func(string) string) spoiler {
	return storing(func(_, patch attrs) attrs {
		return mapScalars(patch, func(_ scalar, v userstore.TextOrInt) textOrInt {
			if v.IsInt() {
				return userstore.Value(v)
			}
			return textValue(change(v.Text()))
		})
	})
}

// storingNumbers changes the values of the scalars that can be integers.
func storingNumbers(change func(userstore.TextOrInt) userstore.TextOrInt) spoiler {
	return storing(func(_, patch attrs) attrs {
		return mapScalars(patch, func(c scalar, v userstore.TextOrInt) textOrInt {
			if c.either == nil {
				return userstore.Value(v)
			}
			return userstore.Value(change(v))
		})
	})
}

func mapScalars(a attrs, change func(scalar, userstore.TextOrInt) textOrInt) attrs {
	for _, c := range scalars {
		if v, ok := c.of(a).Get(); ok {
			a = c.with(a, change(c, v))
		}
	}
	return a
}

// whole returns the patch after which a record has the attributes of a and no others.
func whole(a attrs) attrs {
	if a.Address.IsZero() {
		a.Address = userstore.Null[userstore.Address]()
	}
	for _, c := range scalars {
		if (c.attribute != nil || !a.Address.IsNull()) && c.of(a) == (textOrInt{}) {
			a = c.with(a, noScalar)
		}
	}
	return a
}

// halves splits a patch into the two names and the rest.
func halves(patch attrs) (first, second attrs) {
	first = attrs{FirstName: patch.FirstName, LastName: patch.LastName}
	patch.FirstName, patch.LastName = userstore.Optional[string]{}, userstore.Optional[string]{}
	return first, patch
}

// spoiltPatch replaces Patch.
func spoiltPatch(patch func(s *wrongStore, ctx context.Context, id uuid.UUID, patch attrs) (user, error)) spoiler {
	return func(s *wrongStore, _ []user) {
		s.patch = func(ctx context.Context, id uuid.UUID, p attrs) (user, error) { return patch(s, ctx, id, p) }
	}
}

// asJSON changes the JSON text of attributes.
func asJSON(a attrs, change func(string) string) attrs {
	text, err := json.Marshal(a)
	if err != nil {
		return a
	}
	var changed attrs
	if json.Unmarshal([]byte(change(string(text))), &changed) != nil {
		return a
	}
	return changed
}

var errOther = errors.New("it did not work")

// A defect is one way to be wrong, with the name that testdata/defects.txt has.
type defect struct {
	name  string
	spoil spoiler
}

// defects are all the ways to be wrong.
var defects = slices.Concat(recordDefects, idDefects, mergeDefects, valueDefects, errorDefects, contextDefects, concurrencyDefects, crashDefects)
