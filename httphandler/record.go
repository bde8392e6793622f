package httphandler

import (
	"log/slog"
	"strings"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// A recordError says why a record breaks the contract of [userstore.Store]. It names
// the member and no value, so it is safe to log.
type recordError struct{ member, reason string }

func (e *recordError) Error() string {
	return "httphandler: the store returned a record whose " + strings.Trim(e.member, `,":{`) + " " + e.reason
}

// Is reports whether target is ErrNotCanonical.
func (e *recordError) Is(target error) bool { return target == ErrNotCanonical }

// LogValue returns the text of the error, so that it is logged.
func (e *recordError) LogValue() slog.Value { return slog.StringValue(e.Error()) }

// checkID checks that the record is the user's, so that no other user's is shown or
// compared with.
func checkID(user *userstore.User, id uuid.UUID) error {
	if user.ID != id {
		return failed("store", &recordError{"id", "is not the one asked for"})
	}
	return nil
}

// checkCreatedAt checks the year: RFC 3339 has no others.
func checkCreatedAt(user *userstore.User) error {
	if year := user.CreatedAt.UTC().Year(); year < 0 || year > 9999 {
		return failed("store", &recordError{"createdAt", "is not in the years 0 to 9999"})
	}
	return nil
}
