package main

import (
	"bufio"
	"database/sql"
	"io"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// Every connection has the settings.
func TestSQLiteSettings(t *testing.T) {
	t.Parallel()
	_, db := sqliteDB(t)
	want := map[string]string{
		"journal_mode":       "wal",
		"synchronous":        "2", // FULL
		"busy_timeout":       "5000",
		"secure_delete":      "1",
		"journal_size_limit": "16777216",
		"cache_size":         "-2000", // KiB: the default
		"mmap_size":          "0",
	}
	for range sqliteConns {
		conn, err := db.Conn(t.Context())
		require.NoError(t, err)
		defer conn.Close() // so that each is another one
		got := make(map[string]string)
		for name := range want {
			var value string
			require.NoError(t, conn.QueryRowContext(t.Context(), "PRAGMA "+name).Scan(&value))
			got[name] = value
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("settings (-want +got):\n%s", diff)
		}
	}
}

// An import checkpoints less often.
func TestSQLiteImportSettings(t *testing.T) {
	t.Parallel()
	name, _ := sqliteDB(t)
	db, err := sqliteFile(name).openImport()
	require.NoError(t, err)
	defer db.Close()
	for pragma, want := range map[string]string{"wal_autocheckpoint": "16000", "journal_size_limit": "-1", "synchronous": "2", "secure_delete": "1"} {
		var got string
		require.NoError(t, db.QueryRow("PRAGMA "+pragma).Scan(&got))
		if got != want {
			t.Errorf("%s = %s, want %s", pragma, got, want)
		}
	}
}

// The -wal file grows while somebody reads, and gives the disk back afterwards.
func TestWALShrinks(t *testing.T) {
	t.Parallel()
	name, db := sqliteDB(t)
	reader := reading(t, db)
	execute(t, db, "CREATE TABLE large (content)")
	for range 3 {
		execute(t, db, "INSERT INTO large VALUES (zeroblob(10000000))")
	}
	if size := fileSize(t, name+"-wal"); size < 30e6 {
		t.Errorf("the -wal file has %d bytes: the reader does not matter", size)
	}
	require.NoError(t, reader.Rollback())
	execute(t, db, "INSERT INTO large VALUES (1)") // checkpoints
	execute(t, db, "INSERT INTO large VALUES (2)") // begins the -wal file anew
	if size := fileSize(t, name+"-wal"); size > 16<<20 {
		t.Errorf("the -wal file still has %d bytes", size)
	}
}

// reading returns a transaction that has read.
func reading(t *testing.T, db *sql.DB) *sql.Tx {
	t.Helper()
	tx, err := db.BeginTx(t.Context(), &sql.TxOptions{ReadOnly: true})
	require.NoError(t, err)
	var n int
	require.NoError(t, tx.QueryRow("SELECT count(*) FROM users").Scan(&n))
	return tx
}

func fileSize(t *testing.T, name string) int64 {
	t.Helper()
	info, err := os.Stat(name)
	require.NoError(t, err)
	return info.Size()
}

// An export that waits for its consumer keeps no transaction open, so that the -wal file
// does not grow meanwhile.
func TestSlowExportHoldsNoTransaction(t *testing.T) {
	t.Parallel()
	name, db := sqliteDB(t)
	importLines(t, name, randomUsers(2000)).expect(t, exitOK, "imported 2000 users")
	slow, stdout := io.Pipe()
	status := make(chan int, 1)
	go func() {
		status <- run(t.Context(), []string{"export", "-db", name}, testProcess(nil, stdout, new(buffer)))
		stdout.Close()
	}()
	lines := bufio.NewReaderSize(slow, 16)
	_, err := lines.ReadString('\n')
	require.NoError(t, err)
	execute(t, db, "UPDATE users SET last_name = 'Changed'")
	var busy, inWAL, moved int
	require.NoError(t, db.QueryRow("PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &inWAL, &moved))
	if busy != 0 {
		t.Errorf("the export keeps %d of %d pages in the -wal file", inWAL-moved, inWAL)
	}
	_, err = io.Copy(io.Discard, lines)
	require.NoError(t, err)
	if got := <-status; got != exitOK {
		t.Errorf("exit status = %d", got)
	}
}
