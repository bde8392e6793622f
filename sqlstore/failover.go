package sqlstore

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"
)

// Failover returns a connector to the nodes of a Galera cluster, for
// [sql.OpenDB]. All connections go to one node, since writes to several conflict;
// when a connection to that one fails, or it says that it is not ready
// (wsrep_ready), the next node is it from then on, round and round.
//
//	node1, err := mysql.NewConnector(config1) // github.com/go-sql-driver/mysql
//	...
//	db := sql.OpenDB(sqlstore.Failover(node1, node2, node3))
//
// A [Store] gives up a connection whose node has left the cluster (error 1047)
// and tries again on another. A node that does not answer within 3 s counts as
// failed. Connections to a node that lives on stay in the pool after a switch:
// [sql.DB.SetConnMaxLifetime] bounds that. Failover panics without a connector.
func Failover(nodes ...driver.Connector) driver.Connector {
	if len(nodes) == 0 {
		panic("sqlstore: Failover needs a node")
	}
	return &failover{nodes: nodes}
}

type failover struct {
	nodes   []driver.Connector
	current atomic.Uint64 // counts on; modulo the number of nodes it is the one in use
}

// Driver implements [driver.Connector].
func (f *failover) Driver() driver.Driver { return f.nodes[0].Driver() }

// Connect implements [driver.Connector]: it tries every node once, beginning with
// the one in use.
func (f *failover) Connect(ctx context.Context) (driver.Conn, error) {
	var failures []error
	for range f.nodes {
		turn := f.current.Load()
		conn, err := f.connect(ctx, f.nodes[turn%uint64(len(f.nodes))])
		if err == nil {
			return conn, nil
		}
		failures = append(failures, err)
		if ctx.Err() == context.Canceled {
			break // which says nothing of the node
		}
		// Others may have moved on already.
		f.current.CompareAndSwap(turn, turn+1)
		if ctx.Err() != nil {
			break
		}
	}
	return nil, errUnreached{fmt.Errorf("sqlstore: no node is ready: %w", errors.Join(failures...))}
}

// nodePatience is for how long one node may take to answer: one that has lost its
// power does not refuse.
const nodePatience = 3 * time.Second

func (f *failover) connect(ctx context.Context, node driver.Connector) (driver.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, nodePatience)
	defer cancel()
	return connectReady(ctx, node)
}

var errNotReady = errors.New("sqlstore: the node is not ready (wsrep_ready)")

func connectReady(ctx context.Context, node driver.Connector) (driver.Conn, error) {
	conn, err := node.Connect(ctx)
	if err != nil {
		return nil, err
	}
	if err := isReady(ctx, conn); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// isReady asks the node. One that knows no wsrep_ready is no node.
func isReady(ctx context.Context, conn driver.Conn) error {
	queryer, ok := conn.(driver.QueryerContext)
	if !ok {
		return errors.New("sqlstore: the driver has no QueryerContext")
	}
	rows, err := queryer.QueryContext(ctx, "SHOW STATUS LIKE 'wsrep_ready'", nil)
	if err != nil {
		return err
	}
	defer rows.Close()
	status := make([]driver.Value, len(rows.Columns()))
	switch err := rows.Next(status); {
	case errors.Is(err, io.EOF) || err == nil && len(status) < 2:
		return errNotReady
	case err != nil:
		return err
	}
	if text := fmt.Sprintf("%s", status[1]); text != "ON" {
		return errNotReady
	}
	return nil
}
