package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// Migrate creates the table, or brings it up to date, and then checks the
// database as [Store.Check] does. It may be called at every start, by several
// processes at once. A schema that is newer than this package knows is an error.
// The version is kept in a table of its own, whose name ends in _schema.
//
// Migrate needs the right to create tables only if something is missing. A host
// that migrates with its own tool uses [Migrations] instead, and so does one with
// [Options.Mapping]: its table is not touched, and Migrate is an error.
func (s *Store) Migrate(ctx context.Context) error {
	if s.layout.mapped {
		return setupErrorf("the table %s is mapped, so it is the host's: change it by a migration of your own (see Migrations), and call Check", s.table)
	}
	all, err := s.migrations()
	if err != nil {
		return err
	}
	if err := s.migrateTo(ctx, all); err != nil {
		return err
	}
	return s.Check(ctx)
}

func (s *Store) migrateTo(ctx context.Context, all []Migration) error {
	_, err := retry(ctx, s, call{op: "migrate", needs: readyUnchecked}, func() (none struct{}, err error) {
		return none, s.withConn(ctx, func(conn *sql.Conn) error { return s.migrateOn(ctx, conn, all) })
	})
	return err
}

func (s *Store) migrateOn(ctx context.Context, conn *sql.Conn, all []Migration) error {
	if err := s.checkDriver(ctx, conn); err != nil {
		return err
	}
	if err := s.checkEngine(ctx, conn); err != nil {
		return err
	}
	version, err := s.schemaVersion(ctx, conn)
	recorded := err == nil && version == len(all)
	if recorded && s.checkTable(ctx, conn, nil) == nil {
		return nil
	}
	return s.locked(ctx, conn, func() error { return s.applyMissing(ctx, conn, all, recorded) })
}

// applyMissing applies the migrations that are missing. If all are recorded but the
// table is not there, it applies all of them again.
func (s *Store) applyMissing(ctx context.Context, conn *sql.Conn, all []Migration, recorded bool) error {
	if _, err := conn.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS "+s.versionTable()+" (version INTEGER NOT NULL PRIMARY KEY)"); err != nil {
		return err
	}
	version, err := s.schemaVersion(ctx, conn)
	if err != nil {
		return err
	}
	if err := s.refuseNewer(version, all); err != nil {
		return err
	}
	missing := all[version:]
	if recorded {
		missing = all
	}
	for _, m := range missing {
		if err := apply(ctx, conn, m); err != nil {
			return err
		}
	}
	if s.checkTable(ctx, conn, nil) != nil {
		return setupErrorf("there is a table %s of something else: choose another name with Options.Table", s.table)
	}
	return s.recordVersions(ctx, conn, version, len(all))
}

func apply(ctx context.Context, conn *sql.Conn, m Migration) error {
	for statement := range strings.SplitSeq(strings.TrimSpace(m.SQL), ";\n") {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// recordVersions records the versions after that one. Another process may record
// them first where a lock does not exclude it, as on another node of a Galera
// cluster.
func (s *Store) recordVersions(ctx context.Context, conn *sql.Conn, version, last int) error {
	for version < last {
		version++
		_, err := conn.ExecContext(ctx, fmt.Sprintf("INSERT INTO %s (version) VALUES (%d)", s.versionTable(), version))
		if err != nil && s.engine.classify(err).kind != kindDuplicate {
			return err
		}
	}
	return nil
}

// versionTable returns the quoted name of the table of applied versions.
func (s *Store) versionTable() string { return s.engine.quoted(s.table + "_schema") }

// schemaVersion returns the last applied version, or 0 if there is none.
func (s *Store) schemaVersion(ctx context.Context, conn *sql.Conn) (version int, err error) {
	err = conn.QueryRowContext(ctx, "SELECT COALESCE(MAX(version), 0) FROM "+s.versionTable()).Scan(&version)
	return version, err
}

func (s *Store) refuseNewer(version int, all []Migration) error {
	if version > len(all) {
		return setupErrorf("the schema of the table %s has version %d, and this program knows only %d: use a newer program", s.table, version, len(all))
	}
	return nil
}
