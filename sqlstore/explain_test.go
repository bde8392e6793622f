package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"testing"

	"github.com/userrecord/userrecord/userstore"
)

// A host's own Store gets the errors of this one.
func TestExplain(t *testing.T) {
	for _, d := range allDialects {
		for _, tt := range []struct {
			name      string
			op        string
			reach     Reach
			err, want error
			retriable bool
		}{
			{"conflict", "patch", ReachNone, conflicts[d], ErrConflict, true},
			{"unavailable", "patch", ReachStatement, unavailables[d], ErrUnavailable, true},
			{"full", "patch", ReachStatement, failures[d], ErrUnavailable, false},
			{"broken, not sent", "patch", ReachNone, errBroken, ErrUnavailable, true},
			{"broken, sent", "patch", ReachStatement, errBroken, ErrOutcomeUnknown, false},
			{"broken at COMMIT", "patch", ReachCommit, errBroken, ErrOutcomeUnknown, false},
			{"no rows", "get", ReachNone, sql.ErrNoRows, userstore.ErrNotFound, false},
			{"refused", "patch", ReachStatement, refusals[d], userstore.ErrInvalid, false},
			{"taken", "create", ReachStatement, takenID[d], userstore.ErrExists, false},
			{"an answer", "patch", ReachNone, userstore.ErrNotFound, userstore.ErrNotFound, false},
		} {
			err := d.Explain(t.Context(), tt.op, tt.reach, tt.err)
			var e *Error
			retriable := errors.As(err, &e) && e.Retriable()
			if !errors.Is(err, tt.want) || retriable != tt.retriable {
				t.Errorf("%v, %s: %v, retriable %t", d, tt.name, err, retriable)
			}
		}
		if err := d.Explain(t.Context(), "get", ReachNone, nil); err != nil {
			t.Errorf("%v, nil: %v", d, err)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	var e *Error
	if err := SQLite.Explain(ended, "patch", ReachNone, conflicts[SQLite]); !errors.As(err, &e) || e.Retriable() || !errors.Is(err, context.Canceled) {
		t.Errorf("after the end of the context: %v", err)
	}
	if err := Dialect(0).Explain(context.Background(), "get", ReachNone, errBroken); err != errNoDialect {
		t.Errorf("no dialect: %v", err)
	}
}
