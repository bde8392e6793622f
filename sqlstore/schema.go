package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"strconv"
	"strings"
)

// migrationFiles are numbered from 1, without gaps. A published one is never
// changed. Each can be applied twice: MySQL commits every statement that defines
// data by itself, so that a migration may have been cut off.
//
//go:embed migrations
var migrationFiles embed.FS

// A Migration is one step of the schema.
type Migration struct {
	Version int    // from 1
	Name    string // such as users
	SQL     string // one or more statements, each ended by a semicolon at the end of a line
}

// Migrations returns all steps of the schema for a table of that name
// ([DefaultTable] if empty), in order: for [Store.Migrate], or for a host's own
// migration tool, one file each. The error says what is wrong with the
// arguments.
func Migrations(dialect Dialect, table string) ([]Migration, error) {
	return migrationsIn(migrationFiles, dialect, table)
}

func migrationsIn(files fs.FS, dialect Dialect, table string) ([]Migration, error) {
	table = cmp.Or(table, DefaultTable)
	if err := checkTable(table); err != nil {
		return nil, err
	}
	names, err := fs.Glob(files, "migrations/"+dialect.folder+"/*.sql")
	if err != nil || len(names) == 0 {
		return nil, fmt.Errorf("sqlstore: there are no migrations for %v", dialect)
	}
	all := make([]Migration, len(names))
	for i, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		number, title, _ := strings.Cut(strings.TrimSuffix(name[strings.LastIndex(name, "/")+1:], ".sql"), "_")
		if n, err := strconv.Atoi(number); err != nil || n != i+1 {
			return nil, fmt.Errorf("sqlstore: the migration %s is not number %d", name, i+1)
		}
		all[i] = Migration{i + 1, title, strings.ReplaceAll(string(text), "{table}", dialect.quoted(table))}
	}
	return all, nil
}

// Migrate creates the table, or brings it up to date, and then checks the
// database as [Store.Check] does. It may be called at every start, by several
// processes at once. A schema that is newer than this package knows is an error.
// Which version is there is kept in a table of its own, whose name ends in
// _schema.
//
// It needs the right to create tables only where something is missing. A host
// that migrates with its own tool takes [Migrations] and does not call it.
func (s *Store) Migrate(ctx context.Context) error {
	all, err := Migrations(s.dialect, s.name)
	if err != nil {
		return err
	}
	if err := s.migrateTo(ctx, all); err != nil {
		return err
	}
	return s.Check(ctx)
}

func (s *Store) migrateTo(ctx context.Context, all []Migration) error {
	return s.retry(ctx, "migrate", untested, again, func() (reach, error) {
		return notSent, s.onConn(ctx, func(conn *sql.Conn) error {
			if err := s.checkConn(ctx, conn); err != nil {
				return err
			}
			if err := s.checkEngine(ctx, conn); err != nil {
				return err
			}
			version, err := s.version(ctx, conn)
			recorded := err == nil && version == len(all)
			if recorded && s.checkTable(ctx, conn) == nil {
				return nil
			}
			return s.dialect.migrate(ctx, s, conn, func() error { return s.apply(ctx, conn, all, recorded) })
		})
	})
}

// apply applies the migrations that are missing, or all of them again if they are
// recorded and the table is not there.
func (s *Store) apply(ctx context.Context, conn *sql.Conn, all []Migration, recorded bool) error {
	if _, err := conn.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS "+s.versions()+" (version INTEGER NOT NULL PRIMARY KEY)"); err != nil {
		return err
	}
	version, err := s.version(ctx, conn)
	if err != nil {
		return err
	}
	if err := s.tooNew(version, all); err != nil {
		return err
	}
	missing := all[version:]
	if recorded {
		missing = all
	}
	for _, m := range missing {
		for statement := range strings.SplitSeq(strings.TrimSpace(m.SQL), ";\n") {
			if _, err := conn.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
	}
	if s.checkTable(ctx, conn) != nil {
		return setupErrorf("there is a table %s of something else: choose another name with Options.Table", s.name)
	}
	return s.record(ctx, conn, version, len(all))
}

// record records the versions after that one. Another process may have been
// faster where a lock is not kept, as between the nodes of a Galera cluster.
func (s *Store) record(ctx context.Context, conn *sql.Conn, version, last int) error {
	for version < last {
		version++
		_, err := conn.ExecContext(ctx, fmt.Sprintf("INSERT INTO %s (version) VALUES (%d)", s.versions(), version))
		if err != nil && s.dialect.diagnose(err).verdict != duplicate {
			return err
		}
	}
	return nil
}

// versions is the quoted name of the table of applied versions.
func (s *Store) versions() string { return s.dialect.quoted(s.name + "_schema") }

// version returns the last applied version, 0 for none.
func (s *Store) version(ctx context.Context, conn *sql.Conn) (version int, err error) {
	err = conn.QueryRowContext(ctx, "SELECT COALESCE(MAX(version), 0) FROM "+s.versions()).Scan(&version)
	return version, err
}

func (s *Store) tooNew(version int, all []Migration) error {
	if version > len(all) {
		return setupErrorf("the schema of the table %s has version %d, and this program knows only %d: use a newer program", s.name, version, len(all))
	}
	return nil
}

// A migrating calls apply, on the connection, in a way that only one process
// does at a time.
type migrating func(ctx context.Context, s *Store, conn *sql.Conn, apply func() error) error

func inImmediateTransaction(ctx context.Context, _ *Store, conn *sql.Conn, apply func() error) error {
	return between(ctx, conn, "BEGIN IMMEDIATE", apply)
}

func underAdvisoryLock(ctx context.Context, s *Store, conn *sql.Conn, apply func() error) error {
	return between(ctx, conn, "BEGIN", func() error {
		if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_xact_lock(hashtext('"+s.versions()+"'))"); err != nil {
			return err
		}
		return apply()
	})
}

// between is a transaction in statements, since database/sql cannot begin an
// immediate one.
func between(ctx context.Context, conn *sql.Conn, begin string, apply func() error) error {
	if _, err := conn.ExecContext(ctx, begin); err != nil {
		return err
	}
	err := apply()
	if err == nil {
		_, err = conn.ExecContext(ctx, "COMMIT")
	}
	if err != nil {
		if _, undo := conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK"); undo != nil {
			return errDropped{err}
		}
	}
	return err
}

// lockName is short, since MySQL allows 64 characters.
func (s *Store) lockName() string {
	h := fnv.New64a()
	h.Write([]byte(s.versions()))
	return fmt.Sprintf("userrecord %x", h.Sum64())
}

// lockPatience is for how many seconds Migrate waits for another process.
const lockPatience = 60

// underNamedLock has no transaction: in MySQL, what defines data commits by
// itself.
func underNamedLock(ctx context.Context, s *Store, conn *sql.Conn, apply func() error) (err error) {
	var got sql.NullInt64
	name := s.lockName()
	if err := conn.QueryRowContext(ctx, "SELECT GET_LOCK(?, ?)", name, lockPatience).Scan(&got); err != nil {
		return err
	}
	if got.Int64 != 1 {
		return setupErrorf("another process has been migrating the table %s for %d seconds", s.name, lockPatience)
	}
	defer func() {
		_, undo := conn.ExecContext(context.WithoutCancel(ctx), "DO RELEASE_LOCK(?)", name)
		if undo != nil {
			err = errDropped{errors.Join(err, undo)}
		}
	}()
	return apply()
}
