package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"slices"
)

// noUUID matches the names that drivers give to types which cannot hold a uuid as it is
// read. MySQL would take a number for equal to a text that begins with it.
var noUUID = regexp.MustCompile(`(?i)INT|DEC|NUMERIC|FLOAT|DOUBLE|REAL|BINARY|BLOB|BYTE|BIT`)

// checkID reports that the table of a mapping is missing, or that its column of the id
// is no such column.
func (s *Store) checkID(ctx context.Context, conn *sql.Conn) error {
	if !s.layout.mapped {
		return nil
	}
	kind, err := s.columnType(ctx, conn, s.texts.name(s.layout.id))
	switch {
	case err != nil && s.engine.classify(err).kind == kindMissing:
		return cmp.Or(s.nameColumns(ctx, conn), err)
	case err == nil && noUUID.MatchString(kind):
		return setupErrorf("the column %q of the table %s has the type %s, which holds no uuid (Mapping.ID)", s.layout.id, s.table, kind)
	}
	return err
}

// nameColumns reports each column of the mapping that is not there, or cannot be read as
// declared, if any.
func (s *Store) nameColumns(ctx context.Context, conn *sql.Conn) error {
	if _, err := s.columnType(ctx, conn, "1"); err != nil {
		if s.engine.classify(err).kind == kindMissing {
			return setupErrorf("the table %s is missing: it is the host's own, by Options.Mapping", s.table)
		}
		return err
	}
	var problems []string
	for _, use := range s.layout.uses() {
		expression := s.texts.name(use.name)
		if use.reading != nil {
			expression = reading(use.reading(&s.engine), expression)
		}
		_, err := s.columnType(ctx, conn, expression)
		switch {
		case err != nil && s.engine.classify(err).kind == kindMissing:
			problems = append(problems, fmt.Sprintf("the table %s has no column %q (Mapping.%s)", s.table, use.name, use.field))
		case s.isRefusal(err):
			problems = append(problems, fmt.Sprintf("the column %q of the table %s %s", use.name, s.table, cmp.Or(use.wrong, "cannot be read (Mapping."+use.field+")")))
		case err != nil:
			return err
		}
	}
	return setupErrorOf(problems, nil)
}

// nameConditions reports each condition whose value the column cannot be compared with, if
// any.
func (s *Store) nameConditions(ctx context.Context, conn *sql.Conn, values []any) error {
	var problems []string
	for i, w := range s.layout.where {
		if w.Value == nil {
			continue
		}
		_, err := s.columnType(ctx, conn, s.texts.name(w.Column)+" = "+s.engine.placeholder(1), values[0])
		values = values[1:]
		switch {
		case s.isRefusal(err):
			problems = append(problems, s.misfit(i))
		case err != nil:
			return err
		}
	}
	return setupErrorOf(problems, nil)
}

func (s *Store) misfit(i int) string {
	return fmt.Sprintf("the value does not fit the column %q of the table %s (Mapping.Where[%d])", s.layout.where[i].Column, s.table, i)
}

// refuseMisfit returns err, unless that says that the value of a condition does not fit:
// MySQL and MariaDB compare a number with any text, and find out when they insert it.
func (s *Store) refuseMisfit(err error) error {
	f := s.engine.classify(err)
	i := slices.IndexFunc(s.layout.where, func(w Condition) bool { return w.Column == f.hint })
	if i < 0 || s.engine.codes != codesMySQL || f.kind != kindRefused || f.column != "" {
		return err
	}
	return setupErrorf("%s", s.misfit(i))
}

// columnType returns the driver's name for the type of an expression.
func (s *Store) columnType(ctx context.Context, conn *sql.Conn, expression string, args ...any) (string, error) {
	rows, err := conn.QueryContext(ctx, "SELECT "+expression+" FROM "+s.texts.table+" WHERE 1 = 0", args...)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		return "", err
	}
	rows.Next()
	return types[0].DatabaseTypeName(), rows.Err()
}
