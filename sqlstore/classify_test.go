package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/userstore"
)

// A classTest says how a driver's error is classified, by how far the write got.
type classTest struct {
	dialect  Dialect
	err      error
	notSent  error // the class where nothing can have been committed; nil for none
	sent     error // the class where COMMIT, or a statement that commits itself, was sent
	retried  string
	pointers []string // of an InvalidError
}

var classTests = []classTest{
	// pgx and lib/pq
	{PostgreSQL, &pgxError{Code: "40001"}, ErrConflict, ErrConflict, "always", nil},
	{PostgreSQL, &pqError{Code: "40001"}, ErrConflict, ErrConflict, "always", nil},
	{PostgreSQL, &pgxError{Code: "40P01"}, ErrConflict, ErrConflict, "always", nil},
	{PostgreSQL, &pgxError{Code: "55P03"}, ErrConflict, ErrConflict, "never", nil},
	{PostgreSQL, &pgxError{Code: "25006"}, ErrUnavailable, ErrUnavailable, "always", nil},
	{PostgreSQL, &pgxError{Code: "53300"}, ErrUnavailable, ErrUnavailable, "always", nil},
	{PostgreSQL, &pgxError{Code: "57P03"}, ErrUnavailable, ErrUnavailable, "always", nil},
	{PostgreSQL, &pqError{Code: "57P03"}, ErrUnavailable, ErrUnavailable, "always", nil},
	{PostgreSQL, connectError{}, ErrUnavailable, ErrUnavailable, "always", nil},
	{PostgreSQL, &pgxError{Code: "57P01"}, ErrUnavailable, ErrOutcomeUnknown, "if not sent", nil},
	{PostgreSQL, &pgxError{Code: "57P02"}, ErrUnavailable, ErrOutcomeUnknown, "if not sent", nil},
	{PostgreSQL, &pgxError{Code: "08006"}, ErrUnavailable, ErrOutcomeUnknown, "if not sent", nil},
	{PostgreSQL, &pqError{Code: "40003"}, ErrUnavailable, ErrOutcomeUnknown, "if not sent", nil},
	{PostgreSQL, &pgxError{Code: "42501"}, nil, nil, "never", nil},
	{PostgreSQL, &pgxError{Code: "42P01"}, errMissing, errMissing, "never", nil},
	{PostgreSQL, &pgxError{Code: "42703"}, errMissing, errMissing, "never", nil},
	{PostgreSQL, takenID[PostgreSQL], userstore.ErrExists, userstore.ErrExists, "never", nil},
	{PostgreSQL, &pgxError{Code: "23505", Detail: "Key (email)=(street) already exists.", ConstraintName: "users_email_key"}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{"/email"}},
	{PostgreSQL, &pqError{Code: "23505", Detail: "Key (lower(email))=(x) already exists.", Constraint: "i1"}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{"/email"}},
	{PostgreSQL, &pgxError{Code: "23505", Detail: "Key (tenant_id, email)=(1, x)=(id) already exists.", ConstraintName: "users_tenant_id_email_key"}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{"/email"}},
	{PostgreSQL, &pgxError{Code: "23514", Detail: "Failing row contains (1, street, x)=(, locale).", ConstraintName: "users_email_check"}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{"/email"}},
	{PostgreSQL, &pqError{Code: "23514", Constraint: "users_house_no_check"}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{"/address/houseNo"}},
	{PostgreSQL, &pgxError{Code: "23502", Detail: "Failing row contains (1, street, locale).", ColumnName: "postal_code"}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{"/address/postalCode"}},
	{PostgreSQL, &pqError{Code: "23502", Column: "postal_code"}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{"/address/postalCode"}},
	{PostgreSQL, &pgxError{Code: "23503", Detail: `Key (country)=(XX) is not present in table "countries".`}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{"/address/country"}},
	{PostgreSQL, &pgxError{Code: "22001", Message: "value too long for type character varying(3)"}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{""}},
	{PostgreSQL, &pgxError{Code: "P0001", Message: "street is not wanted"}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{""}},

	// go-sql-driver/mysql
	{MySQL, &mysqlError{Number: 1213}, ErrConflict, ErrConflict, "always", nil},
	{MySQL, &mysqlError{Number: 1020}, ErrConflict, ErrConflict, "always", nil},
	{MySQL, &mysqlError{Number: 1205}, ErrConflict, ErrConflict, "never", nil},
	{MySQL, &mysqlError{Number: 1047}, ErrUnavailable, ErrUnavailable, "always", nil},
	{MySQL, &mysqlError{Number: 1040}, ErrUnavailable, ErrUnavailable, "always", nil},
	{MySQL, &mysqlError{Number: 1290}, ErrUnavailable, ErrUnavailable, "always", nil},
	{MySQL, &mysqlError{Number: 1180}, ErrUnavailable, ErrOutcomeUnknown, "if not sent", nil},
	{MySQL, &mysqlError{Number: 1053}, ErrUnavailable, ErrOutcomeUnknown, "if not sent", nil},
	{MySQL, &mysqlError{Number: 1105}, nil, ErrOutcomeUnknown, "never", nil}, // unlisted
	{MySQL, &mysqlError{Number: 1146}, errMissing, errMissing, "never", nil},
	{MySQL, &mysqlError{Number: 1054}, errMissing, errMissing, "never", nil},
	{MySQL, takenID[MySQL], userstore.ErrExists, userstore.ErrExists, "never", nil},
	{MariaDB, takenID[MariaDB], userstore.ErrExists, userstore.ErrExists, "never", nil},
	{MySQL, &mysqlError{Number: 1062, Message: "Duplicate entry 'a' for key 'users.email'"}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{"/email"}},
	{MariaDB, &mysqlError{Number: 1062, Message: "Duplicate entry 'a' for key 'users_tenant_id_email'"}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{"/email"}},
	{MySQL, &mysqlError{Number: 1062, Message: "Duplicate entry 'b' for key 'PRIMARY' for key 'email'"}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{"/email"}},
	{MySQL, &mysqlError{Number: 1048, Message: "Column 'email' cannot be null"}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{"/email"}},
	{MySQL, &mysqlError{Number: 1406, Message: "Data too long for column 'house_no' at row 1"}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{"/address/houseNo"}},
	{MariaDB, &mysqlError{Number: 1366, Message: "Incorrect string value: 'column `street`' for column `app`.`users`.`email` at row 1"}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{"/email"}},
	{MySQL, &mysqlError{Number: 1292, Message: "Incorrect date value: 'x' for column 'birth_date' at row 1"}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{"/birthDate"}},
	{MySQL, &mysqlError{Number: 3819, Message: "Check constraint 'users_email' is violated."}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{"/email"}},
	{MariaDB, &mysqlError{Number: 4025, Message: "CONSTRAINT `users.gender` failed for `app`.`users`"}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{"/gender"}},
	{MySQL, &mysqlError{Number: 1452, Message: "Cannot add or update a child row: a foreign key constraint fails (`app`.`users`, CONSTRAINT `users_country` FOREIGN KEY (`country`) REFERENCES `c` (`id`))"}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{"/address/country"}},
	{MySQL, &mysqlError{Number: 1644, Message: "street is not wanted"}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{""}},

	// modernc.org/sqlite, ncruces/go-sqlite3, mattn/go-sqlite3
	{SQLite, &moderncError{"database is locked", 517}, ErrConflict, ErrConflict, "always", nil},
	{SQLite, &ncrucesError{"database is locked", 517}, ErrConflict, ErrConflict, "always", nil},
	{SQLite, mattnError{5, 517, "database is locked"}, ErrConflict, ErrConflict, "always", nil},
	{SQLite, &moderncError{"database is locked", 5}, ErrConflict, ErrConflict, "never", nil},
	{SQLite, mattnError{5, 0, "database is locked"}, ErrConflict, ErrConflict, "never", nil},
	{SQLite, &ncrucesError{"database table is locked", 262}, ErrConflict, ErrConflict, "always", nil},
	{SQLite, &moderncError{"unable to open database file", 14}, ErrUnavailable, ErrUnavailable, "always", nil},
	{SQLite, &moderncError{"disk I/O error", 1034}, ErrUnavailable, ErrOutcomeUnknown, "if not sent", nil},
	{SQLite, mattnError{1, 1, "no such table: users"}, errMissing, errMissing, "never", nil},
	{SQLite, &moderncError{"SQL logic error: no such column: email", 1}, errMissing, errMissing, "never", nil},
	{SQLite, &moderncError{"SQL logic error: near x", 1}, nil, nil, "never", nil},
	{SQLite, takenID[SQLite], userstore.ErrExists, userstore.ErrExists, "never", nil},
	{SQLite, mattnError{19, 1555, "UNIQUE constraint failed: users_by_id.id"}, userstore.ErrExists, userstore.ErrExists, "never", nil},
	{SQLite, &ncrucesError{"constraint failed: UNIQUE constraint failed: users_by_id.email", 2067}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{"/email"}},
	{SQLite, &moderncError{"constraint failed: UNIQUE constraint failed: users.tenant_id, users.email", 2067}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{"/email"}},
	{SQLite, mattnError{19, 1299, "NOT NULL constraint failed: users.locale"}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{"/locale"}},
	{SQLite, &moderncError{"constraint failed: CHECK constraint failed: length(email) > 3 AND region <> ''", 275}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{"/email", "/address/region"}},
	{SQLite, &moderncError{"constraint failed: a trigger says no to email", 1811}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{""}},
	{SQLite, &moderncError{"constraint failed: FOREIGN KEY constraint failed", 787}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{""}},
}

