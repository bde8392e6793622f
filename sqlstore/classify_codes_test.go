package sqlstore

import (
	"errors"
	"strings"
	"testing"

	"github.com/userrecord/userrecord/userstore"
)

// The codes of a database or a pooler that has a problem itself.
var codeTests = []classTest{
	// PostgreSQL: out of disk or memory, a file; a cancelled statement
	{PostgreSQL, &pgxError{Code: "53100"}, ErrUnavailable, ErrUnavailable, "never", nil},
	{PostgreSQL, &pgxError{Code: "53100", Severity: "PANIC"}, ErrUnavailable, ErrOutcomeUnknown, "if not sent", nil},
	{PostgreSQL, &pgxError{Code: "53200", Severity: "ERROR"}, ErrUnavailable, ErrUnavailable, "never", nil},
	{PostgreSQL, &pgxError{Code: "53400"}, ErrUnavailable, ErrUnavailable, "never", nil},
	{PostgreSQL, &pgxError{Code: "58000"}, ErrUnavailable, ErrUnavailable, "never", nil},
	{PostgreSQL, &pgxError{Code: "58030"}, ErrUnavailable, ErrUnavailable, "never", nil},
	{PostgreSQL, &pgxError{Code: "57014", Severity: "ERROR"}, ErrUnavailable, ErrUnavailable, "never", nil},
	{PostgreSQL, &pgxError{Code: "57P04", Severity: "FATAL"}, ErrUnavailable, ErrOutcomeUnknown, "if not sent", nil},
	{PostgreSQL, &pgxError{Code: "57P05", Severity: "FATAL"}, ErrUnavailable, ErrUnavailable, "always", nil},
	{PostgreSQL, &pgxError{Code: "25P03", Severity: "FATAL"}, ErrUnavailable, ErrUnavailable, "always", nil},
	{PostgreSQL, &pgxError{Code: "25P04", Severity: "FATAL"}, ErrUnavailable, ErrUnavailable, "always", nil},
	{PostgreSQL, &pgxError{Code: "28P01", Severity: "FATAL"}, ErrUnavailable, ErrUnavailable, "never", nil},
	{PostgreSQL, &pgxError{Code: "3D000", Severity: "FATAL"}, ErrUnavailable, ErrUnavailable, "never", nil},
	{PostgreSQL, &pgxError{Code: "40000"}, ErrConflict, ErrConflict, "always", nil},
	{PostgreSQL, &pgxError{Code: "40001", Severity: "FATAL"}, ErrUnavailable, ErrOutcomeUnknown, "if not sent", nil},
	{PostgreSQL, &pgxError{Code: "72000"}, ErrConflict, ErrConflict, "always", nil},
	{PostgreSQL, &pgxError{Code: "XX000", Severity: "FATAL"}, ErrUnavailable, ErrOutcomeUnknown, "if not sent", nil},
	{PostgreSQL, &pgxError{Code: "XX000", Severity: "ERROR"}, nil, nil, "never", nil},
	// the host's view, index and deferred constraint
	{PostgreSQL, &pgxError{Code: "44000"}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{""}},
	{PostgreSQL, &pgxError{Code: "40002", ConstraintName: "users_email_key"}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{"/email"}},
	{PostgreSQL, &pgxError{Code: "54000", ConstraintName: "users_email_idx"}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{"/email"}},
	// an altered table, and other errors with 0A000
	{PostgreSQL, &pgxError{Code: "0A000", Severity: "ERROR", Routine: "RevalidateCachedQuery", Message: "der gecachte Plan darf nicht"}, ErrConflict, ErrConflict, "always", nil},
	{PostgreSQL, &pgxError{Code: "0A000", Message: "cached plan must not change result type"}, ErrConflict, ErrConflict, "always", nil},
	{PostgreSQL, &pgxError{Code: "0A000", Severity: "ERROR", Routine: "transformInsertStmt"}, nil, nil, "never", nil},
	// a taken id whose key is hidden
	{PostgreSQL, &pgxError{Code: "23505", ConstraintName: "users_pkey"}, userstore.ErrExists, userstore.ErrExists, "never", nil},
	{PostgreSQL, &pgxError{Code: "23505", ConstraintName: "users_email_key"}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{"/email"}},
	{PostgreSQL, errWithColumns{&pgxError{Code: "23505", ConstraintName: "k1"}, "id"}, userstore.ErrExists, userstore.ErrExists, "never", nil},
	{PostgreSQL, errWithColumns{&pgxError{Code: "23505", ConstraintName: "k2"}, "tenant, lower(email)"}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{"/email"}},
	{PostgreSQL, errWithColumns{&pgxError{Code: "23505", ConstraintName: "k_pkey"}, "tenant, email"}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{"/email"}},
	{PostgreSQL, &pgxError{Code: "23505", Detail: "Key (tenant, id)=(1, x) already exists.", ConstraintName: "k3"}, userstore.ErrExists, userstore.ErrExists, "never", nil},
	{PostgreSQL, &pgxError{Code: "23505", Detail: "Key (tenant_id, email)=(1, id) already exists.", ConstraintName: "k4"}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{"/email"}},
	{SQLite, &moderncError{"constraint failed: UNIQUE constraint failed: users.tenant, users.id", 1555}, userstore.ErrExists, userstore.ErrExists, "never", nil},
	{SQLite, &moderncError{"constraint failed: UNIQUE constraint failed: users.tenant_id, users.email", 2067}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{"/email"}},
	// PgBouncer, which sends neither SeverityUnlocalized nor a routine
	{PostgreSQL, pooled("query_wait_timeout"), ErrUnavailable, ErrUnavailable, "always", nil},
	{PostgreSQL, pooled("client_login_timeout (server down)"), ErrUnavailable, ErrUnavailable, "always", nil},
	{PostgreSQL, pooled("client_idle_timeout"), ErrUnavailable, ErrUnavailable, "always", nil},
	{PostgreSQL, pooled("idle transaction timeout"), ErrUnavailable, ErrUnavailable, "always", nil},
	{PostgreSQL, pooled("server login has been failing, try again later (server_login_retry)"), ErrUnavailable, ErrUnavailable, "always", nil},
	{PostgreSQL, pooled("server login has been failing, cached error: connect failed (server_login_retry)"), ErrUnavailable, ErrUnavailable, "always", nil},
	{PostgreSQL, pooled("no more connections allowed (max_client_conn)"), ErrUnavailable, ErrUnavailable, "always", nil},
	{PostgreSQL, pooled("no such database: app"), ErrUnavailable, ErrUnavailable, "always", nil},
	{PostgreSQL, pooled(`database "app" is disabled`), ErrUnavailable, ErrUnavailable, "always", nil},
	{PostgreSQL, pooled("bouncer config error"), ErrUnavailable, ErrUnavailable, "always", nil},
	{PostgreSQL, pooled("query timeout"), ErrUnavailable, ErrOutcomeUnknown, "if not sent", nil},
	{PostgreSQL, pooled("database removed"), ErrUnavailable, ErrOutcomeUnknown, "if not sent", nil},
	{PostgreSQL, pooled("server conn crashed?"), ErrUnavailable, ErrOutcomeUnknown, "if not sent", nil},
	{PostgreSQL, &pgxError{Code: "P0001", Severity: "ERROR", Routine: "exec_stmt_raise", Message: "query_wait_timeout"}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{""}},
	{PostgreSQL, &pgxError{Code: "08P01", Severity: "FATAL", Routine: "ProcessStartupPacket", Message: "query_wait_timeout"}, ErrUnavailable, ErrOutcomeUnknown, "if not sent", nil},

	// MySQL and MariaDB, from a statement or from COMMIT
	{MySQL, &mysqlError{Number: 3}, ErrUnavailable, ErrOutcomeUnknown, "never", nil},
	{MySQL, &mysqlError{Number: 1021}, ErrUnavailable, ErrOutcomeUnknown, "never", nil},
	{MySQL, &mysqlError{Number: 1026}, ErrUnavailable, ErrOutcomeUnknown, "never", nil},
	{MySQL, &mysqlError{Number: 1030, Message: `Got error 28 "No space left on device"`}, ErrUnavailable, ErrOutcomeUnknown, "never", nil},
	{MySQL, &mysqlError{Number: 1114}, ErrUnavailable, ErrOutcomeUnknown, "never", nil},
	{MySQL, &mysqlError{Number: 1317}, ErrUnavailable, ErrOutcomeUnknown, "never", nil},
	{MySQL, &mysqlError{Number: 1461}, ErrUnavailable, ErrOutcomeUnknown, "never", nil},
	{MySQL, &mysqlError{Number: 1637}, ErrUnavailable, ErrOutcomeUnknown, "never", nil},
	{MariaDB, &mysqlError{Number: 1969}, ErrUnavailable, ErrOutcomeUnknown, "never", nil},
	{MySQL, &mysqlError{Number: 3024}, ErrUnavailable, ErrOutcomeUnknown, "never", nil},
	{MySQL, &mysqlError{Number: 1615}, ErrConflict, ErrConflict, "always", nil},
	{MySQL, &mysqlError{Number: 1412}, ErrConflict, ErrConflict, "always", nil},
	{MySQL, &mysqlError{Number: 3572}, ErrConflict, ErrConflict, "never", nil},
	{MySQL, &mysqlError{Number: 1129}, ErrUnavailable, ErrUnavailable, "always", nil},
	{MySQL, &mysqlError{Number: 1836}, ErrUnavailable, ErrUnavailable, "always", nil},
	{MySQL, &mysqlError{Number: 3032}, ErrUnavailable, ErrUnavailable, "always", nil},
	{MySQL, &mysqlError{Number: 3100}, ErrUnavailable, ErrUnavailable, "always", nil},
	{MySQL, &mysqlError{Number: 4031}, ErrUnavailable, ErrUnavailable, "always", nil},
	{MySQL, &mysqlError{Number: 9001}, ErrUnavailable, ErrUnavailable, "always", nil},
	{MySQL, &mysqlError{Number: 1158}, ErrUnavailable, ErrOutcomeUnknown, "if not sent", nil},
	{MySQL, &mysqlError{Number: 1161}, ErrUnavailable, ErrOutcomeUnknown, "if not sent", nil},
	{MySQL, &mysqlError{Number: 2006}, ErrUnavailable, ErrOutcomeUnknown, "if not sent", nil},
	{MySQL, &mysqlError{Number: 2013}, ErrUnavailable, ErrOutcomeUnknown, "if not sent", nil},
	{MySQL, &mysqlError{Number: 3169}, ErrUnavailable, ErrOutcomeUnknown, "if not sent", nil},
	{MySQL, &mysqlError{Number: 1369}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{""}},
	{MySQL, &mysqlError{Number: 1118}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{""}},
	{MariaDB, &mysqlError{Number: 1062, Message: "Doppelter Eintrag 'PRIMARY' für Schlüssel 'email'"}, userstore.ErrInvalid, userstore.ErrInvalid, "never", []string{"/email"}},
	{MariaDB, &mysqlError{Number: 1062, Message: "Doppelter Eintrag '0-1' für Schlüssel 'PRIMARY'"}, userstore.ErrExists, userstore.ErrExists, "never", nil},
	{MySQL, &mysqlError{Number: 1062, Message: "'0-1' は索引 'users.PRIMARY' で重複しています。"}, userstore.ErrExists, userstore.ErrExists, "never", nil},

	// SQLite
	{SQLite, &moderncError{"database or disk is full", 13}, ErrUnavailable, ErrUnavailable, "never", nil},
	{SQLite, &ncrucesError{"database or disk is full", 13}, ErrUnavailable, ErrUnavailable, "never", nil},
	{SQLite, ncrucesExtended(778), ErrUnavailable, ErrUnavailable, "never", nil},
	{SQLite, &moderncError{"out of memory", 7}, ErrUnavailable, ErrUnavailable, "never", nil},
	{SQLite, &moderncError{"attempt to write a readonly database", 8}, ErrUnavailable, ErrUnavailable, "never", nil},
	{SQLite, &moderncError{"attempt to write a readonly database", 1032}, ErrUnavailable, ErrUnavailable, "never", nil},
	{SQLite, &moderncError{"interrupted", 9}, ErrUnavailable, ErrUnavailable, "never", nil},
	{SQLite, &moderncError{"database is locked", 773}, ErrConflict, ErrConflict, "never", nil},
	{SQLite, &moderncError{"locking protocol", 15}, ErrConflict, ErrConflict, "never", nil},
	{SQLite, &moderncError{"database schema has changed", 17}, ErrConflict, ErrConflict, "always", nil},
	{SQLite, &moderncError{"disk I/O error", 4874}, ErrUnavailable, ErrOutcomeUnknown, "if not sent", nil},
	{SQLite, &moderncError{"database disk image is malformed", 11}, nil, nil, "never", nil},
	{SQLite, &moderncError{"file is not a database", 26}, nil, nil, "never", nil},
}

