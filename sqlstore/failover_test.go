package sqlstore

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// A node is a connector that counts its calls and answers as set.
type node struct {
	asked  int
	status string // of wsrep_ready; "" never answers
	err    error
}

func (n *node) Driver() driver.Driver { return nil }

func (n *node) Connect(ctx context.Context) (driver.Conn, error) {
	n.asked++
	switch {
	case n.err != nil:
		return nil, n.err
	case n.status == "":
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return &nodeConn{n.status, false}, nil
}

type nodeConn struct {
	status string
	told   bool
}

func (c *nodeConn) Prepare(string) (driver.Stmt, error) { panic("not asked") }
func (c *nodeConn) Begin() (driver.Tx, error)           { panic("not asked") }
func (c *nodeConn) Close() error                        { return nil }
func (c *nodeConn) Columns() []string                   { return []string{"Variable_name", "Value"} }
func (c *nodeConn) QueryContext(context.Context, string, []driver.NamedValue) (driver.Rows, error) {
	return c, nil
}

func (c *nodeConn) Next(to []driver.Value) error {
	if c.told {
		return io.EOF
	}
	c.told, to[0], to[1] = true, "wsrep_ready", []byte(c.status)
	return nil
}

// The first node that is ready is used from then on.
func TestFailover(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		refused, silent, outside, ready := &node{err: io.ErrUnexpectedEOF}, &node{}, &node{status: "OFF"}, &node{status: "ON"}
		f := Failover(refused, silent, outside, ready)
		for range 2 {
			_, err := f.Connect(t.Context())
			require.NoError(t, err)
		}
		if refused.asked != 1 || silent.asked != 1 || outside.asked != 1 || ready.asked != 2 {
			t.Errorf("asked %d, %d, %d, %d times", refused.asked, silent.asked, outside.asked, ready.asked)
		}
		ready.err = io.ErrUnexpectedEOF
		if _, err := f.Connect(t.Context()); !errors.Is(err, io.ErrUnexpectedEOF) || !errors.Is(err, errNotReady) {
			t.Errorf("with no node: %v", err)
		}
	})
}

// A node that does not answer is left even if every caller gives up before it has
// failed.
func TestFailoverFromSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		silent, ready := &node{}, &node{status: "ON"}
		f := Failover(silent, ready)
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		if _, err := f.Connect(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the first call: %v", err)
		}
		if _, err := f.Connect(t.Context()); err != nil || silent.asked != 1 {
			t.Errorf("the second call: %v, the silent node asked %d times", err, silent.asked)
		}
	})
}

// A caller that gives up says nothing about the node.
func TestFailoverStaysWhereACallerGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow, other := &node{}, &node{status: "ON"}
		f := Failover(slow, other)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Millisecond, cancel)
		if _, err := f.Connect(ctx); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		slow.status = "ON"
		if _, err := f.Connect(t.Context()); err != nil || slow.asked != 2 || other.asked != 0 {
			t.Errorf("%v, asked %d and %d times", err, slow.asked, other.asked)
		}
	})
}

// An oddNode is a connector to a server that answers with no row, or with an error.
type oddNode struct {
	node
	columns []string
	err     error // instead of the row; nil for a row of nils
}

func (n *oddNode) Connect(context.Context) (driver.Conn, error) {
	return oddConn{new(nodeConn), n}, nil
}

type oddConn struct {
	*nodeConn
	node *oddNode
}

func (c oddConn) QueryContext(context.Context, string, []driver.NamedValue) (driver.Rows, error) {
	return c, nil
}
func (c oddConn) Columns() []string         { return c.node.columns }
func (c oddConn) Next([]driver.Value) error { return c.node.err }

// What is not the answer of a node that is ready is an error.
func TestFailoverFromOddAnswers(t *testing.T) {
	two := []string{"Variable_name", "Value"}
	for name, tt := range map[string]struct {
		node oddNode
		want error
	}{
		"no row":     {oddNode{columns: two, err: io.EOF}, errNotReady},
		"one column": {oddNode{columns: two[:1]}, errNotReady},
		"a nil":      {oddNode{columns: two}, errNotReady},
		"an error":   {oddNode{columns: two, err: io.ErrUnexpectedEOF}, io.ErrUnexpectedEOF},
		"a late one": {oddNode{columns: two[:1], err: io.ErrUnexpectedEOF}, io.ErrUnexpectedEOF},
	} {
		if _, err := Failover(&tt.node).Connect(t.Context()); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
}
