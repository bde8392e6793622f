package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// A fake is a database with one table, and its driver. It records every event, and
// fails, waits or panics where a test says so. Like SQLite, it has one writer at a
// time.
type fake struct {
	dialect        Dialect
	answer         func(conn int, query string) (string, bool) // to a query of Check; if not ok, the answer is a good one
	before         func(context.Context, event) error          // its error keeps the event from taking effect
	after          func(event) error                           // its error is returned although the event took effect
	rewrite        func(text string, row []driver.Value)       // changes a row that comes back
	foundRows      bool                                        // UPDATE counts rows with the same values
	ignoreRollback bool                                        // ROLLBACK commits

	writer chan struct{} // holds one element while a transaction writes

	mu        sync.Mutex
	committed state
	events    []event
	conns     []*fakeConn // numbered from 1
	closed    []int       // numbers of connections
	prepared  int         // how many statements are prepared now
}

// An event is something that a connection was asked to do.
type event struct {
	conn int
	do   string // open, close, prepare, begin, commit, rollback, exec, query, end (of rows)
	text string
	args []driver.NamedValue
}

// String is the number of the connection, the kind and the first word.
func (s event) String() string {
	verb, _, _ := strings.Cut(s.text, " ")
	return strings.TrimSpace(fmt.Sprintf("%d %s %s", s.conn, s.do, verb))
}

// is reports whether the event runs a statement that begins with text.
func (s event) is(do, text string) bool { return s.do == do && strings.HasPrefix(s.text, text) }

func newFake(dialect Dialect) *fake {
	f := &fake{dialect: dialect, writer: make(chan struct{}, 1)}
	f.committed = state{rows: map[string][]driver.Value{}, table: true, version: 1}
	return f
}

// open returns a Store in the fake that counts as checked.
func open(t *testing.T, f *fake, opts *Options) *Store {
	t.Helper()
	s := unchecked(t, f, opts)
	s.readiness.Store(int32(readyToWrite))
	return s
}

func unchecked(t *testing.T, f *fake, opts *Options) *Store {
	t.Helper()
	db := sql.OpenDB(f)
	t.Cleanup(func() { db.Close() })
	s, err := New(db, f.dialect, opts)
	require.NoError(t, err)
	return s
}

// taken returns the events so far, except connecting and preparing.
func (f *fake) taken() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []string
	for _, s := range f.events {
		if !slices.Contains([]string{"open", "close", "prepare", "end"}, s.do) {
			all = append(all, s.String())
		}
	}
	return all
}

// count returns how many events ran a statement that begins with text.
func (f *fake) count(do, text string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, s := range f.events {
		if s.is(do, text) {
			n++
		}
	}
	return n
}

func (f *fake) dropped() []int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.closed)
}

func (f *fake) note(ctx context.Context, s event) error {
	f.mu.Lock()
	f.events = append(f.events, s)
	f.mu.Unlock()
	if f.before != nil {
		return f.before(ctx, s)
	}
	return nil
}

func (f *fake) noted(s event) error {
	if f.after != nil {
		return f.after(s)
	}
	return nil
}

func (f *fake) Driver() driver.Driver { return nil }

func (f *fake) Connect(ctx context.Context) (driver.Conn, error) {
	f.mu.Lock()
	c := &fakeConn{fake: f, id: len(f.conns) + 1}
	f.conns = append(f.conns, c)
	f.mu.Unlock()
	return c, f.note(ctx, event{conn: c.id, do: "open"})
}

// A fakeConn is a connection that never reports that it is bad.
type fakeConn struct {
	fake *fake
	id   int
	tx   *transactionState // or nil
}

var (
	_ driver.ConnBeginTx        = (*fakeConn)(nil)
	_ driver.ConnPrepareContext = (*fakeConn)(nil)
	_ driver.ExecerContext      = (*fakeConn)(nil)
	_ driver.QueryerContext     = (*fakeConn)(nil)
	_ driver.SessionResetter    = (*fakeConn)(nil)
	_ driver.Validator          = (*fakeConn)(nil)
)

var errStillOpen = errors.New("a connection came back with an open transaction")

// ResetSession is called when a connection is used again.
func (c *fakeConn) ResetSession(context.Context) error {
	if c.tx != nil {
		panic(errStillOpen)
	}
	return nil
}

func (c *fakeConn) IsValid() bool { return true }

func (c *fakeConn) Close() error {
	c.end(false)
	c.fake.mu.Lock()
	defer c.fake.mu.Unlock()
	c.fake.closed = append(c.fake.closed, c.id)
	return nil
}

func (c *fakeConn) Begin() (driver.Tx, error) {
	return c.BeginTx(context.Background(), driver.TxOptions{})
}

func (c *fakeConn) BeginTx(ctx context.Context, _ driver.TxOptions) (driver.Tx, error) {
	if err := c.fake.note(ctx, event{conn: c.id, do: "begin"}); err != nil {
		return nil, err
	}
	c.tx = new(transactionState)
	return fakeTx{c}, nil
}

type fakeTx struct{ conn *fakeConn }

func (t fakeTx) Commit() error { return t.conn.finish("commit", true) }

func (t fakeTx) Rollback() error { return t.conn.finish("rollback", false) }

func (c *fakeConn) finish(do string, commit bool) error {
	s := event{conn: c.id, do: do}
	if err := c.fake.note(context.Background(), s); err != nil {
		return err
	}
	c.end(commit || c.fake.ignoreRollback)
	return c.fake.noted(s)
}

func (c *fakeConn) Prepare(text string) (driver.Stmt, error) {
	return c.PrepareContext(context.Background(), text)
}

func (c *fakeConn) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	err := c.fake.note(ctx, event{conn: c.id, do: "prepare", text: text})
	if err == nil {
		c.fake.holds(1)
	}
	return fakeStmt{c, text}, err
}

type fakeStmt struct {
	conn *fakeConn
	text string
}

func (f *fake) holds(more int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.prepared += more
}

func (s fakeStmt) Close() error {
	s.conn.fake.holds(-1)
	return nil
}

func (s fakeStmt) NumInput() int {
	return strings.Count(s.text, s.conn.fake.dialect.engine().placeholder(1)[:1])
}

func (s fakeStmt) Exec([]driver.Value) (driver.Result, error) { panic("without a context") }
func (s fakeStmt) Query([]driver.Value) (driver.Rows, error)  { panic("without a context") }

func (s fakeStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	return s.conn.ExecContext(ctx, s.text, args)
}

func (s fakeStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	return s.conn.QueryContext(ctx, s.text, args)
}

func (c *fakeConn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	s := event{c.id, "exec", text, args}
	if err := c.fake.note(ctx, s); err != nil {
		return nil, err
	}
	n, _, err := c.run(ctx, text, args)
	if err != nil {
		return nil, err
	}
	return driver.RowsAffected(n), c.fake.noted(s)
}

func (c *fakeConn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	s := event{c.id, "query", text, args}
	if err := c.fake.note(ctx, s); err != nil {
		return nil, err
	}
	_, rows, err := c.run(ctx, text, args)
	if err != nil {
		return nil, err
	}
	return &fakeRows{conn: c, text: text, rows: rows}, c.fake.noted(s)
}

// state is what the database holds.
type state struct {
	rows    map[string][]driver.Value // by id, in the order of columnList
	outbox  int                       // rows of the host's
	table   bool                      // is there
	version int                       // of the schema; -1 without a table of versions
}

func (s state) clone() state {
	s.rows = maps.Clone(s.rows)
	return s
}
