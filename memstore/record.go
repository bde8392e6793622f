package memstore

import (
	"strings"
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
	pinned    int // bytes that texts may keep in memory
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
	r.unpin(patch)
}

// maxUnused is how many bytes a record may keep in memory without using them, besides
// as many as it uses.
const maxUnused = 256

// unpin accounts for the texts of a patch, which may all be parts of one string: then
// any of them keeps all of it in memory, even when the others have been replaced. If
// too much could be kept so, it copies all texts into a string of their own.
func (r *record) unpin(patch *userstore.Scalars) {
	added, used := 0, 0
	for place, text := range r.texts {
		used += len(text)
		v, _ := patch[place].Get()
		added += len(v.Text())
	}
	r.pinned += added
	switch {
	case added == used: // no older text is left
		r.pinned = used
	case r.pinned > 2*used+maxUnused:
		r.copyTexts(used)
	}
}

func (r *record) copyTexts(size int) {
	var b strings.Builder
	b.Grow(size)
	for _, text := range r.texts {
		b.WriteString(text)
	}
	all := b.String()
	for place, text := range r.texts {
		r.texts[place], all = all[:len(text)], all[len(text):]
	}
	r.pinned = size
}

// copyTo copies the record to a user with the id.
func (r *record) copyTo(id uuid.UUID, user *userstore.User) {
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
	user.ID, user.CreatedAt = id, time.UnixMicro(r.createdAt).UTC()
	scalars.CopyTo(&user.Attributes)
}

// delete erases the data and marks the record as deleted.
func (r *record) delete() {
	r.deleted, r.present, r.ints, r.createdAt, r.pinned = true, 0, 0, 0, 0
	clear(r.texts[:])
}
