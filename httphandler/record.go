package httphandler

import (
	"log/slog"
	"strings"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// A recordError says why no Store may return such a record (see
// [userstore.Store]). It names the member and no value, so it may be logged.
type recordError struct{ member, reason string }

func (e *recordError) Error() string {
	return "httphandler: the store returned a record whose " + strings.Trim(e.member, `":`) + " " + e.reason
}

// LogValue lets the log say it.
func (e *recordError) LogValue() slog.Value { return slog.StringValue(e.Error()) }

// checkOrigin checks what no patch changes: a record of another user must be
// neither shown nor compared with. The attributes are checked where they are
// written.
func checkOrigin(user *userstore.User, id uuid.UUID) error {
	if user.ID != id {
		return failed("store", &recordError{"id", "is not the one asked for"})
	}
	// RFC 3339 writes no other years.
	if year := user.CreatedAt.UTC().Year(); year < 0 || year > 9999 {
		return failed("store", &recordError{"createdAt", "is not in the years 0 to 9999"})
	}
	return nil
}
