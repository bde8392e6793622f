package engine

import (
	"context"
	"fmt"
	"time"
)

// WaitSynced returns when the node has caught up with the cluster.
func (c *Cluster) WaitSynced(i int) error {
	return galera.wrap(poll(fmt.Sprintf("node %d synced", i), func() (bool, error) {
		state, err := c.status(i, "wsrep_local_state_comment")
		if state == "Synced" {
			return true, nil
		}
		return false, fmt.Errorf("state %q, error %v", state, err)
	}))
}

// WaitSize returns when every node that runs is synced in a cluster of that many
// nodes.
func (c *Cluster) WaitSize(size int) error {
	for i, n := range c.nodes {
		if n.server.stopped() {
			continue
		}
		err := poll(fmt.Sprintf("size %d at node %d", size, i), func() (bool, error) {
			found, err := c.Size(i)
			if found == size || n.server.crash() != nil {
				return true, n.server.crash()
			}
			return false, fmt.Errorf("size %d, error %v", found, err)
		})
		if err == nil {
			err = c.WaitSynced(i)
		}
		if err != nil {
			return galera.wrap(fmt.Errorf("%w\n%s", err, tail(n.server.log())))
		}
	}
	return nil
}

// Size returns how many nodes are in the cluster, itself included, as the node
// sees it.
func (c *Cluster) Size(i int) (int, error) {
	text, err := c.status(i, "wsrep_cluster_size")
	if err != nil {
		return 0, err
	}
	var size int
	_, err = fmt.Sscan(text, &size)
	return size, err
}

// status returns a status variable of a node.
func (c *Cluster) status(i int, name string) (value string, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	db, err := galera.open(c.DSN(i))
	if err != nil {
		return "", err
	}
	defer db.Close()
	err = db.QueryRowContext(ctx, "show global status like '"+name+"'").Scan(&name, &value)
	return value, err
}
