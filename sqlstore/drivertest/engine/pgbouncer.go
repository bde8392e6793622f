package engine

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A PgBouncer is a pooler in front of a PostgreSQL server, in transaction pooling
// mode: consecutive transactions of a client may run on different connections to
// the server.
type PgBouncer struct {
	upstream  *Server
	options   options
	binary    string
	account   account
	directory *directory
	port      int
	process   *process
}

// StartPgBouncer starts a PgBouncer, from the Debian package pgbouncer, in front of
// the server. It listens on 127.0.0.1 and asks for the server's password. Options
// set what pgbouncer.ini may hold, such as Setting("default_pool_size", "2"). The
// caller has to call Close, before that of the server. The error wraps
// [ErrUnavailable] where PgBouncer is not installed, and where the server is one
// from the environment.
func StartPgBouncer(upstream *Server, options ...Option) (*PgBouncer, error) {
	p, err := preparePgBouncer(upstream, options)
	if err != nil {
		return nil, fmt.Errorf("PgBouncer: %w", err)
	}
	if err := p.launch(); err != nil {
		return nil, fmt.Errorf("PgBouncer: %w", errors.Join(err, p.Close()))
	}
	return p, nil
}

// PgBouncerBefore is [StartPgBouncer] for one test, as [PostgreSQL].
func PgBouncerBefore(t testing.TB, upstream *Server, options ...Option) *PgBouncer {
	t.Helper()
	p, err := StartPgBouncer(upstream, options...)
	Require(t, err)
	closeAfter(t, p.Close)
	return p
}

func preparePgBouncer(upstream *Server, given []Option) (*PgBouncer, error) {
	if upstream.External() {
		return nil, unavailable("%s names a server that is not ours", upstream.product.variable)
	}
	if err := canStart(); err != nil {
		return nil, err
	}
	binary, found := findBinary("pgbouncer")
	if !found {
		return nil, unavailable("no pgbouncer binary; install the Debian package pgbouncer")
	}
	runs, err := accountFor("postgres")
	if err != nil {
		return nil, err
	}
	dir, err := newDirectory(runs)
	if err != nil {
		return nil, err
	}
	p := &PgBouncer{upstream: upstream, options: collect(given), binary: binary, account: runs, directory: dir}
	if p.port, err = freePort(); err != nil {
		return nil, errors.Join(err, dir.remove())
	}
	return p, nil
}

// launch writes the configuration and starts the program.
func (p *PgBouncer) launch() error {
	users, config := p.directory.file("users"), p.directory.file("pgbouncer.ini")
	files := &Server{account: p.account}
	secret, err := scramSecret(p.upstream.password)
	err = errors.Join(err,
		files.writeFile(users, fmt.Sprintf("\"postgres\" %q\n", secret)),
		files.writeFile(config, strings.Join(slices.Concat([]string{
			"[databases]",
			fmt.Sprintf("* = host=127.0.0.1 port=%d", p.upstream.port),
			"[pgbouncer]",
			"listen_addr = 127.0.0.1",
			fmt.Sprintf("listen_port = %d", p.port),
			"unix_socket_dir =",
			"auth_type = scram-sha-256",
			"auth_file = " + users,
			"pool_mode = transaction",
			"max_client_conn = 500",
		}, p.options.settings), "\n")+"\n"),
	)
	if err != nil {
		return err
	}
	log := p.directory.file("log")
	p.process, err = program{argv: []string{p.binary, config}, dir: p.directory.path, account: p.account, deathSignal: syscall.SIGKILL}.start(log)
	if err != nil {
		return err
	}
	err = poll("start", func() (bool, error) {
		if p.process.hasEnded() {
			return true, fmt.Errorf("ended while starting: %v", p.process.exit)
		}
		err := p.ping()
		return err == nil, err
	})
	if err != nil {
		return fmt.Errorf("%w\n%s", err, tail(log))
	}
	return nil
}

func (p *PgBouncer) ping() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	dsn, err := p.through(p.upstream.DSN())
	if err != nil {
		return err
	}
	db, err := postgreSQL.open(dsn + "&default_query_exec_mode=exec")
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.ExecContext(ctx, "select 1")
	return err
}

// through returns the DSN of the server with the port of p.
func (p *PgBouncer) through(dsn string) (string, error) {
	u, err := url.Parse(dsn)
	if err != nil {
		return "", errors.New("the DSN is not a URL") // err would hold the password
	}
	u.Host = fmt.Sprintf("127.0.0.1:%d", p.port)
	return u.String(), nil
}

// Through returns the database of the server as it is reached through p.
func (p *PgBouncer) Through(t testing.TB, db Database) Database {
	t.Helper()
	var err error
	db.DSN, err = p.through(db.DSN)
	Require(t, err)
	return db
}

// Close ends the pooler and removes its files.
func (p *PgBouncer) Close() error {
	var err error
	if p.process != nil {
		err = p.process.end(syscall.SIGQUIT) // at once, also with clients
	}
	return errors.Join(err, p.directory.remove())
}
