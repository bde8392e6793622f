package drivertest

import (
	"database/sql"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

var sqliteMore = flag.String("sqlite", "", "further settings of SQLite for BenchmarkUsers, such as _pragma=cache_size(-65536)")

// BenchmarkUsers patches two attributes of random users, of tables that have 1,000,
// 100,000 and 1,000,000 and take turns. Reported are the medians of the rounds, for a
// patch, and their ratios to the smallest table. To fill the tables takes one or two
// minutes for each engine:
//
//	go test -run '^$' -bench Users -benchtime 10x ./sqlstore/drivertest
func BenchmarkUsers(b *testing.B) {
	engines := durable()
	engines[1].open = func(t testing.TB) *sql.DB {
		return openFile(t, strings.Replace(sqliteDSN(newFile(t)), "?", "?"+*sqliteMore+"&", 1))
	}
	for _, d := range engines {
		b.Run(d.name, func(b *testing.B) {
			var all []population
			for _, n := range []int{1_000, 100_000, 1_000_000} {
				all = append(all, d.populate(b, n))
			}
			for _, writers := range []int{1, 16, 64} {
				b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) { takeTurns(b, all, writers) })
			}
		})
	}
}

// openFile opens a file with the driver of userserver.
func openFile(t testing.TB, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite3", dsn)
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(maxConns)
	db.SetMaxIdleConns(maxConns)
	return db
}

func takeTurns(b *testing.B, all []population, writers int) {
	costs := make([][]float64, len(all))
	for b.Loop() {
		for i, p := range all {
			costs[i] = append(costs[i], p.patchRandom(b, writers, 1000*min(writers, 4)))
		}
	}
	first := quantile(costs[0], 0.5)
	for i, p := range all {
		b.ReportMetric(quantile(costs[i], 0.5), fmt.Sprintf("µs-of-%d", len(p.ids)))
		b.ReportMetric(quantile(costs[i], 0.5)/first, fmt.Sprintf("x-of-%d", len(p.ids)))
	}
	b.ReportMetric(0, "ns/op") // an op is a round
}

// A population is the users of a table.
type population struct {
	db    *sql.DB
	store *sqlstore.Store
	table string
	ids   []uuid.UUID
}

// populate makes a new database with so many users.
func (d database) populate(b *testing.B, users int) population {
	p := population{db: d.open(b)}
	p.store = d.storeIn(b, p.db)
	p.table = fmt.Sprintf("users_%d", tables.Load())
	for len(p.ids) < users {
		some := make([]userstore.User, min(users, 10_000))
		for i := range some {
			some[i] = userstore.ExampleUser()
			some[i].ID = uuid.New()
			p.ids = append(p.ids, some[i].ID)
		}
		tx, err := p.db.BeginTx(b.Context(), nil)
		require.NoError(b, err)
		require.NoError(b, p.store.WithTx(tx).CreateAll(b.Context(), some))
		require.NoError(b, tx.Commit())
	}
	return p
}

// patchRandom makes n patches by so many goroutines, and returns the microseconds of
// a patch.
func (p population) patchRandom(b *testing.B, writers, n int) float64 {
	done := make(chan error, writers)
	begin := time.Now()
	for range writers {
		go func() {
			var failed error
			for i := 0; i < n/writers && failed == nil; i++ {
				_, failed = p.store.Patch(b.Context(), p.ids[rand.IntN(len(p.ids))], randomNames())
			}
			done <- failed
		}()
	}
	for range writers {
		if err := <-done; err != nil {
			b.Error(err)
		}
	}
	return float64(time.Since(begin).Microseconds()) / float64(n/writers*writers)
}

func randomNames() userstore.Attributes {
	return userstore.Attributes{
		FirstName: userstore.Value(fmt.Sprint("First", rand.IntN(1e6))),
		LastName:  userstore.Value(fmt.Sprint("Last", rand.IntN(1e6))),
	}
}
