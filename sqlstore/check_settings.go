package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A setting is how a connection, the server or the table must be configured.
type setting struct {
	// query returns one row, whose last column is the answer. In it, {table} is
	// the quoted name of the table and {name} the unquoted one without its schema;
	// {schema} is an SQL expression for the schema, and {prefix} the quoted schema and
	// a dot, or nothing.
	query string
	ok    func(answer string) bool
	want  string // for the error

	losesData     bool   // a wrong value does no harm but losing acknowledged patches
	unlessPrimary string // a query: a wrong value is allowed if the answer is Primary
}

// couldBeLost ends the error for a setting with losesData.
const couldBeLost = "a patch that was acknowledged could be lost (see Options.AcceptDataLoss)"

func is(good ...string) func(string) bool {
	return func(answer string) bool { return slices.Contains(good, answer) }
}

func isNot(bad ...string) func(string) bool {
	return func(answer string) bool { return !slices.Contains(bad, answer) }
}

func isAtLeast(least int) func(string) bool {
	return func(answer string) bool {
		n, err := strconv.Atoi(answer)
		return err == nil && n >= least
	}
}

// contains accepts an answer with any of the parts.
func contains(parts ...string) func(string) bool {
	return func(answer string) bool {
		return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(answer, part) })
	}
}

func lacks(part string) func(string) bool {
	return func(answer string) bool { return !strings.Contains(answer, part) }
}

// fillIn replaces what a query of a [setting] leaves open.
func (e *engine) fillIn(query, table string) string {
	schema, name, qualified := strings.Cut(table, ".")
	prefix, expression := e.quoted(schema)+".", "'"+schema+"'"
	if !qualified {
		name, prefix, expression = table, "", "DATABASE()"
	}
	return strings.NewReplacer("{table}", e.quoted(table), "{name}", name, "{schema}", expression, "{prefix}", prefix).Replace(query)
}

// checkSettings asks two connections if it can, since somebody may have set only
// one of them, by a statement.
func (s *Store) checkSettings(ctx context.Context, conn *sql.Conn) error {
	problems, err := s.wrongSettings(ctx, conn, s.engine.settings)
	if err != nil {
		return err
	}
	if s.engine.needsTwoConns && !s.hasTwoConns() {
		problems = append(problems, "the pool must allow two connections or more (SetMaxOpenConns): otherwise readers wait for the writer")
	}
	if len(problems) == 0 {
		err = s.onSecondConn(ctx, func(ctx context.Context, second *sql.Conn) (err error) {
			problems, err = s.wrongSettings(ctx, second, s.engine.settings)
			return err
		})
	}
	return setupErrorOf(problems, err)
}

// noPrivilege is PostgreSQL's insufficient_privilege.
const noPrivilege = "SQLSTATE 42501"

// checkTableSettings is skipped if the role may not read the catalog.
func (s *Store) checkTableSettings(ctx context.Context, conn *sql.Conn) error {
	problems, err := s.wrongSettings(ctx, conn, s.engine.tableSettings)
	if err != nil && s.engine.classify(err).code == noPrivilege {
		return nil
	}
	return setupErrorOf(problems, err)
}

// setupErrorOf returns err, or else an error of the problems, if there are any.
func setupErrorOf(problems []string, err error) error {
	if err == nil && len(problems) > 0 {
		err = &setupError{problems}
	}
	return err
}

// wrongSettings returns the texts of the settings that are wrong.
func (s *Store) wrongSettings(ctx context.Context, conn *sql.Conn, settings []setting) (problems []string, err error) {
	for _, setting := range settings {
		if setting.losesData && s.opts.AcceptDataLoss {
			continue
		}
		ok, err := s.isSet(ctx, conn, setting)
		if err != nil {
			return nil, err
		}
		if !ok {
			problems = append(problems, setting.want)
		}
	}
	return problems, nil
}

func (s *Store) isSet(ctx context.Context, conn *sql.Conn, setting setting) (bool, error) {
	answer, err := ask(ctx, conn, s.engine.fillIn(setting.query, s.table))
	if err != nil || setting.ok(answer) {
		return err == nil, err
	}
	if setting.unlessPrimary == "" {
		return false, nil
	}
	answer, err = ask(ctx, conn, setting.unlessPrimary)
	return answer == "Primary", err
}

func (s *Store) hasTwoConns() bool { return s.db.Stats().MaxOpenConnections != 1 }

// secondConnPatience is how long a check waits for a second connection. Other
// callers may hold them all; then the check does without.
const secondConnPatience = 250 * time.Millisecond

// onSecondConn calls do with a second connection, if one is free.
func (s *Store) onSecondConn(ctx context.Context, do func(context.Context, *sql.Conn) error) error {
	if !s.hasTwoConns() {
		return nil
	}
	patient, cancel := context.WithTimeout(ctx, secondConnPatience)
	defer cancel()
	err := s.withConn(patient, func(conn *sql.Conn) error { return do(ctx, conn) })
	if errors.As(err, new(errNoConn)) && patient.Err() != nil && ctx.Err() == nil {
		return nil
	}
	return err
}
