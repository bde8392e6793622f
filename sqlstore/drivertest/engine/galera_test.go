//go:build linux

package engine

import (
	"os"
	"strings"
	"testing"
)

// TestGaleraRejoin kills a node and lets it join again. It then has what the
// others wrote in the meantime, without a copy of the whole data.
func TestGaleraRejoin(t *testing.T) {
	t.Parallel()
	cluster := Galera(t)
	databases := cluster.NewDatabase(t)
	db := databases[0].Open(t)
	mustExec(t, db, "create table t (id int primary key, n int)")
	mustExec(t, db, "insert into t values (1, 7)")
	must(t, cluster.Kill(2))
	must(t, cluster.WaitSize(2))
	mustExec(t, db, "update t set n = 8")
	must(t, cluster.Rejoin(2))
	must(t, cluster.WaitSize(3))
	for _, n := range cluster.nodes {
		text, err := os.ReadFile(n.server.log())
		must(t, err)
		if strings.Contains(string(text), wholeCopy) {
			t.Error("a node sent a copy of all its data")
		}
	}
	for i, database := range databases {
		if n := queryInt(t, database.Open(t), "select n from t"); n != 8 {
			t.Errorf("at node %d n is %d, want 8", i, n)
		}
	}
}
