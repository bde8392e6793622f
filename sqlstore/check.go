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

// setupError says what is wrong with the database or its configuration.
type setupError struct{ problems []string }

func (e *setupError) Error() string { return "sqlstore: " + strings.Join(e.problems, "; ") }

// LogValue is the text, which holds no value of a user: a handler's log shows it.
func (e *setupError) LogValue() slog.Value { return slog.StringValue(e.Error()) }

func setupErrorf(format string, args ...any) error {
	return &setupError{[]string{fmt.Sprintf(format, args...)}}
}

// Check reports whether the database is fit to keep users:
//
//   - it is the engine of the dialect;
//   - its settings are those that the dialect asks for, among them those without
//     which an acknowledged patch can be lost (see [Options.AcceptDataLoss]);
//   - texts, among them "" and one of several scripts with quotes and backslashes,
//     and times arrive as they are sent: the database counts their characters and
//     bytes, and sends them back;
//   - the table is there, of a kind that is kept, and not newer than this package
//     knows;
//   - a row that is inserted holds what was sent, keeps no reader waiting, and is
//     gone after a rollback (some drivers and storage engines only pretend).
//
// The error names all settings that are wrong, or else the first of the other
// points.
//
// It needs the rights to select and, for the last point, to insert; where the
// engine refuses that, it is left out. So is a row with values where a constraint
// of the host refuses it: one without is inserted then. The table of versions is
// looked at where it can be.
//
// Get and All call it, less the last point, until it has succeeded once; the
// methods that write call all of it. A host that calls it at its start learns
// early.
func (s *Store) Check(ctx context.Context) error {
	return s.retry(ctx, "check", untested, again, func() (reach, error) {
		return notSent, s.checks[toWrite].alone(ctx, func() error { return s.check(ctx, toWrite) })
	})
}

// A fitness is what the database has been found fit for.
type fitness = int32

const (
	untested fitness = iota
	toRead
	toWrite
)

func (s *Store) check(ctx context.Context, want fitness) error {
	steps := []func(context.Context, *sql.Conn) error{
		s.checkConn, s.checkEngine, s.checkSettings, s.checkValues, s.checkTable, s.checkStorage, s.checkVersion,
	}
	if want == toWrite {
		steps = append(steps, s.checkRow)
	}
	for _, step := range steps {
		err := s.onConn(ctx, func(conn *sql.Conn) error { return step(ctx, conn) })
		if err != nil {
			return err
		}
	}
	s.fit.Store(max(want, s.fit.Load()))
	return nil
}

// ready checks the database until that has succeeded once.
func (s *Store) ready(ctx context.Context, want fitness) error {
	if s.fit.Load() >= want {
		return nil
	}
	return s.checks[want].alone(ctx, func() error {
		if s.fit.Load() >= want {
			return nil
		}
		return s.check(ctx, want)
	})
}

// checkConn looks at the driver's connection.
func (s *Store) checkConn(_ context.Context, conn *sql.Conn) error {
	if s.dialect.driver == nil {
		return nil
	}
	return conn.Raw(func(driverConn any) error {
		return problem(s.dialect.driver(driverConn), nil)
	})
}

// checkEngine takes an error for the answer of another engine if the connection
// works, and the error is not that of a pooler.
func (s *Store) checkEngine(ctx context.Context, conn *sql.Conn) error {
	answer, err := ask(ctx, conn, s.dialect.identify)
	if err != nil {
		if _, dead := ask(ctx, conn, "SELECT 1"); dead != nil || s.dialect.diagnose(err).note == crossed {
			return err
		}
	}
	if err != nil || !strings.Contains(answer, s.dialect.engine) {
		return setupErrorf("the database is not %s: give New the dialect of the engine behind the driver", s.dialect.name)
	}
	return nil
}

func (s *Store) checkTable(ctx context.Context, conn *sql.Conn) error {
	_, err := read(conn.QueryRowContext(ctx, s.texts.get, uuid.Nil.String()))
	switch {
	case err == nil || errors.Is(err, userstore.ErrNotFound):
		return nil
	case s.dialect.diagnose(err).verdict == missing:
		return setupErrorf("the table %s, or a column of it, is missing: call Store.Migrate, or apply Migrations", s.name)
	}
	return err
}

func (s *Store) checkVersion(ctx context.Context, conn *sql.Conn) error {
	migrations, err := Migrations(s.dialect, s.name)
	if err != nil {
		return err
	}
	version, err := s.version(ctx, conn)
	if _, answered := s.dialect.find(err); err != nil && answered {
		return nil // the host migrates by itself
	}
	if err != nil {
		return err
	}
	return s.tooNew(version, migrations)
}

// ask returns the last column of the first row that the query answers with, ""
// where there is none.
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
