package faulty

import (
	"context"
	"encoding/json"
	"slices"
	"sync"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// A patchFunc is the Patch of a wrong store over a right one.
type patchFunc func(ctx context.Context, next userstore.Store, id uuid.UUID, patch userstore.Attributes) (userstore.User, error)

// A wrongStore patches wrongly.
type wrongStore struct {
	userstore.Store
	patch patchFunc
}

// Patch calls the wrong patch.
func (s wrongStore) Patch(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	return s.patch(ctx, s.Store, id, patch)
}

// patching replaces the Patch of the store.
func patching(patch patchFunc) func(*server) {
	return func(s *server) { s.store = wrongStore{s.store, patch} }
}

// stored changes each patch, as a JSON object, before it is stored.
func stored(change func(attributes object)) func(*server) {
	return patching(func(ctx context.Context, next userstore.Store, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
		return next.Patch(ctx, id, rewrite(patch, change))
	})
}

// storedTexts changes each text before it is stored.
func storedTexts(change func(pointer, s string) string) func(*server) {
	return stored(func(a object) {
		changeValues(a, "", func(pointer string, v any) any {
			if s, ok := v.(string); ok {
				return change(pointer, s)
			}
			return v
		})
	})
}

// rewrite changes attributes in their JSON form. What is not valid afterwards is
// left as it was.
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

// whole returns the patch that makes a record of the attributes, whatever it
// was before.
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

// A set remembers ids.
type set struct {
	mu  sync.Mutex
	ids []uuid.UUID
}

func newSet() *set { return new(set) }

// add returns all ids, the new one among them.
func (s *set) add(id uuid.UUID) []uuid.UUID {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Contains(s.ids, id) {
		s.ids = append(s.ids, id)
	}
	return slices.Clone(s.ids)
}
