package drivertest

import (
	"database/sql"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/userrecord/userrecord/sqlstore/drivertest/engine"
)

// A pooler is a PgBouncer before one database, in transaction mode.
type pooler struct {
	database string
	port     int
}

// startPooler starts a PgBouncer with the settings before the database of the
// DSN. It ends with the test.
func startPooler(t *testing.T, dsn string, settings ...string) pooler {
	t.Helper()
	binary := findPooler(t)
	server, err := pgconn.ParseConfig(dsn)
	if err != nil {
		t.Fatal(err)
	}
	p := pooler{server.Database, unusedPort(t)}
	lines := append([]string{
		"[databases]",
		fmt.Sprintf("%s = host=%s port=%d user=%s password=%s", p.database, server.Host, server.Port, server.User, server.Password),
		"[pgbouncer]", "listen_addr = 127.0.0.1", fmt.Sprint("listen_port = ", p.port), "unix_socket_dir =",
		"auth_type = any", "pool_mode = transaction", "ignore_startup_parameters = extra_float_digits",
	}, settings...)
	file := filepath.Join(sharedDir(t), "pgbouncer.ini")
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	arguments := []string{"-q", file}
	if os.Geteuid() == 0 {
		arguments = append(arguments, "-u", "postgres") // it refuses to run as root
	}
	run(t, exec.Command(binary, arguments...))
	p.await(t)
	return p
}

func findPooler(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"pgbouncer", "/usr/sbin/pgbouncer"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	engine.Require(t, fmt.Errorf("%w: no pgbouncer; install the Debian package pgbouncer", engine.ErrUnavailable))
	return ""
}

// sharedDir returns a directory that the user postgres can read.
func sharedDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "userrecord-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func unusedPort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

// run runs a server until the test ends.
func run(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
}

func (p pooler) await(t *testing.T) {
	t.Helper()
	for range 1000 {
		conn, err := net.Dial("tcp", fmt.Sprint("127.0.0.1:", p.port))
		if err == nil {
			conn.Close()
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("pgbouncer does not listen")
}

// open opens the database through the pooler, in a query mode of pgx.
func (p pooler) open(t *testing.T, mode string) *sql.DB {
	t.Helper()
	dsn := fmt.Sprintf("postgres://postgres@127.0.0.1:%d/%s?sslmode=disable&default_query_exec_mode=%s", p.port, p.database, mode)
	return place{"pgx", dsn}.open(t)
}
