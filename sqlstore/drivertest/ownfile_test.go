package drivertest

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/userstore"
)

// A host that reads its own database file, as for a backup, closes it again. That
// must not drop SQLite's locks: another program would take itself for the last one
// to close the database, and remove the log in which the next patches are.
func TestReadingTheOwnFile(t *testing.T) {
	t.Parallel()
	program := buildUserserver(t)
	file := newFile(t)
	d := databases[1] // the driver that ENGINES.md recommends
	store := d.migrated(t, openSQLite(t, "sqlite3", file))
	user := userstore.ExampleUser()
	create(t, store, &user)
	for _, name := range []string{"", "-wal", "-shm"} {
		_, err := os.ReadFile(file + name)
		require.NoError(t, err)
	}
	export := func() string {
		t.Helper()
		out, err := runUserserver(t, program, "", "", "export", "-db", file)
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		return out
	}
	export()
	_, err := store.Patch(t.Context(), user.ID, firstName("Acknowledged"))
	require.NoError(t, err)
	if got := export(); !strings.Contains(got, "Acknowledged") {
		t.Error("an acknowledged patch is lost for every other program")
	}
}
