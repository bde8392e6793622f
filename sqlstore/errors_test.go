package sqlstore

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/userstore"
)

// canary stands for a value of a user.
const canary = "hunter2"

// hostile are values that look like the texts of engines.
var hostile = []string{
	canary,
	canary + "' for key 'users.email",
	"x' for key '" + canary,
	"x' for key '" + canary + "' for key '",
	"CONSTRAINT `" + canary + "`",
	"Check constraint '" + canary + "' is violated.",
	"column `" + canary + "`",
	"UNIQUE constraint failed: " + canary + ".email",
	"NOT NULL constraint failed: " + canary + ".email",
	"CHECK constraint failed: " + canary,
	"users.email " + canary,
	"a)=(" + canary,
	canary + ")=(a",
	"Key (" + canary + ")=(a",
	"\n" + canary + "\n",
}

// quoting returns errors that hold the value where engines quote values, and where a
// driver that wraps another one prints the arguments.
func quoting(d Dialect, v string) (all []error) {
	switch d {
	case SQLite:
		for _, code := range []int{1, 5, 10, 13, 275, 1811, 3091, 787} {
			all = append(all, &moderncError{v, code}, &ncrucesError{v, uint16(code)}, mattnError{mattnNo(code & 0xff), mattnExtended(code), v})
		}
		all = append(all, &moderncError{"constraint failed: UNIQUE constraint failed: users.email", 2067})
	case PostgreSQL:
		for _, code := range []string{"22P02", "22001", "23502", "23503", "23505", "23514", "P0001", "40001", "42P01", "57P01", "XX000"} {
			for _, detail := range []string{"", "Key (email)=(" + v + ") already exists.", "Failing row contains (1, " + v + ", x)."} {
				all = append(all,
					&pgxError{Code: code, Message: `invalid input "` + v + `"`, Detail: detail, ConstraintName: "users_email_key"},
					&pqError{Code: pqCode(code), Message: v, Detail: detail, Column: "email"})
			}
		}
	default:
		for _, number := range []uint16{1048, 1062, 1105, 1205, 1213, 1264, 1292, 1317, 1366, 1406, 1644} {
			for _, message := range []string{v, "Duplicate entry '" + v + "' for key 'users.email'", "Incorrect integer value: '" + v + "' for column `app`.`users`.`email` at row 1"} {
				all = append(all, &mysqlError{Number: number, Message: message})
			}
		}
	}
	for _, err := range all {
		all = append(all, fmt.Errorf("exec with [%s]: %w", v, err))
	}
	return append(all, errors.New(v), fmt.Errorf("exec with [%s]: %w", v, errBroken))
}

// No text or log line of an error ever holds a value, whatever it looks like.
func TestErrorsHoldNoValue(t *testing.T) {
	for _, d := range allDialects {
		n := 0
		for _, v := range hostile {
			for _, driver := range quoting(d, v) {
				for _, got := range []Reach{ReachNone, ReachCommit} {
					n++
					_, err := d.engine().explain(t.Context(), migrated, "patch", sentTo(got, driver))
					for form, text := range shown(err) {
						if strings.Contains(text, canary) {
							t.Fatalf("%v, %T %q: %s shows %s", d, driver, driver, form, text)
						}
						if form == "%s" && strings.ContainsAny(text, "\n\r") {
							t.Errorf("%v: more than a line: %q", d, text)
						}
					}
				}
			}
		}
		if n < 500 {
			t.Errorf("%v: only %d errors", d, n)
		}
	}
}

// shown returns the texts of an error, by how they are printed.
func shown(err error) map[string]string {
	all := map[string]string{}
	for _, verb := range []string{"%v", "%+v", "%#v", "%q", "%s", "%d", "%t", "%x"} {
		all[verb] = fmt.Sprintf(verb, err)
		if verb == "%x" {
			all[verb] = strings.ReplaceAll(all[verb], fmt.Sprintf("%x", canary), canary)
		}
	}
	all["wrapped"] = fmt.Errorf("host: %w", err).Error()
	for name, handler := range map[string]func(*bytes.Buffer) slog.Handler{
		"slog text": func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
		"slog JSON": func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
	} {
		var b bytes.Buffer
		logger := slog.New(handler(&b))
		logger.Error("failed", "err", err, "wrapped", fmt.Errorf("host: %w", err), "many", []error{err})
		all[name] = b.String()
	}
	return all
}

