package faulty

import (
	"context"
	"encoding/json"
	"slices"
	"sync"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// A patchFunc is the Patch of a wrong store, on top of a correct one.
type patchFunc func(ctx context.Context, next userstore.Store, id uuid.UUID, patch userstore.Attributes) (userstore.User, error)

// A wrongStore is a correct store with another Patch.
type wrongStore struct {
	userstore.Store
	patch patchFunc
}

// Patch calls the other patch.
func (s wrongStore) Patch(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	return s.patch(ctx, s.Store, id, patch)
}

// storePatch replaces the Patch of the store.
func storePatch(patch patchFunc) func(*server) {
	return func(s *server) { s.store = wrongStore{s.store, patch} }
}

// storeAttributes changes each patch, as a JSON object, before it is stored.
func storeAttributes(change func(attributes object)) func(*server) {
	return storePatch(func(ctx context.Context, next userstore.Store, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
		return next.Patch(ctx, id, rewrite(patch, change))
	})
}

// storeTexts changes each text before it is stored.
func storeTexts(change func(pointer, s string) string) func(*server) {
	return storeAttributes(func(a object) {
		changeValues(a, "", func(pointer string, v any) any {
			if s, ok := v.(string); ok {
				return change(pointer, s)
			}
			return v
		})
	})
}

// rewrite changes the attributes in their JSON form. It returns them unchanged if the
// change makes them invalid.
func rewrite(a userstore.Attributes, change func(attributes object)) userstore.Attributes {
	text, err := json.Marshal(a)
	if err != nil {
		return a
	}
	o := parseLoosely(text)
	change(o)
	var changed userstore.Attributes
	if json.Unmarshal(encode(o), &changed) != nil {
		return a
	}
	return changed
}

// whole returns the patch after which a record has these attributes and no others.
func whole(a userstore.Attributes) userstore.Attributes {
	return rewrite(a, func(o object) {
		address, ok := o["address"].(object)
		for _, p := range pointers {
			switch member, in := inAddress(p); {
			case in && ok:
				setDefault(address, member, nil)
			case !in:
				setDefault(o, p[1:], nil)
			}
		}
		setDefault(o, "address", nil)
	})
}

func setDefault(o object, name string, v any) {
	if _, ok := o[name]; !ok {
		o[name] = v
	}
}

// An idSet is a set of ids.
type idSet struct {
	mu  sync.Mutex
	ids []uuid.UUID
}

// add adds the id, and returns all ids.
func (s *idSet) add(id uuid.UUID) []uuid.UUID {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Contains(s.ids, id) {
		s.ids = append(s.ids, id)
	}
	return slices.Clone(s.ids)
}

// all returns the ids.
func (s *idSet) all() []uuid.UUID {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.ids)
}
