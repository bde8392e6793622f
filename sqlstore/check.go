package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// A setupError reports what is wrong with the database or its configuration.
type setupError struct{ problems []string }

func (e *setupError) Error() string { return "sqlstore: " + strings.Join(e.problems, "; ") }

// LogValue returns the text, for the log of a handler. It holds no value of a user.
func (e *setupError) LogValue() slog.Value { return slog.StringValue(e.Error()) }

func setupErrorf(format string, args ...any) error {
	return &setupError{[]string{fmt.Sprintf(format, args...)}}
}

// Check reports whether the database is fit to keep users:
//
//   - It is the engine of the dialect.
//   - Its settings are those that the dialect needs, including those without
//     which an acknowledged patch can be lost (see [Options.AcceptDataLoss]).
//   - Texts and times arrive as they are sent: the database sends them back, and
//     counts the characters and bytes of the texts. One text is "", another has
//     several scripts, quotes and backslashes.
//   - The table exists, has the columns, is of a kind that is kept, and is not newer than
//     this package knows.
//   - A row that is inserted, patched and cleared holds in each column what was sent,
//     keeps no reader waiting, and is gone after a rollback, which some drivers and
//     storage engines only pretend. So a trigger or a view that loses a value is found.
//   - In a table of [Options.Mapping], a second user of the same id is refused, and so
//     is NULL for the time of creation.
//
// The error names all settings that are wrong, or else the first of the other
// problems.
//
// Check needs the right to select and, for the last points, to insert and to update. If
// that right is missing, or a constraint of the host refuses the row, Check tries the
// columns in parts: on a row without values, or else on a user's, which it patches in
// transactions that are rolled back (a trigger of the host's sees that). What it could
// not try is no error: see [Store.Unproved]. The table of versions is read if it can be.
// How the table is kept is not checked if the role may not ask, as on a PostgreSQL
// whose host has taken the right to select from pg_class.
//
// A host that calls Check when it starts finds out early. Otherwise the first calls do:
// until a check has succeeded, Get and All first check all but the last two points, and
// the methods that write check all of them.
func (s *Store) Check(ctx context.Context) error {
	values, err := s.layout.values(ctx)
	if err != nil {
		return err
	}
	_, err = retry(ctx, s, call{op: "check", needs: readyUnchecked}, func() (none struct{}, err error) {
		return none, s.checks[readyToWrite].run(ctx, func() error { return s.checkFor(ctx, readyToWrite, values) })
	})
	return err
}

// A readiness is what the database has been found fit for.
type readiness int32

const (
	readyUnchecked readiness = iota
	readyToRead
	readyToWrite
)

// ensureReady checks the database unless that has succeeded before.
func (s *Store) ensureReady(ctx context.Context, needs readiness) error {
	if s.isReady(needs) {
		return nil
	}
	values, err := s.layout.values(ctx) // first: its error is not for others that wait
	if err != nil {
		return ofHost(err)
	}
	return s.checks[needs].run(ctx, func() error {
		if s.isReady(needs) {
			return nil
		}
		return s.checkFor(ctx, needs, values)
	})
}

func (s *Store) isReady(needs readiness) bool { return readiness(s.readiness.Load()) >= needs }

func (s *Store) checkFor(ctx context.Context, needs readiness, values []any) error {
	checks := []func(context.Context, *sql.Conn) error{
		s.checkDriver, s.checkEngine, s.checkSettings, s.checkEchoes,
		func(ctx context.Context, conn *sql.Conn) error { return s.checkTable(ctx, conn, values) },
		s.checkTableSettings, s.checkVersion, s.readKeys,
	}
	if needs == readyToWrite {
		checks = append(checks, func(ctx context.Context, conn *sql.Conn) error { return prober{s, conn, values}.checkRow(ctx) })
	}
	for _, check := range checks {
		err := s.withConn(ctx, func(conn *sql.Conn) error { return check(ctx, conn) })
		if err != nil {
			return err
		}
	}
	s.readiness.Store(max(int32(needs), s.readiness.Load()))
	return nil
}

// checkDriver looks at the driver's own connection.
func (s *Store) checkDriver(_ context.Context, conn *sql.Conn) error {
	return conn.Raw(func(driverConn any) error {
		return setupErrorOf(pgxProblems(driverConn), nil)
	})
}

// checkEngine asks for the version. An error means that this is another engine if the
// connection works, and the error is not a pooler's.
func (s *Store) checkEngine(ctx context.Context, conn *sql.Conn) error {
	answer, err := ask(ctx, conn, s.engine.versionQuery)
	if err != nil {
		if _, dead := ask(ctx, conn, "SELECT 1"); dead != nil || s.engine.classify(err).crossed {
			return err
		}
	}
	if err != nil || !strings.Contains(answer, s.engine.versionHolds) {
		return setupErrorf("the database is not %s: give New the dialect of the engine behind the driver", s.engine.name)
	}
	return nil
}

func (s *Store) checkTable(ctx context.Context, conn *sql.Conn, values []any) error {
	if err := s.checkID(ctx, conn); err != nil {
		return err
	}
	_, err := s.layout.scanUser(conn.QueryRowContext(ctx, s.texts.get, appendKey(nil, uuid.Nil, values)...))
	switch {
	case err == nil || errors.Is(err, userstore.ErrNotFound):
		return nil
	case s.layout.mapped:
		return cmp.Or(s.nameColumns(ctx, conn), s.nameConditions(ctx, conn, values), err)
	case s.engine.classify(err).kind == kindMissing:
		return setupErrorf("the table %s, or a column of it, is missing: call Store.Migrate, or apply Migrations", s.table)
	}
	return err
}

func (s *Store) checkVersion(ctx context.Context, conn *sql.Conn) error {
	if s.layout.mapped {
		return nil // the host migrates
	}
	migrations, err := s.migrations()
	if err != nil {
		return err
	}
	version, err := s.schemaVersion(ctx, conn)
	if err != nil {
		if _, answered := s.engine.classifyCode(err); answered {
			return nil // the host has migrated with its own tool
		}
		return err
	}
	return s.refuseNewer(version, migrations)
}

// ask returns the last column of the first row of the answer, or "" if there is no
// row.
func ask(ctx context.Context, on session, query string) (string, error) {
	rows, err := on.QueryContext(ctx, query)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil || !rows.Next() {
		return "", cmp.Or(err, rows.Err())
	}
	values, dest := make([]sql.Null[string], len(names)), make([]any, len(names))
	for i := range values {
		dest[i] = &values[i]
	}
	if err := rows.Scan(dest...); err != nil {
		return "", err
	}
	return values[len(values)-1].V, rows.Err()
}
