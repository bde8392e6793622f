package drivertest

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// outboxes are tables that refuse the row of addToOutbox, or are not there.
var outboxes = map[string]struct{ create, want string }{
	"a column without a value": {"CREATE TABLE outbox (id CHAR(36), what VARCHAR(200), kind VARCHAR(20) NOT NULL)", "failed"},
	"a CHECK":                  {"CREATE TABLE outbox (id CHAR(36), what VARCHAR(200), CONSTRAINT email CHECK (what = 'x'))", "failed"},
	"a key that is taken":      {"CREATE TABLE outbox (id CHAR(36), what VARCHAR(200), UNIQUE (what))", "failed"},
	"no table":                 {"", "a table or a column of the statement is missing: see Store.Check"},
	"no column":                {"CREATE TABLE outbox (id CHAR(36))", "a table or a column of the statement is missing: see Store.Check"},
}

// A fault in the host's own statement is not blamed on the client, nor on the users'
// table. Only the host can say that it is the client's.
func TestOutboxThatRefuses(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		for name, tt := range outboxes {
			db := d.open(t)
			if tt.create != "" {
				mustExec(t, db, tt.create)
			}
			if strings.Contains(tt.create, "UNIQUE") {
				mustExec(t, db, "INSERT INTO outbox (id, what) VALUES ('x', 'firstName')")
			}
			store, user := d.withHook(t, db, addToOutbox), userstore.ExampleUser()
			renamed := user
			renamed.Attributes = user.Attributes.Merge(firstName("Jane"))
			_, patched := store.Patch(t.Context(), user.ID, firstName("Jane"))
			transacted := store.Transact(t.Context(), func(ctx context.Context, tx *sql.Tx, _ *sqlstore.Tx) error {
				return addToOutbox(ctx, tx, userstore.Change{Before: user, After: renamed})
			})
			users := store.Transact(t.Context(), func(ctx context.Context, _ *sql.Tx, users *sqlstore.Tx) error {
				_, err := users.Patch(ctx, user.ID, firstName("Jane"))
				return err
			})
			for call, err := range map[string]error{"Patch": patched, "Transact": transacted, "Patch in Transact": users} {
				wantHostsFailure(t, name+": "+call, err, tt.want)
			}
			wantUser(t, store, user)
		}
	})
}

func wantHostsFailure(t *testing.T, what string, err error, text string) {
	t.Helper()
	var failure *sqlstore.Error
	if !errors.As(err, &failure) || errors.Is(err, userstore.ErrInvalid) || errors.Is(err, sqlstore.ErrOutcomeUnknown) ||
		!strings.Contains(err.Error(), text) || !strings.Contains(err.Error(), "(in a statement of the host's)") {
		t.Errorf("%s: %v", what, err)
	}
}

// A host explains the error of its own statement if the client can mend it.
func TestHostsStatementThatIsInvalid(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		db := d.open(t)
		mustExec(t, db, "CREATE TABLE outbox (id CHAR(36), what VARCHAR(200), CONSTRAINT email CHECK (what = 'x'))")
		var store *sqlstore.Store
		store = d.withHook(t, db, func(ctx context.Context, tx *sql.Tx, change userstore.Change) error {
			return store.Explain(ctx, "patch", sqlstore.ReachStatement, addToOutbox(ctx, tx, change))
		})
		_, err := store.Patch(t.Context(), userstore.ExampleUser().ID, firstName("Jane"))
		require.ErrorIs(t, err, userstore.ErrInvalid)
	})
}