// The names of constraints are no values, and are shown.
func TestErrorsNameConstraints(t *testing.T) {
	tests := []struct {
		dialect Dialect
		err     error
		want    string
	}{
		{PostgreSQL, &pgxError{Code: "23505", Detail: "Key (email)=(x) already exists.", ConstraintName: "users_email_key"},
			"sqlstore: patch: invalid user: /email is taken by another user (SQLSTATE 23505) (users_email_key)"},
		{MySQL, &mysqlError{Number: 1062, Message: "Duplicate entry 'x' for key 'users.email'"},
			"sqlstore: patch: invalid user: /email is taken by another user (error 1062) (users.email)"},
		{MariaDB, &mysqlError{Number: 4025, Message: "CONSTRAINT `users.email` failed for `app`.`users`"},
			"sqlstore: patch: invalid user: /email violates a constraint of the database (error 4025) (users.email)"},
		{SQLite, &moderncError{"constraint failed: UNIQUE constraint failed: users.email", 2067},
			"sqlstore: patch: invalid user: /email is taken by another user (result code 2067) (users.email)"},
		{SQLite, takenID[SQLite], "sqlstore: create: user exists (result code 1555) (users.id)"},
		{SQLite, &moderncError{"disk I/O error", 1034}, "sqlstore: patch: outcome unknown (result code 1034)"},
		{PostgreSQL, errBroken, "sqlstore: patch: outcome unknown"},
		{PostgreSQL, &pgxError{Code: "42501"}, "sqlstore: patch: failed (SQLSTATE 42501)"},
	}
	for _, tt := range tests {
		op := strings.Fields(tt.want)[1]
		_, err := tt.dialect.engine().explain(t.Context(), migrated, strings.TrimSuffix(op, ":"), sentTo(ReachStatement, tt.err))
		if got := err.Error(); got != tt.want {
			t.Errorf("%v:\n got %s\nwant %s", tt.dialect, got, tt.want)
		}
	}
}

func TestLogValue(t *testing.T) {
	_, err := PostgreSQL.engine().explain(t.Context(), migrated, "patch", sentTo(ReachStatement, &pgxError{Code: "40001"}))
	var b bytes.Buffer
	slog.New(slog.NewTextHandler(&b, nil)).Error("x", "err", err)
	if want := `err.op=patch err.text="sqlstore: patch: conflict with another transaction (SQLSTATE 40001)" err.code="SQLSTATE 40001"`; !strings.Contains(b.String(), want) {
		t.Errorf("%s lacks %s", b.String(), want)
	}
}

// The Store's error for a row that it cannot read names the column, but shows neither
// database/sql's error nor the value.
func TestUnreadableRowShowsNoValue(t *testing.T) {
	eachDialect(t, func(t *testing.T, f *fake) {
		for i := range columnNames {
			row := values(insertArgs(example, f.dialect.engine().timeLayout))
			for j := range row {
				if s, ok := row[j].(string); ok && j > 1 {
					row[j] = s + canary
				}
			}
			row[i] = struct{ any }{canary} // not a driver.Value: nothing can scan it
			f.committed.rows[example.ID.String()] = row
			_, err := open(t, f, &Options{MaxRetries: -1}).Get(t.Context(), example.ID)
			require.Errorf(t, err, "%s was read", columnNames[i])
			for _, inner := range wrappedBy(err) {
				if strings.Contains(inner.Error(), canary) {
					t.Errorf("%s: %v", columnNames[i], inner)
				}
			}
			if errors.Is(err, ErrUnavailable) || errors.Is(err, userstore.ErrNotFound) {
				t.Errorf("%s: %v", columnNames[i], err)
			}
		}
	})
}

// wrappedBy returns err and all that it wraps.
func wrappedBy(err error) []error {
	all := []error{err}
	switch e := err.(type) {
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			all = append(all, wrappedBy(inner)...)
		}
	case interface{ Unwrap() error }:
		if inner := e.Unwrap(); inner != nil {
			all = append(all, wrappedBy(inner)...)
		}
	}
	return all
}

func TestLogValueOfAConstraint(t *testing.T) {
	for _, constraint := range []string{"", "users_email_key"} {
		e := &Error{Op: "patch", Code: "SQLSTATE 23505", Constraint: constraint}
		want := []slog.Attr{slog.String("op", "patch"), slog.String("text", e.Error()), slog.String("code", e.Code)}
		if constraint != "" {
			want = append(want, slog.String("constraint", constraint))
		}
		if diff := cmp.Diff(want, e.LogValue().Group()); diff != "" {
			t.Errorf("%q (-want +got):\n%s", constraint, diff)
		}
	}
}

// A lock that is met while connecting has not been waited for.
func TestLockedWhileConnecting(t *testing.T) {
	locked := &moderncError{"database is locked", 5}
	for _, tt := range []struct{ err, want error }{
		{locked, ErrConflict}, {errNoConn{locked}, ErrUnavailable}, {errNoConn{conflicts[SQLite]}, ErrConflict},
	} {
		if _, err := SQLite.engine().explain(t.Context(), migrated, "get", tt.err); !errors.Is(err, tt.want) {
			t.Errorf("%T: %v, want %v", tt.err, err, tt.want)
		}
	}
}
