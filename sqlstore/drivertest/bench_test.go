package drivertest

import (
	"context"
	"database/sql"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/sqlstore/drivertest/engine"
	"github.com/userrecord/userrecord/userstore"
)

// BenchmarkPatch compares a patch of two attributes with its floor: the same
// statements by hand, in the fastest of the usual ways, each with its commit, on
// the same pool and a table of its own. The two take turns in rounds of a tenth
// of a second or so. Reported are the times of a patch, the median of their
// ratios with its quartiles, and the allocations that the store has more:
//
//	go test -run '^$' -bench Patch -benchtime 50x ./sqlstore/drivertest
func BenchmarkPatch(b *testing.B) {
	for _, d := range durable() {
		db := d.open(b)
		users := benchUsers()
		hand := d.byHand(b, db, d.tableOf(b, db, users))
		store := d.storeIn(b, db, users...).Patch
		for _, writers := range []int{1, 16} {
			b.Run(fmt.Sprintf("%s/writers=%d", d.name, writers), func(b *testing.B) {
				compare(b, writers, users, hand, store)
			})
		}
	}
}

// tableOf returns the name of a new table with the users.
func (d database) tableOf(b *testing.B, db *sql.DB, users []userstore.User) string {
	d.storeIn(b, db, users...)
	return fmt.Sprintf("users_%d", tables.Load())
}

type patcher func(context.Context, uuid.UUID, userstore.Attributes) (userstore.User, error)

// durable are the engines as they are meant to be run, unlike those of the tests.
func durable() []database {
	shared := func(start func(...engine.Option) (*engine.Server, error)) func(testing.TB) *sql.DB {
		server := engine.Share(start)
		return func(t testing.TB) *sql.DB {
			t.Cleanup(func() { server.Close() })
			return openShared(t, server)
		}
	}
	return []database{
		databases[0],
		databases[1],
		{"PostgreSQL", sqlstore.PostgreSQL, shared(engine.StartPostgreSQL), false},
		{"MariaDB", sqlstore.MariaDB, shared(engine.StartMariaDB), false},
	}
}

func benchUsers() []userstore.User {
	users := make([]userstore.User, 1000)
	for i := range users {
		users[i] = userstore.ExampleUser()
		users[i].ID = uuid.New()
	}
	return users
}

func compare(b *testing.B, writers int, users []userstore.User, hand, store patcher) {
	n := 200 * min(writers, 4)
	var byHand, byStore, ratios []float64
	var more float64
	for round := 0; b.Loop(); round++ {
		turns := []func(){
			func() { c := measure(b, writers, n, users, hand); byHand, more = append(byHand, c.ns), more-c.allocs },
			func() {
				c := measure(b, writers, n, users, store)
				byStore, more = append(byStore, c.ns), more+c.allocs
			},
		}
		turns[round%2]()
		turns[1-round%2]()
		ratios = append(ratios, byHand[round]/byStore[round])
	}
	b.ReportMetric(0, "ns/op") // an op is a round
	b.ReportMetric(quantile(byHand, 0.5)/1e3, "µs-by-hand")
	b.ReportMetric(quantile(byStore, 0.5)/1e3, "µs-by-store")
	b.ReportMetric(quantile(ratios, 0.25), "x-quartile1")
	b.ReportMetric(quantile(ratios, 0.5), "x-as-fast")
	b.ReportMetric(quantile(ratios, 0.75), "x-quartile3")
	b.ReportMetric(more/float64(len(ratios)), "more-allocs")
}

func quantile(values []float64, q float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[int(q*float64(len(sorted)-1)+0.5)]
}

// A cost is that of one patch.
type cost struct{ ns, allocs float64 }

func measure(b *testing.B, writers, n int, users []userstore.User, patch patcher) cost {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	begin := time.Now()
	patchAll(b, writers, n, users, patch)
	took := time.Since(begin)
	runtime.ReadMemStats(&after)
	return cost{float64(took) / float64(n), float64(after.Mallocs-before.Mallocs) / float64(n)}
}

// patchAll makes n patches of two attributes, by so many goroutines.
func patchAll(b *testing.B, writers, n int, users []userstore.User, patch patcher) {
	work := make(chan int, n)
	for i := range n {
		work <- i
	}
	close(work)
	done := make(chan error, writers)
	for range writers {
		go func() {
			var failed error
			for i := range work {
				_, err := patch(b.Context(), users[i*7919%len(users)].ID, userstore.Attributes{
					FirstName: userstore.Value(fmt.Sprint("First", time.Now().UnixNano())),
					LastName:  userstore.Value(fmt.Sprint("Last", i)),
				})
				if err != nil {
					failed = err
				}
			}
			done <- failed
		}()
	}
	for range writers {
		if err := <-done; err != nil {
			b.Error(err)
		}
	}
}
