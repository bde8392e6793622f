package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
)

// A migrationLock is how an engine lets only one process migrate at a time.
type migrationLock int

const (
	lockImmediate migrationLock = iota // BEGIN IMMEDIATE
	lockAdvisory                       // an advisory lock in a transaction
	lockNamed                          // a named lock: statements that define data commit by themselves
)

// locked calls do under the engine's lock.
func (s *Store) locked(ctx context.Context, conn *sql.Conn, do func() error) error {
	switch s.engine.migrationLock {
	case lockAdvisory:
		return inTransaction(ctx, conn, "BEGIN", func() error {
			if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_xact_lock(hashtext('"+s.versionTable()+"'))"); err != nil {
				return err
			}
			return do()
		})
	case lockNamed:
		return s.underNamedLock(ctx, conn, do)
	default:
		return inTransaction(ctx, conn, "BEGIN IMMEDIATE", do)
	}
}

// inTransaction calls do in a transaction made of statements, since database/sql
// cannot begin an immediate one.
func inTransaction(ctx context.Context, conn *sql.Conn, begin string, do func() error) error {
	if _, err := conn.ExecContext(ctx, begin); err != nil {
		return err
	}
	err := do()
	if err == nil {
		_, err = conn.ExecContext(ctx, "COMMIT")
	}
	if err != nil {
		late, stop := withGrace(ctx)
		defer stop()
		if _, undo := conn.ExecContext(late, "ROLLBACK"); undo != nil {
			return errDropConn{err}
		}
	}
	return err
}

// lockName is short, since MySQL allows 64 characters.
func (s *Store) lockName() string {
	h := fnv.New64a()
	h.Write([]byte(s.versionTable()))
	return fmt.Sprintf("userrecord %x", h.Sum64())
}

// lockPatience is how many seconds Migrate waits for another process.
const lockPatience = 60

func (s *Store) underNamedLock(ctx context.Context, conn *sql.Conn, do func() error) (err error) {
	var got sql.NullInt64
	name := s.lockName()
	if err := conn.QueryRowContext(ctx, "SELECT GET_LOCK(?, ?)", name, lockPatience).Scan(&got); err != nil {
		return err
	}
	if got.Int64 != 1 {
		return setupErrorf("another process has been migrating the table %s for %d seconds", s.table, lockPatience)
	}
	defer func() {
		late, stop := withGrace(ctx)
		defer stop()
		_, undo := conn.ExecContext(late, "DO RELEASE_LOCK(?)", name)
		if undo != nil {
			err = errDropConn{errors.Join(err, undo)}
		}
	}()
	return do()
}
