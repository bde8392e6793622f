package drivertest

import (
	"database/sql"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// BenchmarkUsers patches two attributes of random users of a SQLite file, by the
// number of its users, and reports the size of the file a user and the memory
// of the process (on Linux). A million of them take half a minute to insert:
//
//	go test -run '^$' -bench Users ./sqlstore/drivertest
func BenchmarkUsers(b *testing.B) {
	for _, n := range []int{1_000, 1_000_000} {
		b.Run(fmt.Sprintf("users=%d", n), func(b *testing.B) {
			file := newFile(b)
			db := openSQLite(b, "sqlite", file)
			store := databases[0].storeIn(b, db)
			users := insert(b, db, store, n)
			b.ResetTimer()
			for b.Loop() {
				patchAll(b, 1, len(users), users, store.Patch)
			}
			b.StopTimer()
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(users)), "µs/patch")
			b.ReportMetric(0, "ns/op") // an op is a thousand patches
			b.ReportMetric(float64(fileSize(b, db, file))/float64(n), "file-B/user")
			b.ReportMetric(float64(resident(b))/(1<<20), "resident-MiB")
		})
	}
}

// insert adds so many users, and returns a thousand of them.
func insert(b *testing.B, db *sql.DB, store *sqlstore.Store, n int) []userstore.User {
	const batch = 1_000
	var some []userstore.User
	for begin := 0; begin < n; begin += batch {
		tx, err := db.BeginTx(b.Context(), nil)
		require.NoError(b, err)
		defer tx.Rollback()
		for i := range batch {
			u := userstore.ExampleUser()
			u.ID = uuid.New()
			_, err := store.WithTx(tx).Create(b.Context(), u)
			require.NoError(b, err)
			if i%(n/batch) == 0 && len(some) < batch {
				some = append(some, u)
			}
		}
		require.NoError(b, tx.Commit())
	}
	return some
}

func fileSize(b *testing.B, db *sql.DB, file string) int64 {
	_, err := db.Exec("PRAGMA wal_checkpoint(TRUNCATE)")
	require.NoError(b, err)
	info, err := os.Stat(file)
	require.NoError(b, err)
	return info.Size()
}

// resident returns the resident memory of the process in bytes: SQLite's is not
// in Go's heap.
func resident(b *testing.B) int {
	runtime.GC()
	status, err := os.ReadFile("/proc/self/status")
	require.NoError(b, err)
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	var kib int
	_, err = fmt.Sscan(rest, &kib)
	require.NoError(b, err)
	return kib << 10
}
