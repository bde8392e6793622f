// Package engine starts real database servers for tests: PostgreSQL and MariaDB,
// a Galera cluster of three nodes, a PostgreSQL primary with a synchronous
// standby, and a PgBouncer in front of a PostgreSQL. They are real processes on free ports of 127.0.0.1, each in a
// directory of its own, so that a test can kill one and start it again.
//
// A server is started on Linux only, from the binaries that the Debian packages
// postgresql, mariadb-server, galera-4, rsync and pgbouncer install. Tests that run as root
// start it as the user postgres or mysql. Instead of starting one, a test uses
// the server whose DSN is in the environment:
//
//	USERRECORD_TEST_POSTGRESQL  postgres://user:password@host:5432/postgres
//	USERRECORD_TEST_MARIADB     user:password@tcp(host:3306)/
//
// Its user must be allowed to create and drop databases. Such a server can
// neither be killed nor restarted.
//
// Servers are durable unless [Fast] says otherwise: an acknowledged commit is in the
// server's files, and outlives the server's death. The files are in TMPDIR; if that is
// not set, in /dev/shm if it has 4 GiB to spare, and in /tmp otherwise. Servers end with
// the test, at the latest with the test's process; the files that a killed process left,
// the next one removes.
package engine
