package engine

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// A Cluster is a Galera cluster of MariaDB servers, numbered from 0. Every node
// takes writes.
type Cluster struct {
	nodes []*node
}

const clusterSize = 3

// Galera is [StartGalera] for one test, as [PostgreSQL].
func Galera(t testing.TB, options ...Option) *Cluster {
	t.Helper()
	c, err := StartGalera(options...)
	Require(t, err)
	closeAfter(t, c.Close)
	return c
}

// StartGalera starts three nodes, in about three seconds, and returns when all
// are synced. The options are for every node. The caller has to call Close. The
// environment's server is never used. The error wraps [ErrUnavailable] where
// MariaDB, Galera or rsync is not installed.
func StartGalera(options ...Option) (*Cluster, error) {
	for tries := 1; ; tries++ {
		c, err := makeCluster(options)
		if err == nil {
			err = c.start()
		}
		if err == nil {
			return c, nil
		}
		again := tries < 3 && c.portIsTaken()
		if err = errors.Join(err, c.Close()); !again {
			return nil, galera.wrap(err)
		}
	}
}

// makeCluster makes the nodes, with data.
func makeCluster(options []Option) (*Cluster, error) {
	c := &Cluster{}
	for range clusterSize {
		n, err := newNode(options)
		if n != nil {
			c.nodes = append(c.nodes, n)
		}
		if err != nil {
			return c, err
		}
	}
	c.configure()
	return c, nil
}

// start starts all nodes at the same time, as after a failure of power that ended them
// all: with the same data, of the same position in the same history, and each knows the
// others. They agree, and none needs a copy.
func (c *Cluster) start() error {
	if err := c.seed(); err != nil {
		return err
	}
	started := make(chan error)
	for _, n := range c.nodes {
		go func() { started <- n.server.Start() }()
	}
	var err error
	for range c.nodes {
		err = errors.Join(err, <-started)
	}
	if err != nil {
		return err
	}
	return c.WaitSize(len(c.nodes))
}

// seed leaves in the nodes' data what Galera keeps there of its state.
func (c *Cluster) seed() error {
	history := uuid.New()
	members := make([]uuid.UUID, len(c.nodes))
	for i := range members {
		members[i] = uuid.New()
	}
	for i, n := range c.nodes {
		err := errors.Join(n.writeState(history, 0), n.writeView(members[i], members))
		if err != nil {
			return err
		}
	}
	return nil
}

// configure tells every node of all the others.
func (c *Cluster) configure() {
	addresses := make([]string, len(c.nodes))
	for i, n := range c.nodes {
		addresses[i] = n.groupAddress()
	}
	for _, n := range c.nodes {
		n.addSettings("gcomm://" + strings.Join(addresses, ","))
	}
}

// DSN returns the DSN of a node for go-sql-driver/mysql.
func (c *Cluster) DSN(i int) string { return c.nodes[i].server.DSN() }

// NewDatabase creates a database, which ends with the cluster, and returns it as
// each node serves it.
func (c *Cluster) NewDatabase(t testing.TB) []Database {
	t.Helper()
	created, err := c.nodes[0].server.createDatabase()
	Require(t, err)
	databases := make([]Database, len(c.nodes))
	for i, n := range c.nodes {
		databases[i] = created
		databases[i].DSN, err = galera.inDatabase(n.server.DSN(), created.Name)
		Require(t, err)
	}
	return databases
}

// Kill kills a node, as [Server.Kill]. The others notice after about two seconds.
func (c *Cluster) Kill(i int) error { return c.nodes[i].server.Kill() }

// Stop stops a node cleanly; it tells the others.
func (c *Cluster) Stop(i int) error { return c.nodes[i].server.Stop() }

// Rejoin starts a node after Kill or Stop and returns when it is synced. The node gets
// what it missed; one that was killed while it changed a table gets a copy of all data.
func (c *Cluster) Rejoin(i int) error {
	position, err := c.nodes[i].recoverPosition()
	if err != nil {
		return galera.wrap(err)
	}
	if err := c.nodes[i].server.startWith(startPosition(position)); err != nil {
		return err
	}
	return c.WaitSynced(i)
}

func (c *Cluster) portIsTaken() bool {
	for _, n := range c.nodes {
		if n.server.portIsTaken() {
			return true
		}
	}
	return false
}

// Close ends all nodes and removes their files.
func (c *Cluster) Close() error {
	var err error
	for _, n := range c.nodes {
		err = errors.Join(err, n.server.Close())
	}
	return err
}
