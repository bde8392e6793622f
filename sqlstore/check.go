package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

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

// Check reports whether the database is fit to keep users: it is the engine of
// the dialect, its settings are those that the dialect asks for, the table is
// there and not newer than this package knows, and a transaction that is rolled
// back leaves nothing (some drivers and storage engines only pretend: a row is
// inserted and taken back). The error names all settings that are wrong, or else
// the first of the other points.
//
// It needs the rights to select and, for the last point, to insert; where the
// engine refuses that, it is left out. The table of versions is looked at where
// it can be.
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
	steps := []func(context.Context, *sql.Conn) error{s.checkEngine, s.checkSettings, s.checkTable, s.checkVersion}
	if want == toWrite {
		steps = append(steps, s.checkRollback)
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

// checkEngine takes an error for the answer of another engine if the connection
// works.
func (s *Store) checkEngine(ctx context.Context, conn *sql.Conn) error {
	answer, err := ask(ctx, conn, s.dialect.identify)
	if err != nil {
		if _, dead := ask(ctx, conn, "SELECT 1"); dead != nil {
			return err
		}
	}
	if err != nil || !strings.Contains(answer, s.dialect.engine) {
		return setupErrorf("the database is not %s: give New the dialect of the engine behind the driver", s.dialect.name)
	}
	return nil
}

// checkSettings asks two connections, where there can be two, since one may
// have been set by a statement instead of for all.
func (s *Store) checkSettings(ctx context.Context, conn *sql.Conn) error {
	e := new(setupError)
	if err := s.collectSettings(ctx, conn, e); err != nil {
		return err
	}
	single := s.db.Stats().MaxOpenConnections == 1
	if single && s.dialect.twoConns {
		e.problems = append(e.problems, "the pool must allow two connections or more (SetMaxOpenConns): otherwise readers wait for the writer")
	}
	if len(e.problems) == 0 && !single {
		if err := s.secondConn(ctx, e); err != nil {
			return err
		}
	}
	if len(e.problems) > 0 {
		return e
	}
	return nil
}

// secondConnPatience is for how long the check waits for a second connection.
// Others may hold them all; then none is asked.
const secondConnPatience = 250 * time.Millisecond

func (s *Store) secondConn(ctx context.Context, e *setupError) error {
	patient, cancel := context.WithTimeout(ctx, secondConnPatience)
	defer cancel()
	err := s.onConn(patient, func(conn *sql.Conn) error { return s.collectSettings(ctx, conn, e) })
	if errors.As(err, new(errUnreached)) && patient.Err() != nil && ctx.Err() == nil {
		return nil
	}
	return err
}

func (s *Store) collectSettings(ctx context.Context, conn *sql.Conn, e *setupError) error {
	for _, setting := range s.dialect.settings {
		value, err := ask(ctx, conn, setting.query)
		if err != nil {
			return err
		}
		if !setting.ok(value) {
			e.problems = append(e.problems, setting.want)
		}
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

// probe is a user that cannot exist.
var probe = userstore.User{CreatedAt: time.Unix(0, 0).UTC()}

// checkRollback inserts the probe and takes that back.
func (s *Store) checkRollback(ctx context.Context, conn *sql.Conn) error {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, s.texts.insert, insertion(probe, s.dialect.layout)...)
	if undo := tx.Rollback(); undo != nil {
		return errDropped{errors.Join(err, undo)}
	}
	if err != nil {
		switch s.dialect.diagnose(err).verdict {
		case refused, failed, unsure:
			return nil // by a constraint or for want of a right: it is at least obeyed
		case duplicate: // left behind by an earlier check
		default:
			return err
		}
	}
	return s.noProbe(ctx, conn)
}

// noProbe reports the probe if it is there, and removes it.
func (s *Store) noProbe(ctx context.Context, conn *sql.Conn) error {
	_, err := read(conn.QueryRowContext(ctx, s.texts.get, probe.ID.String()))
	if errors.Is(err, userstore.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, s.texts.delete, probe.ID.String()); err != nil {
		return err
	}
	return setupErrorf("a transaction that was rolled back has left its row in the table %s: the driver, or the table's storage engine, does not keep transactions", s.name)
}

// ask returns the one value that the query answers with.
func ask(ctx context.Context, on session, query string) (value string, err error) {
	err = on.QueryRowContext(ctx, query).Scan(&value)
	return value, err
}
