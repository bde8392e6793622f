package sqlstore

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// migrationFiles are numbered from 1, without gaps. A published one is never
// changed. Each can be applied twice, since a migration may be cut off: MySQL commits
// each statement that defines data by itself.
//
//go:embed migrations
var migrationFiles embed.FS

// A Migration is one step of the schema.
type Migration struct {
	Version int    // from 1
	Name    string // such as users
	SQL     string // one or more statements, each ended by a semicolon at the end of a line
}

// Migrations returns all steps of the schema for Options.Table, in order; nil options
// are the defaults. [Store.Migrate] applies them, and so may a host's own migration
// tool, one file each. The error says what is wrong with the arguments.
//
// With Options.Mapping, they make a table with the columns of the mapping, whose
// primary key is the user's id. It has no column of Where, since only the host knows
// their types. A host that has a table takes the columns that are missing there.
func Migrations(dialect Dialect, opts *Options) ([]Migration, error) {
	e := dialect.engine()
	if e == nil {
		return nil, errNoDialect
	}
	o := opts.withDefaults()
	layout, err := o.Mapping.layout()
	if err != nil {
		return nil, err
	}
	return migrationsIn(migrationFiles, e, o.Table, layout)
}

func (s *Store) migrations() ([]Migration, error) {
	return migrationsIn(migrationFiles, &s.engine, s.table, s.layout)
}

func migrationsIn(files fs.FS, e *engine, table string, l *layout) ([]Migration, error) {
	if err := validateTable(table); err != nil {
		return nil, err
	}
	names, err := fs.Glob(files, "migrations/"+e.migrations+"/*.sql")
	if err != nil || len(names) == 0 {
		return nil, fmt.Errorf("sqlstore: there are no migrations for %s", e.name)
	}
	all := make([]Migration, len(names))
	for i, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		number, title, _ := strings.Cut(strings.TrimSuffix(path.Base(name), ".sql"), "_")
		if n, err := strconv.Atoi(number); err != nil || n != i+1 {
			return nil, fmt.Errorf("sqlstore: the migration %s is not number %d", name, i+1)
		}
		all[i] = Migration{i + 1, title, strings.ReplaceAll(l.migrating(e, string(text)), "{table}", e.quoted(table))}
	}
	return all, nil
}
