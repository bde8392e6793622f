package storetest

import (
	"context"
	"fmt"
	"sync"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// What goes wrong in merging.
var mergeDefects = []defect{
	{"replaces-the-record", storing(func(_, patch attrs) attrs { return whole(patch) })},
	{"replaces-the-address", storing(func(_, patch attrs) attrs {
		if a, ok := patch.Address.Get(); ok {
			patch.Address = whole(attrs{Address: userstore.Value(a)}).Address
		}
		return patch
	})},
	{"ignores-null", storing(func(_, patch attrs) attrs {
		for _, c := range scalars {
			if c.of(patch).IsNull() {
				patch = c.with(patch, textOrInt{})
			}
		}
		return patch
	})},
	{"ignores-null-in-the-address", storing(func(_, patch attrs) attrs {
		for _, c := range scalars {
			if c.attribute == nil && c.of(patch).IsNull() {
				patch = c.with(patch, textOrInt{})
			}
		}
		return patch
	})},
	{"null-is-the-empty-text", storing(func(_, patch attrs) attrs {
		for _, c := range scalars {
			if c.of(patch).IsNull() {
				patch = c.with(patch, textValue(""))
			}
		}
		return patch
	})},
	{"null-member-clears-the-address", storing(func(_, patch attrs) attrs {
		for _, c := range scalars {
			if c.attribute == nil && c.of(patch).IsNull() {
				patch.Address = userstore.Null[userstore.Address]()
				break
			}
		}
		return patch
	})},
	{"ignores-a-null-address", storing(func(_, patch attrs) attrs {
		if patch.Address.IsNull() {
			patch.Address = userstore.Optional[userstore.Address]{}
		}
		return patch
	})},
	{"empty-address-clears", storing(func(_, patch attrs) attrs {
		if patch.Address == userstore.Value(userstore.Address{}) {
			patch.Address = userstore.Null[userstore.Address]()
		}
		return patch
	})},
	{"last-member-of-the-address-stays", storing(func(before, patch attrs) attrs {
		if after := before.Merge(patch); after.Address.IsZero() && !patch.Address.IsNull() {
			patch.Address = userstore.Optional[userstore.Address]{}
		}
		return patch
	})},
	{"sets-one-attribute-of-several", storing(func(_, patch attrs) attrs {
		if _, ok := patch.LastName.Get(); ok {
			patch.FirstName = userstore.Optional[string]{}
		}
		return patch
	})},
	{"sets-no-region", storing(func(_, patch attrs) attrs {
		if a, ok := patch.Address.Get(); ok {
			a.Region = userstore.Optional[string]{}
			patch.Address = userstore.Value(a)
		}
		return patch
	})},
	{"refuses-a-patch-of-nothing", spoiltPatch(func(s *wrongStore, ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
		if patch == (attrs{}) && id != uuid.Nil {
			if _, err := s.right.Get(ctx, id); err == nil {
				return user{}, fmt.Errorf("%w: no columns", userstore.ErrInvalid)
			}
		}
		return s.right.Patch(ctx, id, patch)
	})},
	{"fails-where-nothing-changes", failsWhereNothingChanges},
	{"forgets-a-name-when-the-address-goes", storing(func(_, patch attrs) attrs {
		if patch.Address.IsNull() && !patch.FirstName.IsZero() && patch.FirstName != userstore.Value("Grace") {
			patch.LastName = userstore.Null[string]()
		}
		return patch
	})},
	{"drops-a-patch-of-the-locale-alone", storing(func(_, patch attrs) attrs {
		if alone := (attrs{Locale: patch.Locale}); patch == alone {
			return attrs{}
		}
		return patch
	})},
}

// failsWhereNothingChanges takes no rows affected for no rows.
func failsWhereNothingChanges(s *wrongStore, _ []user) {
	var mu sync.Mutex
	s.patch = func(ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
		mu.Lock()
		defer mu.Unlock()
		before, _ := s.right.Get(ctx, id)
		u, err := s.right.Patch(ctx, id, patch)
		if v, _ := patch.FirstName.Get(); err == nil && u == before && len(v) != 200 {
			return user{}, userstore.ErrNotFound
		}
		return u, err
	}
}
