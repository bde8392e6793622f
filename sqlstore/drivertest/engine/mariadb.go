package engine

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"syscall"

	"github.com/go-sql-driver/mysql"
)

var mariaDB = &product{
	name:     "MariaDB",
	variable: "USERRECORD_TEST_MARIADB",
	driver:   "mysql",
	account:  "mysql",

	find:       findMariaDB,
	initialise: initMariaDB,
	template:   new(template),
	arguments:  func(*Server) []string { return []string{"--no-defaults"} },
	settings:   mariaDBSettings,
	flag:       func(setting string) []string { return []string{"--" + setting} },
	dsn: func(s *Server) string {
		return fmt.Sprintf("%s:%s@tcp(127.0.0.1:%d)/", mariaDBUser, s.password, s.port)
	},

	stop: syscall.SIGTERM,
	quit: syscall.SIGKILL,

	inDatabase: mySQLInDatabase,
	open:       openMySQL,
	dropFormat: "drop database %s",
}

const mariaDBUser = "tester"

// StartMariaDB starts a MariaDB server, in about a second, or uses the one of
// USERRECORD_TEST_MARIADB. The caller has to call Close. The error wraps
// [ErrUnavailable] where MariaDB is not installed.
func StartMariaDB(options ...Option) (*Server, error) { return obtain(mariaDB, options) }

func findMariaDB() (string, error) {
	binary, found := findBinary("mariadbd")
	if !found {
		return "", unavailable("no mariadbd binary; install the Debian package mariadb-server")
	}
	return binary, nil
}

// initMariaDB makes an empty data directory with one more user than root, who
// can come by the socket only: it is in a directory that is closed to others.
func initMariaDB(s *Server) error {
	install, found := findBinary("mariadb-install-db")
	if !found {
		return unavailable("no mariadb-install-db; install the Debian package mariadb-server")
	}
	userFile := s.directory.file("user.sql")
	err := s.writeFile(userFile, fmt.Sprintf(
		"flush privileges;\ncreate user %[1]s@127.0.0.1 identified by '%[2]s';\ngrant all on *.* to %[1]s@127.0.0.1 with grant option;\n",
		mariaDBUser, s.password))
	if err != nil {
		return err
	}
	return s.tool(install, "--no-defaults", "--datadir="+s.data(), "--skip-test-db", "--skip-name-resolve",
		"--auth-root-authentication-method=normal", "--extra-file="+userFile, "--innodb-log-file-size=32M")
}

func mariaDBSettings(s *Server) []string {
	settings := []string{
		"datadir=" + s.data(),
		"socket=" + s.directory.file("sock"),
		"pid-file=" + s.directory.file("pid"),
		"tmpdir=" + filepath.Dir(s.data()),
		fmt.Sprintf("port=%d", s.port),
		"bind-address=127.0.0.1",
		"skip-name-resolve",
		"performance-schema=OFF",
		"max-connections=200",
		"character-set-server=utf8mb4",
		"innodb-buffer-pool-size=64M",
		// Caches for MyISAM and Aria, of which few tables are; they would be 128M each.
		"key-buffer-size=1M",
		"aria-pagecache-buffer-size=1M",
		"innodb-log-file-size=32M",
		"innodb-flush-log-at-trx-commit=1",
	}
	if s.options.fast {
		settings = append(settings, "innodb-flush-log-at-trx-commit=0", "innodb-doublewrite=OFF", "innodb-flush-method=nosync")
	}
	return settings
}

// openMySQL is sql.Open without the driver's log, which tells of every attempt to
// connect to a server that is not up yet.
func openMySQL(dsn string) (*sql.DB, error) {
	config, err := mysql.ParseDSN(dsn)
	if err != nil {
		return nil, err
	}
	config.Logger = &mysql.NopLogger{}
	connector, err := mysql.NewConnector(config)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector), nil
}

func mySQLInDatabase(dsn, database string) (string, error) {
	config, err := mysql.ParseDSN(dsn)
	if err != nil {
		return "", err
	}
	config.DBName = database
	return config.FormatDSN(), nil
}
