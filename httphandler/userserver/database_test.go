package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const canary = "s3cret"

// No error shows any part of a database name or data source name.
func TestDatabaseUsageErrors(t *testing.T) {
	t.Chdir(t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.NoError(t, os.Symlink("nowhere-"+canary, "link"))
	const (
		isSource   = "-db: this is a data source name, which may hold a password: put it into DATABASE_URL, and use -db postgres or -db mysql"
		pgUnread   = "DATABASE_URL cannot be read (it is not shown): the form is postgres://USER:PASSWORD@HOST:PORT/DATABASE, with special"
		pgUnset    = "DATABASE_URL is not set: put the data source name into it, in the form postgres://USER:PASSWORD@HOST:PORT/DATABASE"
		myUnread   = "DATABASE_URL cannot be read (it is not shown): the form is USER:PASSWORD@tcp(HOST:PORT)/DATABASE or mysql://USER:PASSWORD@HOST:PORT/DATABASE, with special"
		myUnset    = "DATABASE_URL is not set: put the data source name into it, in the form USER:PASSWORD@tcp(HOST:PORT)/DATABASE or mysql:"
		insteadFmt = "-db: this is not the name of a database: use -db %s (or put ./ before the name of a file)"
	)
	instead := func(name string) string { return fmt.Sprintf(insteadFmt, name) }
	for name, test := range map[string]struct{ db, source, want string }{
		"URL":                     {"postgres://u:" + canary + "@h/db", "", isSource},
		"driver's form":           {"u:" + canary + "@tcp(h)/db", "", isSource},
		"libpq's form":            {"host=h password=" + canary, "", isSource},
		"libpq's form, capitals":  {"Password = " + canary, "", isSource},
		"SQLite URI":              {"file:" + canary + "?mode=ro", "", "-db: give the name of the file alone, without file: and parameters"},
		"nothing":                 {"", "", instead("users.db")},
		"SQLite's memory":         {":memory:", "", instead("memory")},
		"capitals":                {"Memory", "", instead("memory")},
		"other name, PostgreSQL":  {"postgresql", "", instead("postgres")},
		"other name, MySQL":       {"MariaDB", "", instead("mysql")},
		"kind, not a file":        {"sqlite", "", instead("users.db")},
		"directory":               {".", "", "-db: this is a directory or a device, not a file"},
		"device":                  {"/dev/null", "", "-db: this is a directory or a device, not a file"},
		"no directory":            {canary + "/users.db", "", "-db: the file cannot be created: no such file or directory"},
		"link to nowhere":         {"link", "", "-db: the file cannot be opened: no such file or directory"},
		"no data source":          {"postgres", "", pgUnset},
		"no data source, MySQL":   {"mysql", "", myUnset},
		"not a URL":               {"postgres", "host=h user=u password=" + canary, pgUnread},
		"of the other driver":     {"postgres", "u:" + canary + "@tcp(h:1)/db", pgUnread},
		"odd port":                {"postgres", "postgres://u:p@h:" + canary + "/db", pgUnread},
		"not escaped":             {"postgres", "postgres://u:%" + canary + "@h/db", pgUnread},
		"unknown sslmode":         {"postgres", "postgres://u:p@h/db?sslmode=" + canary, pgUnread},
		"missing certificate":     {"postgres", "postgres://u:p@h/db?sslmode=verify-full&sslrootcert=/" + canary, pgUnread},
		"URL of the other driver": {"mysql", "postgres://u:" + canary + "@h/db", myUnread},
		"no slash":                {"mysql", "u:" + canary + "@tcp(h:1)", myUnread},
		"no name":                 {"mysql", "u:" + canary + "@tcp(h:1)/", myUnread},
		"no name in the URL":      {"mysql", "mysql://u:" + canary + "@h", myUnread},
		"no host":                 {"mysql", "mysql://u:" + canary + "@/db", myUnread},
		"not escaped, MySQL":      {"mysql", "mysql://u:%" + canary + "@h/db", myUnread},
		"odd parameter":           {"mysql", "mysql://u:p@h/db?timeout=" + canary, myUnread},
		"driver panics":           {"mysql", "u:" + canary + "@tcp(h:1)/db?strict=true", myUnread},
		"driver panics at a URL":  {"mysql", "mysql://u:" + canary + "@h/db?strict=true", myUnread},
	} {
		for _, command := range []string{"", "import", "export"} {
			if command == "export" && strings.Contains(test.want, "created") {
				continue // it does not create files
			}
			t.Run(name+"/"+command, func(t *testing.T) {
				env := map[string]string{databaseEnv: test.source}
				args := append(invoking(command), "-db="+test.db)
				stdout, stderr := new(buffer), new(buffer)
				if got := run(ctx, args, testProcess(env, stdout, stderr)); got != exitUsage {
					t.Errorf("exit status = %d, want 2", got)
				}
				text := stderr.String()
				title := strings.TrimSpace("userserver " + command)
				if !strings.HasPrefix(text, title+": ") || !strings.Contains(text, test.want) || !strings.HasSuffix(text, "\n"+title+": -h lists every flag\n") {
					t.Errorf("stderr = %q, want %q in it", text, test.want)
				}
				if all := stdout.String() + text; strings.Contains(all, canary) || strings.Contains(all, "goroutine") {
					t.Errorf("it shows too much: %s", all)
				}
			})
		}
	}
	if left, err := os.ReadDir("."); err != nil || len(left) != 1 {
		t.Errorf("files were left: %v, %v", left, err)
	}
}

// silentPort accepts connections and never answers.
func silentPort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { listener.Close() })
	return listener.Addr().String()
}

