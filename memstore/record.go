package memstore

import (
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// A record holds a user in little more memory than its texts take, and is patched
// in place.
type record struct {
	mu        sync.Mutex
	deleted   bool // the record was removed from the Store after it was found
	present   places
	ints      places // those whose value is a number
	createdAt int64  // in microseconds since 1970
	texts     [len(userstore.Scalars{})]string
}

// places is a set of places of [userstore.Scalars].
type places uint16

func (p places) has(place int) bool { return p&(1<<place) != 0 }

// set adds the place to the set or removes it.
func (p *places) set(place int, in bool) {
	*p &^= 1 << place
	if in {
		*p |= 1 << place
	}
}

// newRecord returns a record of a canonical user.
func newRecord(u userstore.User) *record {
	r := &record{createdAt: u.CreatedAt.UnixMicro()}
	scalars := u.Attributes.Scalars()
	r.merge(&scalars)
	return r
}

// merge does in place what [userstore.Attributes.Merge] does.
func (r *record) merge(patch *userstore.Scalars) {
	for place := range patch {
		if patch[place].IsZero() {
			continue
		}
		v, ok := patch[place].Get()
		r.texts[place] = v.Text()
		r.present.set(place, ok)
		r.ints.set(place, v.IsInt())
	}
}

// user returns a copy of the record as a user.
func (r *record) user(id uuid.UUID) userstore.User {
	var scalars userstore.Scalars
	for place, text := range r.texts {
		if !r.present.has(place) {
			continue
		}
		v := userstore.Text(text)
		if r.ints.has(place) {
			v, _ = userstore.ParseInt(text) // checked before it got here
		}
		scalars[place] = userstore.Value(v)
	}
	return userstore.User{ID: id, Attributes: scalars.Attributes(), CreatedAt: time.UnixMicro(r.createdAt).UTC()}
}

// delete erases the data and marks the record as deleted.
func (r *record) delete() {
	r.deleted, r.present, r.ints, r.createdAt = true, 0, 0, 0
	clear(r.texts[:])
}