var classes = []error{ErrConflict, ErrUnavailable, ErrOutcomeUnknown, errMissing, userstore.ErrExists, userstore.ErrInvalid, userstore.ErrNotFound}

func TestClasses(t *testing.T) {
	for _, tt := range slices.Concat(classTests, codeTests, codelessTests) {
		for _, got := range []Reach{ReachNone, ReachCommit} {
			for _, err := range []error{tt.err, fmt.Errorf("wrapped: %w", tt.err)} {
				t.Run(fmt.Sprintf("%v/%d/%v", tt.dialect, got, err), func(t *testing.T) {
					want, retried := tt.notSent, tt.retried != "never"
					if got == ReachCommit {
						want, retried = tt.sent, tt.retried == "always"
					}
					kind, e := tt.dialect.engine().explain(t.Context(), migrated, "create", sentTo(got, err))
					for _, class := range classes {
						if errors.Is(e, class) != (class == want) {
							t.Errorf("%v matches %v: %t", e, class, errors.Is(e, class))
						}
					}
					if kind.isRetried(false) != retried {
						t.Errorf("is retried: %t", !retried)
					}
					if !errors.Is(e, tt.err) {
						t.Error("does not lead to the driver's error")
					}
					var invalid *userstore.InvalidError
					if errors.As(e, &invalid) != (tt.pointers != nil) {
						t.Fatalf("%v is an InvalidError: %t", e, invalid != nil)
					}
					if diff := cmp.Diff(tt.pointers, pointers(invalid)); diff != "" {
						t.Errorf("pointers (-want +got):\n%s", diff)
					}
				})
			}
		}
	}
}

