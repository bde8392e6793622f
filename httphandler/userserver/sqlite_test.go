package main

import (
	"database/sql"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/userstore"
)

func TestRestartKeepsUsers(t *testing.T) {
	for _, name := range []string{"users.db", "a b", "what?", "100%", "%41", "#1", "a&b=c", "x;y", "'q'", "memory", "postgres"} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			db := []string{"-db", "." + string(filepath.Separator) + name}
			if name == defaultDB {
				db[1] = name
			}
			first := startServer(t, nil, db...)
			patch(t, first.base, exampleID, demoToken, `{"lastName":"Kept"}`).expect(t, 200, "")
			first.stop()
			entries, err := os.ReadDir(".")
			if err != nil || len(entries) != 1 || entries[0].Name() != name {
				t.Errorf("files %v, %v; want %q alone", entries, err, name)
			}
			again := patch(t, startServer(t, nil, db...).base, exampleID, demoToken, noChange)
			if !strings.Contains(again.body, `"Kept"`) {
				t.Errorf("the patch is lost: %s", again.body)
			}
		})
	}
}

func TestDefaultIsAFile(t *testing.T) {
	t.Chdir(t.TempDir())
	stderr := new(buffer)
	// It ends because the greeting cannot be written.
	if got := run(t.Context(), []string{"-addr", "127.0.0.1:0"}, testProcess(nil, closedWriter{}, stderr)); got != exitFailure {
		t.Errorf("exit status = %d, stderr = %s", got, stderr)
	}
	_, err := os.Stat("users.db")
	require.NoError(t, err)
}

// sqliteDB opens a database that a server has created.
func sqliteDB(t *testing.T) (name string, db *sql.DB) {
	t.Helper()
	name = filepath.Join(t.TempDir(), "users.db")
	startServer(t, nil, "-db", name).stop()
	db, err := sqliteFile(name).open()
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	return name, db
}

func execute(t *testing.T, db *sql.DB, statement string) {
	t.Helper()
	_, err := db.Exec(statement)
	require.NoError(t, err)
}

// The example users are created only once.
func TestDeletedUsersStayDeleted(t *testing.T) {
	name, db := sqliteDB(t)
	execute(t, db, "DELETE FROM users WHERE id = '"+exampleID+"'")
	s := startServer(t, nil, "-db", name)
	patch(t, s.base, exampleID, demoToken, noChange).expect(t, 404, "user-not-found")
	if !strings.Contains(s.curl, secondID) {
		t.Errorf("the curl line is not of the second user: %s", s.curl)
	}
	s.stop()
	execute(t, db, "DELETE FROM users")
	s = startServer(t, nil, "-db", name)
	patch(t, s.base, secondID, demoToken, noChange).expect(t, 404, "user-not-found")
	if s.curl != "There are no users yet: userserver import adds some (userserver import -h)" {
		t.Errorf("it says %q", s.curl)
	}
}

