package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"
)

// A setting is what a connection, the server or the table must be set to.
type setting struct {
	// query answers with one row, whose last column counts. {table} stands for
	// the quoted name, {name} and {schema} for its parts, the latter a text in
	// SQL, and {prefix} for the quoted schema and its dot, or nothing.
	query string
	ok    func(answer string) bool
	want  string // for the error

	loses   bool   // the loss of acknowledged patches is all that can go wrong
	cluster string // asks whether a cluster makes up for it, which the answer Primary says
}

func is(want ...string) func(string) bool {
	return func(s string) bool { return slices.Contains(want, s) }
}

func isNot(bad ...string) func(string) bool {
	return func(s string) bool { return !slices.Contains(bad, s) }
}

// about fills in what the query says of the table.
func (d *Dialect) about(query, table string) string {
	schema, name, qualified := strings.Cut(table, ".")
	prefix, literal := d.quoted(schema)+".", "'"+schema+"'"
	if !qualified {
		name, prefix, literal = table, "", "DATABASE()"
	}
	return strings.NewReplacer("{table}", d.quoted(table), "{name}", name, "{schema}", literal, "{prefix}", prefix).Replace(query)
}

// checkSettings asks two connections, where there can be two, since one may
// have been set by a statement instead of for all.
func (s *Store) checkSettings(ctx context.Context, conn *sql.Conn) error {
	problems, err := s.wrong(ctx, conn, s.dialect.settings)
	if err != nil {
		return err
	}
	single := s.db.Stats().MaxOpenConnections == 1
	if single && s.dialect.twoConns {
		problems = append(problems, "the pool must allow two connections or more (SetMaxOpenConns): otherwise readers wait for the writer")
	}
	if len(problems) == 0 {
		err = s.onSecond(ctx, func(ctx context.Context, second *sql.Conn) (err error) {
			problems, err = s.wrong(ctx, second, s.dialect.settings)
			return err
		})
	}
	return problem(problems, err)
}

// checkStorage asks what the table is.
func (s *Store) checkStorage(ctx context.Context, conn *sql.Conn) error {
	return problem(s.wrong(ctx, conn, s.dialect.storage))
}

// problem returns err, or else an error of the problems, if there are any.
func problem(problems []string, err error) error {
	if err == nil && len(problems) > 0 {
		err = &setupError{problems}
	}
	return err
}

// wrong returns what is wrong with the settings.
func (s *Store) wrong(ctx context.Context, conn *sql.Conn, settings []setting) (problems []string, err error) {
	for _, setting := range settings {
		if setting.loses && s.opts.AcceptDataLoss {
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
	answer, err := ask(ctx, conn, s.dialect.about(setting.query, s.name))
	if err != nil || setting.ok(answer) {
		return err == nil, err
	}
	if setting.cluster == "" {
		return false, nil
	}
	answer, err = ask(ctx, conn, setting.cluster)
	return answer == "Primary", err
}

// secondConnPatience is for how long the check waits for a second connection.
// Others may hold them all; then none is asked.
const secondConnPatience = 250 * time.Millisecond

// onSecond calls do with a second connection, if there is one to be had.
func (s *Store) onSecond(ctx context.Context, do func(context.Context, *sql.Conn) error) error {
	if s.db.Stats().MaxOpenConnections == 1 {
		return nil
	}
	patient, cancel := context.WithTimeout(ctx, secondConnPatience)
	defer cancel()
	err := s.onConn(patient, func(conn *sql.Conn) error { return do(ctx, conn) })
	if errors.As(err, new(errUnreached)) && patient.Err() != nil && ctx.Err() == nil {
		return nil
	}
	return err
}
