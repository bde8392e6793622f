package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
)

// noUUID matches the names that drivers give to types which cannot hold a uuid as it is
// read. MySQL would take a number for equal to a text that begins with it.
var noUUID = regexp.MustCompile(`(?i)INT|DEC|NUMERIC|FLOAT|DOUBLE|REAL|BINARY|BLOB|BYTE|BIT`)

// checkColumns reports each column of the mapping that is not there, or cannot be
// read as declared.
func (s *Store) checkColumns(ctx context.Context, conn *sql.Conn) error {
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
		kind, err := s.columnType(ctx, conn, expression)
		switch {
		case err != nil && s.isRefusal(err), err != nil && s.engine.classify(err).kind == kindMissing:
			problems = append(problems, fmt.Sprintf("the table %s has no column %q of a type that can be read (Mapping.%s)", s.table, use.name, use.field))
		case err != nil:
			return err
		case use.field == "ID" && noUUID.MatchString(kind):
			problems = append(problems, fmt.Sprintf("the column %q of the table %s has the type %s, which holds no uuid (Mapping.ID)", use.name, s.table, kind))
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
