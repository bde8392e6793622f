package engine

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
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

// StartGalera starts three nodes, in about eight seconds, and returns when all
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

// makeCluster makes the nodes; the first has data.
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
	return c, galera.template.initialise(c.nodes[0].server)
}

// start starts the first node alone and then lets the others join, one after the other:
// two at the same time stand in each other's way for seconds.
func (c *Cluster) start() error {
	if err := c.seed(); err != nil {
		return err
	}
	if err := c.nodes[0].server.startWith("--wsrep-new-cluster"); err != nil {
		return err
	}
	for i, n := range c.nodes[1:] {
		if err := n.server.Start(); err != nil {
			return err
		}
		if err := c.WaitSize(i + 2); err != nil {
			return err
		}
	}
	return nil
}

// seed gives the other nodes the data of the first, after that has been a
// cluster by itself. They then know that they are at the same position of the
// same history, and need no copy over the network.
func (c *Cluster) seed() error {
	first := c.nodes[0].server
	if err := first.startWith("--wsrep-new-cluster"); err != nil {
		return err
	}
	if err := c.WaitSynced(0); err != nil {
		return err
	}
	if err := first.Stop(); err != nil {
		return err
	}
	for _, name := range []string{"galera.cache", "gvwstate.dat"} { // a node's own
		if err := os.RemoveAll(filepath.Join(first.data(), name)); err != nil {
			return err
		}
	}
	for _, n := range c.nodes[1:] {
		n.server.password = first.password
		if err := first.tool("cp", "-a", first.data(), n.server.data()); err != nil {
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