func pointers(e *userstore.InvalidError) (all []string) {
	if e != nil {
		for _, p := range e.Problems {
			all = append(all, p.Pointer)
		}
	}
	return all
}

// Only Create can find its id taken. In any other call, one of the host's triggers
// has written to another table.
func TestOnlyCreateFindsTheIDTaken(t *testing.T) {
	for _, d := range allDialects {
		for _, op := range []string{"patch", "delete"} {
			_, err := d.engine().explain(t.Context(), migrated, op, sentTo(ReachStatement, takenID[d]))
			if errors.Is(err, userstore.ErrExists) || !errors.Is(err, userstore.ErrInvalid) {
				t.Errorf("%v, %s: %v", d, op, err)
			}
		}
	}
}

// The name of a table never becomes a pointer.
func TestTableIsNoColumn(t *testing.T) {
	for _, tt := range []struct {
		dialect Dialect
		err     error
	}{
		{MySQL, &mysqlError{Number: 1062, Message: "Duplicate entry 'x' for key 'users_by_email.users_locale_key'"}},
		{SQLite, &moderncError{"constraint failed: UNIQUE constraint failed: users_by_email.locale", 2067}},
	} {
		_, err := tt.dialect.engine().explain(t.Context(), migrated, "patch", sentTo(ReachStatement, tt.err))
		var invalid *userstore.InvalidError
		errors.As(err, &invalid)
		if diff := cmp.Diff([]string{"/locale"}, pointers(invalid)); diff != "" {
			t.Errorf("%v (-want +got):\n%s", tt.dialect, diff)
		}
	}
}

// A statement that commits itself has changed nothing if its answer is an error,
// whatever the number.
func TestUnlistedNumberOfAStatement(t *testing.T) {
	_, err := MySQL.engine().explain(t.Context(), migrated, "patch", sentTo(ReachStatement, &mysqlError{Number: 1105}))
	require.NotErrorIs(t, err, ErrOutcomeUnknown)
}

// If the context ends while nothing is applied, the error is the context's and has no
// class.
func TestEndedContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, d := range allDialects {
		for _, err := range []error{conflicts[d], unavailables[d], context.Canceled} {
			_, err := d.engine().explain(ctx, migrated, "get", sentTo(ReachNone, err))
			if !errors.Is(err, context.Canceled) || errors.Is(err, ErrConflict) || errors.Is(err, ErrUnavailable) {
				t.Errorf("%v: %v", d, err)
			}
		}
		_, err := d.engine().explain(ctx, migrated, "patch", sentTo(ReachCommit, context.Canceled))
		if !errors.Is(err, context.Canceled) || !errors.Is(err, ErrOutcomeUnknown) {
			t.Errorf("%v: %v", d, err)
		}
	}
}

// An error that is for the caller already stays as it is.
func TestAnswersPass(t *testing.T) {
	for _, answer := range []error{userstore.ErrNotFound, userstore.ErrExists, &userstore.InvalidError{}, setupErrorf("x")} {
		kind, err := SQLite.engine().explain(t.Context(), migrated, "get", sentTo(ReachCommit, answer))
		if err != answer || kind.isRetried(true) {
			t.Errorf("%v became %v", answer, err)
		}
	}
}
