package drivertest

import (
	"context"
	"database/sql"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/sqlstore/drivertest/engine"
	"github.com/userrecord/userrecord/userstore"
)

// BenchmarkPatch compares a patch of two attributes with its floor: the same
// statements by hand, prepared where that is faster, on the same pool. Its two
// halves alternate, so that ratios of one run are meant, as with
//
//	go test -run '^$' -bench Patch -count 10 ./sqlstore/drivertest | benchstat -col /by -
func BenchmarkPatch(b *testing.B) {
	for _, d := range durable() {
		db := d.open(b)
		users := benchUsers()
		// A table for each, as an engine's tables grow by patches.
		patchers := []struct {
			name string
			of   func() patcher
		}{
			{"hand", func() patcher {
				d.storeIn(b, db, users...)
				return d.byHand(b, db, fmt.Sprintf("users_%d", tables.Load()))
			}},
			{"store", func() patcher { return d.storeIn(b, db, users...).Patch }},
		}
		for _, writers := range []int{1, 16} {
			for _, by := range patchers {
				patch := by.of()
				b.Run(fmt.Sprintf("db=%s/writers=%d/by=%s", d.name, writers, by.name), func(b *testing.B) {
					benchmark(b, writers, users, patch)
				})
			}
		}
	}
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
		{"PostgreSQL", sqlstore.PostgreSQL, shared(engine.StartPostgreSQL)},
		{"MariaDB", sqlstore.MariaDB, shared(engine.StartMariaDB)},
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

func benchmark(b *testing.B, writers int, users []userstore.User, patch patcher) {
	b.ReportAllocs()
	ctx := b.Context()
	work := make(chan int, writers)
	done := make(chan error, writers)
	for range writers {
		go func() {
			var failed error
			for i := range work {
				_, err := patch(ctx, users[i*7919%len(users)].ID, userstore.Attributes{
					FirstName: userstore.Value(fmt.Sprint("First", i)),
					LastName:  userstore.Value(fmt.Sprint("Last", i)),
				})
				if err != nil {
					failed = err
				}
			}
			done <- failed
		}()
	}
	i := 0
	for b.Loop() {
		work <- i
		i++
	}
	close(work)
	for range writers {
		if err := <-done; err != nil {
			b.Fatal(err)
		}
	}
}
