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
// [sql.OpenDB]. All connections go to one node, since writes to several conflict.
// When connecting to that node fails, or the node is not ready (wsrep_ready), the next
// one is used from then on; after the last one comes the first.
//
//	node1, err := mysql.NewConnector(config1) // github.com/go-sql-driver/mysql
//	...
//	db := sql.OpenDB(sqlstore.Failover(node1, node2, node3))
//
// A [Store] gives up a connection whose node has left the cluster (error 1047),
// and retries on another one. A node that does not answer within 3 s counts as
// failed. After a switch, connections to the old node stay in the pool as long as they
// work: [sql.DB.SetConnMaxLifetime] bounds that. Failover panics if there are no
// nodes.
func Failover(nodes ...driver.Connector) driver.Connector {
	if len(nodes) == 0 {
		panic("sqlstore: Failover needs a node")
	}
	return &failover{nodes: nodes}
}

type failover struct {
	nodes   []driver.Connector
	current atomic.Uint64 // never decreases; modulo the number of nodes, the node in use
}

// Driver implements [driver.Connector].
func (f *failover) Driver() driver.Driver { return f.nodes[0].Driver() }

// Connect implements [driver.Connector]. It tries every node once, beginning with
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
			break // the caller gave up, which says nothing about the node
		}
		// Another caller may have moved on already.
		f.current.CompareAndSwap(turn, turn+1)
		if ctx.Err() != nil {
			break
		}
	}
	return nil, errNoConn{fmt.Errorf("sqlstore: no node is ready: %w", errors.Join(failures...))}
}

// nodePatience is how long one node may take to answer. One that has lost its power
// does not refuse connections.
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

// isReady asks the node. A server without wsrep_ready is not a node.
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
