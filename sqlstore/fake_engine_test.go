package sqlstore

import (
	"context"
	"database/sql/driver"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A transactionState is a transaction of a fakeConn. It has a copy of everything once
// it has written.
type transactionState struct {
	own   *state
	saved []state // at the savepoints
}

// end ends the transaction, if there is one.
func (c *fakeConn) end(commit bool) {
	tx := c.tx
	c.tx = nil
	if tx == nil || tx.own == nil {
		return
	}
	if commit {
		c.fake.mu.Lock()
		c.fake.committed = *tx.own
		c.fake.mu.Unlock()
	}
	<-c.fake.writer
}

// snapshot returns what the connection sees. It must not be changed.
func (c *fakeConn) snapshot() state {
	if c.tx != nil && c.tx.own != nil {
		return *c.tx.own
	}
	c.fake.mu.Lock()
	defer c.fake.mu.Unlock()
	return c.fake.committed
}

// writing waits for the write lock and calls change with the connection's copy.
func (c *fakeConn) writing(ctx context.Context, change func(*state) error) error {
	alone := c.tx == nil
	if alone {
		c.tx = new(transactionState)
	}
	if c.tx.own == nil {
		select {
		case c.fake.writer <- struct{}{}:
		case <-ctx.Done():
			if alone {
				c.tx = nil
			}
			return ctx.Err()
		}
		own := c.snapshot().clone()
		c.tx.own = &own
	}
	err := change(c.tx.own)
	if alone {
		c.end(err == nil)
	}
	return err
}

// columnNames are the columns of the table.
var columnNames = newStatements(&sqlite, "users", migrated).read()

var assignedColumn = regexp.MustCompile(`(\w+) = (COALESCE\()?[?$]`)

// run runs a statement. It returns how many rows that changed, and which it returned.
func (c *fakeConn) run(ctx context.Context, text string, args []driver.NamedValue) (n int64, rows [][]driver.Value, err error) {
	verb, _, _ := strings.Cut(text, " ")
	switch {
	case c.fake.answered(c.id, text) != nil:
		return 0, [][]driver.Value{{*c.fake.answered(c.id, text)}}, nil
	case strings.Contains(text, "_schema") || verb == "CREATE":
		return c.define(ctx, text)
	case verb == "BEGIN":
		c.tx = new(transactionState)
		return 0, nil, nil
	case verb == "COMMIT" || text == "ROLLBACK":
		if c.tx == nil {
			return 0, nil, fmt.Errorf("%s without a transaction", verb)
		}
		c.end(verb == "COMMIT" || c.fake.ignoreRollback)
		return 0, nil, nil
	case verb == "SAVEPOINT" || verb == "RELEASE" || verb == "ROLLBACK":
		return 0, nil, c.savepoint(text)
	case strings.HasPrefix(text, "SELECT") && strings.HasSuffix(text, ") AS probe") && len(args) == 2:
		v := args[1].Value.(string)
		return 0, [][]driver.Value{c.fake.changed(text, []driver.Value{args[0].Value, v, c.fake.dialect.engine().echo.lengthOf(v)})}, nil
	case strings.HasSuffix(text, "WHERE 0"):
		return 0, nil, c.writing(ctx, func(*state) error { return nil })
	case strings.Contains(text, "outbox"):
		return 1, nil, c.writing(ctx, func(s *state) error { s.outbox++; return nil })
	case !c.snapshot().table:
		return 0, nil, missingTable[c.fake.dialect]
	case verb == "SELECT":
		return c.selected(ctx, text, args)
	}
	err = c.writing(ctx, func(s *state) (err error) {
		n, rows, err = c.fake.change(s, verb, text, args)
		return err
	})
	return n, rows, err
}

func (c *fakeConn) savepoint(text string) error {
	tx := c.tx
	if tx == nil || tx.own == nil {
		return fmt.Errorf("no transaction that writes: %s", text)
	}
	last := len(tx.saved) - 1
	switch text {
	case "SAVEPOINT turn":
		tx.saved = append(tx.saved, tx.own.clone())
		return nil
	case "ROLLBACK TO turn; RELEASE turn":
		*tx.own = tx.saved[last]
	}
	tx.saved = tx.saved[:last]
	return nil
}

func (c *fakeConn) selected(ctx context.Context, text string, args []driver.NamedValue) (int64, [][]driver.Value, error) {
	id := idIn(text, args)
	if strings.Contains(text, "FOR UPDATE") {
		if err := c.writing(ctx, func(*state) error { return nil }); err != nil {
			return 0, nil, err
		}
	}
	all := c.snapshot().rows
	if strings.HasSuffix(text, ") AS probe") {
		v := all[id][slices.Index(columnNames, "last_name")].(string)
		return 0, [][]driver.Value{c.fake.changed(text, []driver.Value{c.fake.dialect.engine().echo.lengthOf(v)})}, nil
	}
	if !strings.Contains(text, "ORDER BY") {
		if row, ok := all[id]; ok {
			return 0, [][]driver.Value{c.fake.changed(text, row)}, nil
		}
		return 0, nil, nil
	}
	var page [][]driver.Value
	for _, key := range slices.Sorted(maps.Keys(all)) {
		if key > id && len(page) < pageSize {
			page = append(page, all[key])
		}
	}
	return 0, page, nil
}

// changed returns the row as the test wants it to be returned.
func (f *fake) changed(text string, row []driver.Value) []driver.Value {
	if f.rewrite == nil {
		return row
	}
	row = slices.Clone(row)
	f.rewrite(text, row)
	return row
}

// idIn returns the id that a SELECT asks for: the argument, or a literal.
func idIn(text string, args []driver.NamedValue) string {
	if len(args) > 0 {
		return args[0].Value.(string)
	}
	_, id, _ := strings.Cut(text, "id = '")
	return id[:36]
}

// change runs a statement that writes.
func (f *fake) change(s *state, verb, text string, args []driver.NamedValue) (int64, [][]driver.Value, error) {
	values := make([]driver.Value, len(args))
	for i, a := range args {
		values[i] = a.Value
	}
	id := values[len(values)-1]
	switch verb {
	case "INSERT":
		key := values[0].(string)
		if s.rows[key] != nil {
			if strings.Contains(text, " DO NOTHING") {
				return 0, nil, nil
			}
			return 0, nil, takenID[f.dialect]
		}
		s.rows[key] = values
		return 1, nil, nil
	case "DELETE":
		delete(s.rows, id.(string))
		return 1, nil, nil
	}
	old, ok := s.rows[id.(string)]
	if !ok {
		return 0, nil, nil
	}
	row := slices.Clone(old)
	set, _, _ := strings.Cut(text, " WHERE ")
	for i, m := range assignedColumn.FindAllStringSubmatch(set, -1) {
		if values[i] == nil && m[2] != "" {
			continue // COALESCE keeps the value
		}
		row[slices.Index(columnNames, m[1])] = values[i]
	}
	s.rows[id.(string)] = row
	if strings.Contains(text, "RETURNING") {
		return 1, [][]driver.Value{f.changed(text, row)}, nil
	}
	if slices.Equal(row, old) && !f.foundRows {
		return 0, nil, nil
	}
	return 1, nil, nil
}

var versionNumber = regexp.MustCompile(`VALUES \((\d+)\)`)

// define runs the statements of Migrate. As in MySQL, they commit at once if there is
// no transaction around them.
func (c *fakeConn) define(ctx context.Context, text string) (int64, [][]driver.Value, error) {
	if strings.HasPrefix(text, "SELECT COALESCE") {
		if c.snapshot().version < 0 {
			return 0, nil, missingTable[c.fake.dialect]
		}
		return 0, [][]driver.Value{{int64(c.snapshot().version)}}, nil
	}
	if strings.HasPrefix(text, "SELECT") || strings.HasPrefix(text, "DO ") { // a lock
		return 0, [][]driver.Value{{int64(1)}}, nil
	}
	return 0, nil, c.writing(ctx, func(s *state) error {
		switch m := versionNumber.FindStringSubmatch(text); {
		case m != nil:
			s.version, _ = strconv.Atoi(m[1])
		case strings.Contains(text, "_schema"):
			s.version = max(s.version, 0)
		default:
			s.table = true
		}
		return nil
	})
}

// answered returns the answer to a query of Check.
func (f *fake) answered(conn int, query string) *string {
	if f.answer != nil {
		if a, ok := f.answer(conn, query); ok {
			return &a
		}
	}
	for _, key := range []string{f.dialect.String() + " " + query, query} {
		if a, ok := goodAnswers[key]; ok {
			return &a
		}
	}
	return nil
}

var goodAnswers = map[string]string{
	"SELECT 1":              "1",
	"SELECT GET_LOCK(?, ?)": "1",
	"DO RELEASE_LOCK(?)":    "",
	"SQLite SELECT 'SQLite ' || sqlite_version()": "SQLite 3.50.0",
	"SQLite PRAGMA journal_mode":                  "wal",
	"SQLite PRAGMA synchronous":                   "2",
	"SQLite PRAGMA busy_timeout":                  "5000",
	"SQLite PRAGMA locking_mode":                  "normal",
	"SQLite SELECT count(*) FROM temp.sqlite_master WHERE name = 'users' COLLATE NOCASE": "0",
	"PostgreSQL SELECT version()":                                         "PostgreSQL 15.18 on x86_64",
	"PostgreSQL SHOW server_encoding":                                     "UTF8",
	"PostgreSQL SHOW synchronous_commit":                                  "on",
	"PostgreSQL " + mayMakeDurable:                                        "true",
	"PostgreSQL SHOW client_encoding":                                     "UTF8",
	"PostgreSQL SHOW fsync":                                               "on",
	"PostgreSQL " + PostgreSQL.engine().fillIn(persistence, "users"):      "p",
	"SELECT @@SESSION.completion_type":                                    "NO_CHAIN",
	"SHOW GLOBAL VARIABLES LIKE 'innodb_flush_log_at_trx_commit'":         "1",
	"SELECT IF(@@GLOBAL.log_bin, @@GLOBAL.sync_binlog, 1)":                "1",
	"SHOW GLOBAL VARIABLES LIKE 'innodb_flush_method'":                    "O_DIRECT",
	"SHOW GLOBAL STATUS LIKE 'Innodb_redo_log_enabled'":                   "",
	MySQL.engine().fillIn(MySQL.engine().tableSettings[0].query, "users"): "BASE TABLE InnoDB",
	isolation:                                           "REPEATABLE-READ",
	galeraStatus:                                        "Disconnected",
	"MySQL SELECT @@version":                            "8.4.0",
	"MySQL SELECT @@SESSION.sql_mode":                   "STRICT_TRANS_TABLES",
	"MySQL SELECT @@SESSION.autocommit":                 "1",
	"MySQL SELECT @@SESSION.character_set_client":       "utf8mb4",
	"MySQL SELECT @@SESSION.character_set_connection":   "utf8mb4",
	"MySQL SELECT @@SESSION.character_set_results":      "utf8mb4",
	"MariaDB SELECT @@version":                          "10.11.19-MariaDB",
	"MariaDB SELECT @@SESSION.sql_mode":                 "STRICT_ALL_TABLES,NO_ZERO_DATE",
	"MariaDB SELECT @@SESSION.autocommit":               "1",
	"MariaDB SELECT @@SESSION.character_set_client":     "utf8mb4",
	"MariaDB SELECT @@SESSION.character_set_connection": "utf8mb4",
	"MariaDB SELECT @@SESSION.character_set_results":    "utf8mb4",
}

type fakeRows struct {
	conn *fakeConn
	text string
	rows [][]driver.Value
}

func (r *fakeRows) Columns() []string {
	if len(r.rows) == 0 {
		return columnNames
	}
	return make([]string, len(r.rows[0]))
}

func (r *fakeRows) Close() error {
	return r.conn.fake.note(context.Background(), event{conn: r.conn.id, do: "end", text: r.text})
}

func (r *fakeRows) Next(dest []driver.Value) error {
	if len(r.rows) == 0 {
		return io.EOF
	}
	copy(dest, r.rows[0])
	r.rows = r.rows[1:]
	return nil
}