// pooled returns one of PgBouncer's own errors.
func pooled(message string) error {
	return &pgxError{Code: "08P01", Severity: "FATAL", Message: message}
}

// If a prepared statement is missing, or exists already, a pooler is to blame, and the
// error says what to do.
func TestCrossedStatements(t *testing.T) {
	for _, err := range []error{
		&pgxError{Code: "26000", Severity: "ERROR", Routine: "FetchPreparedStatement"},
		&pgxError{Code: "42P05", Severity: "ERROR", Routine: "StorePreparedStatement"},
		&pgxError{Code: "34000", Severity: "ERROR", Routine: "exec_execute_message"},
		&pgxError{Code: "08P01", Severity: "ERROR", Routine: "exec_bind_message"},
	} {
		kind, got := PostgreSQL.engine().explain(t.Context(), migrated, "patch", sentTo(ReachStatement, err))
		for _, class := range classes {
			if errors.Is(got, class) {
				t.Errorf("%v matches %v", got, class)
			}
		}
		if kind.isRetried(true) || !strings.Contains(got.Error(), "a pooler") || !strings.Contains(got.Error(), "default_query_exec_mode to exec, cache_describe or simple_protocol") {
			t.Errorf("retried %t: %v", kind.isRetried(true), got)
		}
	}
}

// sentBefore96 is pgx's error of a server that sends no SeverityUnlocalized.
type sentBefore96 struct{ SeverityUnlocalized, Severity, Code string }

func (*sentBefore96) Error() string      { return "" }
func (e *sentBefore96) SQLState() string { return e.Code }

func TestEmptyFieldIsNoField(t *testing.T) {
	for severity, want := range map[string]bool{"FATAL": true, "ERROR": false, "": false} {
		if got := isFatal(&sentBefore96{Severity: severity, Code: "57P01"}); got != want {
			t.Errorf("%q is fatal: %t", severity, got)
		}
	}
}
