package memstore

import (
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// A record keeps a user in little more memory than its texts take, and is patched
// in place. It has a lock of its own. Whoever holds it sees in deleted whether
// the record was removed after it was found.
type record struct {
	mu        sync.Mutex
	deleted   bool
	present   places
	ints      places // are numbers
	createdAt int64  // in microseconds since 1970
	texts     [len(userstore.Scalars{})]string
}

// places are a set of places of [userstore.Scalars].
type places uint16

func (p places) has(i int) bool { return p&(1<<i) != 0 }

func (p *places) set(i int, in bool) {
	*p &^= 1 << i
	if in {
		*p |= 1 << i
	}
}

// newRecord returns the record of a user that is canonical.
func newRecord(u userstore.User) *record {
	r := &record{createdAt: u.CreatedAt.UnixMicro()}
	scalars := u.Attributes.Scalars()
	r.merge(&scalars)
	return r
}

// merge is [userstore.Attributes.Merge], in place.
func (r *record) merge(patch *userstore.Scalars) {
	for i := range patch {
		if patch[i].IsZero() {
			continue
		}
		v, ok := patch[i].Get()
		r.texts[i] = v.Text()
		r.present.set(i, ok)
		r.ints.set(i, v.IsInt())
	}
}

// user returns the user that the record is of.
func (r *record) user(id uuid.UUID) userstore.User {
	var scalars userstore.Scalars
	for i, text := range r.texts {
		if !r.present.has(i) {
			continue
		}
		v := userstore.Text(text)
		if r.ints.has(i) {
			v, _ = userstore.ParseInt(text) // it has been checked
		}
		scalars[i] = userstore.Value(v)
	}
	return userstore.User{ID: id, Attributes: scalars.Attributes(), CreatedAt: time.UnixMicro(r.createdAt).UTC()}
}

// delete forgets everything.
func (r *record) delete() {
	r.deleted, r.present, r.ints, r.createdAt = true, 0, 0, 0
	clear(r.texts[:])
}
