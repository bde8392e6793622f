package drivertest

import (
	"database/sql"
	"flag"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore"
)

var growthPatches = flag.Int("patches", 100_000, "the patches of BenchmarkGrowth")

// BenchmarkGrowth patches random users of 100,000 and reports what they take: new;
// after a tenth of the patches; after all; after as many as the tenth under a
// transaction that has read and stays open; after that has ended and a tenth more; and
// tidied up. Sizes are in MB and do not depend on the disk, so that no commit waits
// for it:
//
//	go test -run '^$' -bench Growth -benchtime 1x -timeout 2h ./sqlstore/drivertest -patches 1000000
func BenchmarkGrowth(b *testing.B) {
	for _, g := range growths {
		b.Run(g.name, func(b *testing.B) {
			for b.Loop() {
				g.measure(b)
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// A growth is how to ask an engine what a table takes, and to tidy it up.
type growth struct {
	database
	tidy  string
	sizes map[string]string // queries by the names of what they report: bytes, unless that ends in #
}

var growths = []growth{
	{
		database{"SQLite", sqlstore.SQLite, openUnsynced, true}, "VACUUM",
		map[string]string{
			"db":  "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
			"wal": "SELECT file || '-wal' FROM pragma_database_list",
		},
	},
	{
		databases[2], "VACUUM FULL {table}",
		map[string]string{
			"table": "SELECT pg_table_size('{table}')",
			"index": "SELECT pg_indexes_size('{table}')",
			"dead#": "SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = '{table}'",
			"hot%#": "SELECT coalesce(100 * n_tup_hot_upd / nullif(n_tup_upd, 0), 0) FROM pg_stat_user_tables WHERE relname = '{table}'",
		},
	},
	{
		databases[3], "OPTIMIZE TABLE {table}",
		map[string]string{
			"table":    "SELECT file_size FROM information_schema.innodb_sys_tablespaces WHERE name LIKE '%/{table}'",
			"system":   "SELECT file_size FROM information_schema.innodb_sys_tablespaces WHERE name = 'innodb_system'", // with the undo log
			"history#": "SELECT variable_value FROM information_schema.global_status WHERE variable_name = 'Innodb_history_list_length'",
		},
	},
}

// openUnsynced opens a new file with the settings of userserver, but for synchronous.
func openUnsynced(t testing.TB) *sql.DB {
	return openFile(t, strings.Replace(sqliteDSN(newFile(t)), "FULL", "OFF", 1)+"&_pragma=journal_size_limit(16777216)")
}

func (g growth) measure(b *testing.B) {
	p := g.populate(b, 100_000)
	patch := func(n int) { p.patchRandom(b, 64, n) }
	tenth := max(*growthPatches/10, 64)
	g.report(b, p, "new")
	patch(tenth)
	g.report(b, p, "tenth")
	patch(*growthPatches - tenth)
	g.report(b, p, "all")
	end := p.read(b)
	patch(tenth)
	g.report(b, p, "reader")
	end()
	patch(tenth)
	g.report(b, p, "after")
	_, err := p.db.Exec(strings.ReplaceAll(g.tidy, "{table}", p.table))
	require.NoError(b, err)
	patch(64) // begins the -wal file anew
	g.report(b, p, "tidied")
}

// read begins a transaction and reads in it; end ends it.
func (p population) read(b *testing.B) (end func()) {
	tx, err := p.db.BeginTx(b.Context(), &sql.TxOptions{ReadOnly: true})
	require.NoError(b, err)
	for _, err := range p.store.WithTx(tx).All(b.Context()) {
		require.NoError(b, err)
		break
	}
	return func() { require.NoError(b, tx.Rollback()) }
}

func (g growth) report(b *testing.B, p population, when string) {
	for name, query := range g.sizes {
		var answer string
		require.NoError(b, p.db.QueryRow(strings.ReplaceAll(query, "{table}", p.table)).Scan(&answer))
		b.ReportMetric(amount(b, answer, name), name+"-"+when)
	}
}

// amount reads a number, or the size of the file that has this name.
func amount(b *testing.B, answer, name string) float64 {
	if info, err := os.Stat(answer); err == nil {
		return float64(info.Size()) / 1e6
	}
	n, err := strconv.ParseFloat(answer, 64)
	require.NoError(b, err)
	if strings.HasSuffix(name, "#") {
		return n
	}
	return n / 1e6
}
