package sqlstore

import (
	"context"
	"database/sql/driver"
	"io"
	"strings"
)

// A still database has one row that nothing changes, and a driver that allocates
// next to nothing.
type still struct {
	row   []driver.Value
	times int    // how often a query returns the row
	mark  string // of a placeholder
}

func newStill(d Dialect, row []any) *still {
	s := &still{times: 1, mark: d.engine().placeholder(1)[:1]}
	for _, v := range row {
		s.row = append(s.row, v)
	}
	return s
}

func (s *still) Connect(context.Context) (driver.Conn, error) { return (*stillConn)(s), nil }
func (s *still) Driver() driver.Driver                        { return nil }

type stillConn still

func (c *stillConn) Close() error              { return nil }
func (c *stillConn) Begin() (driver.Tx, error) { return stillTx{}, nil }
func (c *stillConn) Prepare(q string) (driver.Stmt, error) {
	return &stillStmt{(*still)(c), strings.Count(q, c.mark)}, nil
}

type stillTx struct{}

func (stillTx) Commit() error   { return nil }
func (stillTx) Rollback() error { return nil }

type stillStmt struct {
	*still
	inputs int
}

func (s *stillStmt) Close() error                               { return nil }
func (s *stillStmt) NumInput() int                              { return s.inputs }
func (s *stillStmt) Exec([]driver.Value) (driver.Result, error) { return driver.RowsAffected(1), nil }
func (s *stillStmt) Query([]driver.Value) (driver.Rows, error) {
	return &stillRows{s.row, s.times}, nil
}

type stillRows struct {
	row  []driver.Value
	left int
}

func (r *stillRows) Columns() []string { return columnNames }
func (r *stillRows) Close() error      { return nil }

func (r *stillRows) Next(dest []driver.Value) error {
	if r.left == 0 {
		return io.EOF
	}
	r.left--
	copy(dest, r.row)
	return nil
}
