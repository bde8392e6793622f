package userstore

import (
	"fmt"
	"time"

	"github.com/google/uuid"
)

// User is a user record. Users that a Store returns compare with ==.
type User struct {
	ID uuid.UUID `json:"id"`
	// Attributes is not embedded, so that its methods are not promoted.
	Attributes Attributes `json:"attributes"`
	// CreatedAt is when the user was created, in UTC and whole microseconds: the
	// precision that every database keeps. A patch never changes it.
	CreatedAt time.Time `json:"createdAt"`
}

// Canonical returns u as a Store keeps a new user: the attributes checked and
// canonical, and CreatedAt in UTC and truncated to microseconds, or the current
// time if it is zero.
//
// The error matches [ErrInvalid]. It is returned if the id is the nil UUID, if
// CreatedAt is outside the years 1 to 9999, or if [Attributes.Check] refuses a value;
// only in the last case is it an [*InvalidError].
func (u User) Canonical() (User, error) {
	if u.ID == uuid.Nil {
		return User{}, fmt.Errorf("%w: it has no id", ErrInvalid)
	}
	u.CreatedAt = u.CreatedAt.UTC().Truncate(time.Microsecond)
	if u.CreatedAt.IsZero() {
		u.CreatedAt = time.Now().UTC().Truncate(time.Microsecond)
	}
	if year := u.CreatedAt.Year(); year < 1 || year > 9999 {
		return User{}, fmt.Errorf("%w: createdAt is not in the years 1 to 9999", ErrInvalid)
	}
	if err := u.Attributes.Check(); err != nil {
		return User{}, err
	}
	u.Attributes = Attributes{}.Merge(u.Attributes)
	return u, nil
}

// ParseID parses a user id in the form that the page shows: 36 characters,
// hexadecimal digits and dashes (RFC 9562, section 4), in upper or lower case. It
// refuses the other forms that [uuid.Parse] accepts. The error matches
// [ErrInvalid] and never shows the text.
func ParseID(s string) (uuid.UUID, error) {
	id, err := uuid.Parse(s)
	if err != nil || len(s) != len("c0daf39b-4df5-4241-9e7d-b1b85f829090") {
		return uuid.Nil, fmt.Errorf("%w: the id is not a UUID of 36 characters", ErrInvalid)
	}
	return id, nil
}
