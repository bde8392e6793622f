package engine

import (
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

var postgreSQL = &product{
	name:     "PostgreSQL",
	variable: "USERRECORD_TEST_POSTGRESQL",
	driver:   "pgx",
	account:  "postgres",

	find:       findPostgreSQL,
	initialise: initPostgreSQL,
	template:   new(template),
	arguments:  func(s *Server) []string { return []string{"-D", s.data()} },
	settings:   postgreSQLSettings,
	flag:       func(setting string) []string { return []string{"-c", setting} },
	dsn:        func(s *Server) string { return postgreSQLDSN(s.password, "postgres", "", s.port) },

	stop: syscall.SIGINT,  // "fast": ends the sessions, writes a checkpoint
	quit: syscall.SIGQUIT, // "immediate"

	cleanUp: func(s *Server) error { return removeSharedMemory(s.data()) },

	inDatabase: postgreSQLInDatabase,
	open:       func(dsn string) (*sql.DB, error) { return sql.Open("pgx", dsn) },
	dropFormat: "drop database %s with (force)",
}

// StartPostgreSQL starts a PostgreSQL server, in about a second, or uses the one
// of USERRECORD_TEST_POSTGRESQL. The caller has to call Close. The error wraps
// [ErrUnavailable] where PostgreSQL is not installed.
func StartPostgreSQL(options ...Option) (*Server, error) { return obtain(postgreSQL, options) }

func findPostgreSQL() (string, error) {
	binary, found := findBinary("postgres", "initdb")
	if !found {
		return "", unavailable("no postgres binary with initdb beside it; install the Debian package postgresql")
	}
	return binary, nil
}

// initPostgreSQL makes an empty cluster. The password keeps out the other users
// of this machine: a superuser of PostgreSQL can run commands.
func initPostgreSQL(s *Server) error {
	secret, err := scramSecret(s.password)
	if err != nil {
		return err
	}
	passwordFile := s.directory.file("password")
	if err := s.writeFile(passwordFile, secret); err != nil {
		return err
	}
	initdb := filepath.Join(filepath.Dir(s.binary), "initdb")
	err = s.tool(initdb, "-D", s.data(), "-U", "postgres", "-A", "scram-sha-256", "--pwfile="+passwordFile,
		"-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions")
	if err != nil {
		return err
	}
	return os.Remove(passwordFile)
}

func postgreSQLSettings(s *Server) []string {
	settings := []string{
		"listen_addresses=127.0.0.1",
		fmt.Sprintf("port=%d", s.port),
		"unix_socket_directories=",
		"max_connections=200",
		"shared_buffers=64MB",
		// In the data directory, so that a killed server leaves nothing in /dev/shm.
		"dynamic_shared_memory_type=mmap",
	}
	if s.options.fast {
		settings = append(settings, "fsync=off", "synchronous_commit=off", "full_page_writes=off")
	}
	return settings
}

// postgreSQLDSN returns a DSN that names the ports of 127.0.0.1, in order.
func postgreSQLDSN(password, database, query string, ports ...int) string {
	hosts := make([]string, len(ports))
	for i, port := range ports {
		hosts[i] = fmt.Sprintf("127.0.0.1:%d", port)
	}
	return fmt.Sprintf("postgres://postgres:%s@%s/%s?sslmode=disable%s", password, strings.Join(hosts, ","), database, query)
}

// postgreSQLInDatabase knows both forms, URL and keywords; of keywords the last
// one counts.
func postgreSQLInDatabase(dsn, database string) (string, error) {
	if !strings.Contains(dsn, "://") {
		return dsn + " dbname=" + database, nil
	}
	u, err := url.Parse(dsn)
	if err != nil {
		return "", fmt.Errorf("the DSN is not a URL") // err would hold the password
	}
	u.Path = "/" + database
	return u.String(), nil
}
