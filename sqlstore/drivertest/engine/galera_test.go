//go:build linux

package engine

import (
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// TestGaleraRejoin kills a node and lets it join again. It then has what the others
// wrote in the meantime: without a copy of the whole data, unless it cannot know what it has.
func TestGaleraRejoin(t *testing.T) {
	t.Parallel()
	cluster := Galera(t)
	databases := cluster.NewDatabase(t)
	mustExec(t, databases[0].Open(t), "create table t (id int primary key, n int)")
	mustExec(t, databases[0].Open(t), "insert into t values (1, 7)")
	killAndRejoin(t, cluster, databases, 8, func() {})
	if copies := wholeCopies(t, cluster); copies != 0 {
		t.Errorf("%d copies of the whole data, want 0", copies)
	}
	killAndRejoin(t, cluster, databases, 9, func() { forgetHistory(t, cluster.nodes[2]) })
	if copies := wholeCopies(t, cluster); copies != 1 {
		t.Errorf("%d copies of the whole data, want 1", copies)
	}
}

// killAndRejoin has n written while node 2 is away.
func killAndRejoin(t *testing.T, cluster *Cluster, databases []Database, n int, whileAway func()) {
	t.Helper()
	// A node that is killed before it has created the table gets a whole copy.
	waitForN(t, databases, n-1)
	must(t, cluster.Kill(2))
	whileAway()
	must(t, cluster.WaitSize(2))
	mustExec(t, databases[0].Open(t), "update t set n = n + 1")
	must(t, cluster.Rejoin(2))
	must(t, cluster.WaitSize(3))
	waitForN(t, databases, n)
}

func waitForN(t *testing.T, databases []Database, want int) {
	t.Helper()
	for _, database := range databases {
		db := database.Open(t)
		must(t, poll("n at each node", func() (bool, error) {
			var n int
			err := db.QueryRow("select n from t").Scan(&n)
			return n == want, err
		}))
	}
}

// forgetHistory leaves the state as a node does that is killed in the middle of DDL.
func forgetHistory(t *testing.T, n *node) {
	t.Helper()
	must(t, n.writeState(uuid.Nil, -1))
}

// wholeCopies is how many copies of all their data the nodes have sent.
func wholeCopies(t *testing.T, cluster *Cluster) (sum int) {
	t.Helper()
	for _, n := range cluster.nodes {
		text, err := os.ReadFile(n.server.log())
		must(t, err)
		sum += strings.Count(string(text), "rsync SST started on donor")
	}
	return sum
}