func closedPort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	return listener.Addr().String()
}

func TestUnreachableServers(t *testing.T) {
	t.Parallel()
	closed := closedPort(t)
	for name, test := range map[string]struct{ db, source, want string }{
		"PostgreSQL":    {"postgres", "postgres://" + canary + ":" + canary + "@" + closed + "/" + canary, "the database cannot be reached: connection refused"},
		"MySQL":         {"mysql", canary + ":" + canary + "@tcp(" + closed + ")/" + canary, "the database cannot be reached: connection refused"},
		"MySQL, URL":    {"mysql", "mysql://" + canary + ":" + canary + "@" + closed + "/" + canary + "?loc=Europe/Berlin", "the database cannot be reached: connection refused"},
		"unknown host":  {"postgres", "postgres://u:" + canary + "@" + canary + ".invalid/db", "the database cannot be reached: the host is not found"},
		"unknown, too":  {"mysql", "mysql://u:" + canary + "@" + canary + ".invalid/db", "the database cannot be reached: the host is not found"},
		"socket, MySQL": {"mysql", "u:" + canary + "@unix(/" + canary + ")/db", "the database cannot be reached: no such file or directory"},
	} {
		for _, command := range []string{"", "import", "export"} {
			t.Run(name+"/"+command, func(t *testing.T) {
				stdout, stderr := new(buffer), new(buffer)
				args := append(invoking(command), "-db", test.db)
				got := run(t.Context(), args, testProcess(map[string]string{databaseEnv: test.source}, stdout, stderr))
				if got != exitFailure || !strings.Contains(stderr.String(), ": "+test.want+"\n") {
					t.Errorf("exit status = %d, stderr = %q; want 1 and %q", got, stderr, test.want)
				}
				if all := stdout.String() + stderr.String(); strings.Contains(all, canary) {
					t.Errorf("it shows the data source name: %s", all)
				}
			})
		}
	}
}

// A server that accepts connections but never answers is given up.
func TestSilentServer(t *testing.T) {
	t.Parallel()
	addr := silentPort(t)
	for db, source := range map[string]string{
		dbPostgres: "postgres://u:" + canary + "@" + addr + "/db",
		dbMySQL:    "u:" + canary + "@tcp(" + addr + ")/db",
	} {
		from, err := findDatabase(db, environment(map[string]string{databaseEnv: source}))
		require.NoError(t, err)
		pool, err := from.open()
		require.NoError(t, err)
		defer pool.Close()
		err = sqlDatabase{db: pool}.reach(t.Context(), 50*time.Millisecond)
		if err == nil || err.Error() != "the database cannot be reached: no answer in time" {
			t.Errorf("%s: %v", db, err)
		}
	}
}

// An unused data source name gets a warning that does not show it.
func TestIgnoredDataSource(t *testing.T) {
	name := filepath.Join(t.TempDir(), "users.db")
	for _, test := range []struct {
		args   []string
		source string
		want   int // warnings
	}{
		{[]string{"-db", name}, "postgres://u:" + canary + "@h/db", 1},
		{[]string{"-db", dbMemory}, canary, 1},
		{[]string{"import", "-db", name}, canary, 1},
		{[]string{"export", "-db", name}, canary, 1},
		{[]string{"-db", name}, "", 0},
		{[]string{"-db", dbPostgres}, "postgres://u:" + canary + "@" + closedPort(t) + "/db", 0},
	} {
		stderr := new(buffer)
		if len(test.args) == 2 {
			test.args = append(test.args, "-addr", "127.0.0.1:0")
		}
		// A server ends because the greeting cannot be written.
		run(t.Context(), test.args, testProcess(map[string]string{databaseEnv: test.source}, closedWriter{}, stderr))
		got := strings.Count(stderr.String(), `level=WARN msg="DATABASE_URL is set and ignored: only -db postgres and -db mysql use it"`)
		if got != test.want || strings.Contains(stderr.String(), canary) {
			t.Errorf("%v: %d warnings, want %d:\n%s", test.args, got, test.want, stderr)
		}
	}
}

func TestPoolsHaveLimits(t *testing.T) {
	env := environment(map[string]string{databaseEnv: "postgres://u:p@127.0.0.1:1/db"})
	myEnv := environment(map[string]string{databaseEnv: "u:p@tcp(127.0.0.1:1)/db"})
	for name, test := range map[string]struct {
		env  lookupEnv
		want int
	}{filepath.Join(t.TempDir(), "a"): {env, 8}, dbPostgres: {env, 16}, dbMySQL: {myEnv, 16}} {
		from, err := findDatabase(name, test.env)
		require.NoError(t, err)
		db, err := from.open()
		require.NoError(t, err)
		defer db.Close()
		if got := db.Stats().MaxOpenConnections; got != test.want {
			t.Errorf("%s: at most %d connections, want %d", name, got, test.want)
		}
	}
}

func TestSQLiteFileModes(t *testing.T) {
	name := filepath.Join(t.TempDir(), "users.db")
	s, err := openSQL(t.Context(), sqliteFile(name), slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	defer s.close()
	if runtime.GOOS == "windows" {
		return
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if info, err := os.Stat(name + suffix); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v; want mode 0600", suffix, info.Mode(), err)
		}
	}
}

// invoking returns the arguments that begin the command. Serving, which has no name,
// takes any port: the default may be taken.
func invoking(command string) []string {
	if command == "" {
		return []string{"-addr", "127.0.0.1:0"}
	}
	return []string{command}
}
