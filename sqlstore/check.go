package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// setupError says what is wrong with the database or its configuration.
type setupError struct{ problems []string }

func (e *setupError) Error() string { return "sqlstore: " + strings.Join(e.problems, "; ") }

func setupErrorf(format string, args ...any) error {
	return &setupError{[]string{fmt.Sprintf(format, args...)}}
}

// Check reports whether the database is fit to keep users: it is the engine of
// the dialect, its settings are those that the dialect asks for, the table is
// there and not newer than this package knows, and a transaction that is rolled
// back leaves nothing (some drivers and storage engines only pretend). The error
// names everything that is wrong.
//
// Every method calls it until it has succeeded once. A host that calls it at
// its start learns early.
func (s *Store) Check(ctx context.Context) error {
	return s.retry(ctx, "check", func(ctx context.Context, _ int) (reach, error) {
		return notSent, s.alone(ctx, func() error { return s.check(ctx) })
	}, again)
}

func (s *Store) check(ctx context.Context) error {
	for _, step := range []func(context.Context, *sql.Conn) error{
		s.checkEngine, s.checkSettings, s.checkTable, s.checkVersion, s.checkRollback,
	} {
		err := s.onConn(ctx, func(conn *sql.Conn) error { return step(ctx, conn) })
		if err != nil {
			return err
		}
	}
	return nil
}

// ready checks the database until that has succeeded once.
func (s *Store) ready(ctx context.Context) error {
	if s.checked.Load() {
		return nil
	}
	return s.alone(ctx, func() error {
		if s.checked.Load() {
			return nil
		}
		err := s.check(ctx)
		s.checked.Store(err == nil)
		return err
	})
}

// alone calls do while nobody else checks, since a check needs two connections
// at once.
func (s *Store) alone(ctx context.Context, do func() error) error {
	select {
	case s.checking <- struct{}{}:
		defer func() { <-s.checking }()
		return do()
	case <-ctx.Done():
		return ctx.Err()
	}
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

// secondConnPatience is for how long the check waits for a second connection,
// which others may hold.
const secondConnPatience = 5 * time.Second

func (s *Store) secondConn(ctx context.Context, e *setupError) error {
	ctx, cancel := context.WithTimeout(ctx, secondConnPatience)
	defer cancel()
	return s.onConn(ctx, func(conn *sql.Conn) error { return s.collectSettings(ctx, conn, e) })
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
	case err == nil || errors.Is(err, sql.ErrNoRows):
		return nil
	case s.dialect.diagnose(err).verdict == unprepared:
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
	if err != nil && s.dialect.diagnose(err).verdict == unprepared {
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
		case refused:
			return nil // by a constraint of the host: it is at least obeyed
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
	if errors.Is(err, sql.ErrNoRows) {
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
