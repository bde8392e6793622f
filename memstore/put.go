package memstore

import (
	"context"
	"errors"
	"time"

	"github.com/userrecord/userrecord/userstore"
)

// Put makes the given record the user's, as [userstore.User.Canonical] makes it: an
// attribute that is omitted or null has no value afterwards. It returns the record.
//
// A zero CreatedAt keeps the one that is there if the id is taken, and becomes the
// current time if it is not. The error matches [userstore.ErrInvalid] if Canonical
// refuses the user.
func (s *Store) Put(ctx context.Context, user userstore.User) (userstore.User, error) {
	keepCreatedAt := user.CreatedAt.Truncate(time.Microsecond).IsZero()
	canonical, err := user.Canonical()
	if err != nil {
		return userstore.User{}, err
	}
	for {
		if err := ctx.Err(); err != nil {
			return userstore.User{}, err
		}
		if r := s.find(canonical.ID); r != nil {
			if put, ok := r.replace(canonical, keepCreatedAt); ok {
				return put, nil
			}
			continue // deleted meanwhile
		}
		created, err := s.Create(ctx, canonical)
		if !errors.Is(err, userstore.ErrExists) {
			return created, err
		}
	}
}

// replace sets the whole record to a canonical user. It is not ok if the record was
// deleted.
func (r *record) replace(user userstore.User, keepCreatedAt bool) (put userstore.User, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.deleted {
		return put, false
	}
	if !keepCreatedAt {
		r.createdAt = user.CreatedAt.UnixMicro()
	}
	r.present, r.ints, r.pinned = 0, 0, 0
	clear(r.texts[:])
	scalars := user.Attributes.Scalars()
	r.merge(&scalars)
	r.copyTo(user.ID, &put)
	return put, true
}
