package drivertest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/sqlstore/drivertest/engine"
	"github.com/userrecord/userrecord/userstore"
)

// smallDisk mounts a file system of a few megabytes, which the account can write,
// and unmounts it when the test ends.
func smallDisk(t *testing.T, account string) string {
	t.Helper()
	dir := sharedDir(t)
	options := "size=2m,mode=0755"
	if found, err := user.Lookup(account); err == nil && os.Geteuid() == 0 {
		options += ",uid=" + found.Uid + ",gid=" + found.Gid
	}
	if output, err := exec.Command("mount", "-t", "tmpfs", "-o", options, "tmpfs", dir).CombinedOutput(); err != nil {
		engine.Require(t, fmt.Errorf("%w: no file system can be mounted: %s", engine.ErrUnavailable, output))
	}
	t.Cleanup(func() {
		if output, err := exec.Command("umount", "-l", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %s", output)
		}
	})
	return dir
}

// sharedDir returns a directory that every account can read.
func sharedDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "userrecord-test-")
	require.NoError(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	require.NoError(t, os.Chmod(dir, 0o755))
	return dir
}

// fullDisks puts the table users on a small disk.
var fullDisks = []struct {
	d     database
	codes []string
	open  func(*testing.T, database) (store *sqlstore.Store, disk string)
}{
	{databases[0], []string{"result code 13"}, sqliteOnSmallDisk},
	{databases[1], []string{"result code 13", "result code 778"}, sqliteOnSmallDisk},
	{databases[2], []string{"SQLSTATE 53100"}, postgreSQLOnSmallDisk},
	{databases[3], []string{"error 1021", "error 1026", "error 1030", "error 1114"}, mariaDBOnSmallDisk},
}

// A full disk is no lost connection: nothing was applied, the caller knows at
// once, reads go on, and writes do when there is room again.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	for _, tt := range fullDisks {
		t.Run(tt.d.name, func(t *testing.T) {
			store, disk := tt.open(t, tt.d)
			long := strings.Repeat("x", 200) // eight fill a disk soon, and are not yet compressed
			big := values{
				"/firstName": long, "/lastName": long, "/address/country": long, "/address/locality": long, "/address/street": long,
				"/address/houseNo": long, "/address/additionalAddressLink": long, "/address/region": long,
			}.attributes()
			var users []userstore.User
			var failure error
			for range 100_000 {
				u := userstore.User{ID: uuid.New(), Attributes: big}
				if u, failure = store.Create(t.Context(), u); failure != nil {
					break
				}
				users = append(users, u)
			}
			isKnown := slices.ContainsFunc(tt.codes, func(code string) bool { return strings.Contains(fmt.Sprint(failure), "("+code+")") })
			if !isKnown || !errors.Is(failure, sqlstore.ErrUnavailable) || errors.Is(failure, sqlstore.ErrOutcomeUnknown) {
				t.Fatalf("after %d users: %v", len(users), failure)
			}
			n := 0
			for got, err := range store.All(t.Context()) {
				if err != nil || got.Attributes != big {
					t.Fatalf("a read gave another user, or %v", err)
				}
				n++
			}
			if n != len(users) {
				t.Errorf("%d users are kept, %d were acknowledged", n, len(users))
			}
			enlarge(t, disk)
			for range 100 {
				create(t, store, &userstore.User{ID: uuid.New(), Attributes: big})
			}
		})
	}
}

func enlarge(t *testing.T, disk string) {
	t.Helper()
	if output, err := exec.Command("mount", "-o", "remount,size=32m", disk).CombinedOutput(); err != nil {
		t.Fatalf("remount: %s", output)
	}
}

func sqliteOnSmallDisk(t *testing.T, d database) (*sqlstore.Store, string) {
	disk := smallDisk(t, "")
	driver := map[string]string{"SQLite-modernc": "sqlite", "SQLite-ncruces": "sqlite3"}[d.name]
	return d.migrated(t, openSQLite(t, driver, filepath.Join(disk, "users.db"))), disk
}

func postgreSQLOnSmallDisk(t *testing.T, d database) (*sqlstore.Store, string) {
	server := ownServer(t, postgreSQL)
	disk := smallDisk(t, "postgres")
	created := server.NewDatabase(t)
	db := created.Open(t)
	mustExec(t, db, "CREATE TABLESPACE "+created.Name+" LOCATION '"+disk+"'")
	t.Cleanup(func() { db.Exec("DROP TABLE users"); db.Exec("DROP TABLESPACE " + created.Name) })
	store := d.migrated(t, db)
	mustExec(t, db, "ALTER TABLE users SET TABLESPACE "+created.Name)
	return store, disk
}

func mariaDBOnSmallDisk(t *testing.T, d database) (*sqlstore.Store, string) {
	server := ownServer(t, mariaDB)
	disk := smallDisk(t, "mysql")
	db := server.NewDatabase(t).Open(t)
	migrations, err := sqlstore.Migrations(d.dialect, nil)
	require.NoError(t, err)
	mustExec(t, db, strings.TrimSuffix(strings.TrimSpace(migrations[0].SQL), ";")+" DATA DIRECTORY='"+disk+"'")
	t.Cleanup(func() { db.Exec("DROP TABLE users") })
	return d.store(t, db), disk
}

// ownServer skips the test on a server of somebody else, whose disks we cannot
// reach.
func ownServer(t *testing.T, shared *engine.Shared) *engine.Server {
	t.Helper()
	server := shared.Server(t)
	server.RequireOwn(t)
	return server
}