// A new table gets no example users if it has users by then.
func TestSeedOnlyWhatIsEmpty(t *testing.T) {
	s, err := openSQL(t.Context(), sqliteFile(filepath.Join(t.TempDir(), "users.db")), slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	defer s.close()
	_, err = s.store.Create(t.Context(), userstore.User{ID: uuid.New()})
	require.NoError(t, err)
	if err := seedEmpty(t.Context(), s); err != nil || !s.first {
		t.Errorf("first = %v, %v", s.first, err)
	}
	_, err = s.store.Get(t.Context(), uuid.MustParse(exampleID))
	require.ErrorIs(t, err, userstore.ErrNotFound, "the example user is there")
}

// A database with users gets no example users, and the curl line changes nothing.
func TestOtherUsers(t *testing.T) {
	const other = "11111111-2222-4333-8444-555555555555"
	name := filepath.Join(t.TempDir(), "users.db")
	importLines(t, name, `{"id":"`+other+`","attributes":{"firstName":"Ada"}}`).expect(t, exitOK, "imported 1 user in")
	s := startServer(t, nil, "-db", name)
	patch(t, s.base, exampleID, demoToken, noChange).expect(t, 404, "user-not-found")
	if !strings.Contains(s.curl, "/users/"+other) || strings.Contains(s.curl, "attributes") {
		t.Errorf("curl line %s: want one of %s that changes nothing", s.curl, other)
	}
	s.stdout.await(t, `(?m)^Try \(it changes nothing\):$`)
	if got := patch(t, s.base, other, demoToken, noChange); !strings.Contains(got.body, "Ada") {
		t.Errorf("answer %s", got.body)
	}
	s.stop()
	s = startServer(t, nil, "-db", name, "-failing-user", other)
	patch(t, s.base, other, demoToken, noChange).expect(t, 501, "internal-error")
	s.stdout.await(t, "(?m)^User "+other+" fails: 501$")
	if !strings.HasPrefix(s.curl, "There are no users") {
		t.Errorf("the curl line is of the failing user: %s", s.curl)
	}
	s.stop()
	const next = "22222222-2222-4333-8444-555555555555"
	importLines(t, name, `{"id":"`+next+`"}`).expect(t, exitOK, "imported 1 user in")
	if s := startServer(t, nil, "-db", name, "-failing-user", other); !strings.Contains(s.curl, "/users/"+next) {
		t.Errorf("curl line %s: want one of %s", s.curl, next)
	}
}

// The failing user is not created in a file.
func TestFailingUserIsNotKept(t *testing.T) {
	const another = "11111111-2222-4333-8444-555555555555"
	name := filepath.Join(t.TempDir(), "users.db")
	s := startServer(t, nil, "-db", name, "-failing-user", another)
	patch(t, s.base, another, demoToken, noChange).expect(t, 501, "internal-error")
	s.stop()
	if got := exportLines(t, name); strings.Contains(got, another) || strings.Count(got, "\n") != 2 {
		t.Errorf("the database holds %s", got)
	}
}

// Several processes can create the same database at once and share it.
func TestServersShareAFile(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "users.db")
	var servers []*child
	for range 3 {
		servers = append(servers, newChild(t, nil, "-addr", "127.0.0.1:0", "-db", name))
	}
	for i, s := range servers {
		base := s.stdout.await(t, basePattern)[1]
		patch(t, base, exampleID, demoToken, fmt.Sprintf(`{"firstName":"Jane %d"}`, i)).expect(t, 200, "")
	}
	for _, s := range servers {
		s.signal(t, syscall.SIGTERM)
		if err := s.wait(t); err != nil {
			t.Errorf("it ended with %v; stderr:\n%s", err, s.stderr)
		}
	}
	if got := exportLines(t, name); !strings.Contains(got, "Jane 2") || strings.Count(got, "\n") != 2 {
		t.Errorf("the database holds\n%s", got)
	}
}

func TestUnusableFiles(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), canary)
	const text = "not a database, but long enough to look at, and longer, and longer still, and longer than a header of a hundred bytes\n"
	require.NoError(t, os.WriteFile(name, []byte(text), 0o644))
	stdout, stderr := new(buffer), new(buffer)
	if got := run(t.Context(), []string{"-addr", "127.0.0.1:0", "-db", name}, testProcess(nil, stdout, stderr)); got != exitFailure {
		t.Errorf("exit status = %d", got)
	}
	stderr.await(t, `level=WARN msg="others can read the database: chmod 600 it"`)
	stderr.await(t, `(?m)^userserver: sqlstore: .* \(result code 26\): the file is no SQLite database$`)
	if got, err := os.ReadFile(name); err != nil || string(got) != text {
		t.Errorf("the file was changed: %q, %v", got, err)
	}
	if got := run(t.Context(), []string{"export", "-db", name}, testProcess(nil, stdout, stderr)); got != exitFailure {
		t.Errorf("exit status of export = %d", got)
	}
	if left, err := filepath.Glob(name + "-*"); err != nil || left != nil {
		t.Errorf("beside the file: %v, or %v", left, err)
	}
}
