package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"regexp"
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
			problems = append(problems, fmt.Sprintf("the column %q of the table %s has a type that cannot be read so (Mapping.%s)", use.name, s.table, use.field))
		case err != nil:
			return err
		}
	}
	return setupErrorOf(problems, nil)
}

// columnType returns the driver's name for the type of an expression.
func (s *Store) columnType(ctx context.Context, conn *sql.Conn, expression string) (string, error) {
	rows, err := conn.QueryContext(ctx, "SELECT "+expression+" FROM "+s.texts.table+" WHERE 1 = 0")
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
