package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"
)

// A Pair is a PostgreSQL primary with a synchronous standby: with
// synchronous_commit=on, the default, the standby has on its disk what the
// primary acknowledges. Nothing promotes the standby by itself.
type Pair struct {
	Primary, Standby *Server
	paused           int // process id of a stopped WAL sender, or 0
}

const standbyName = "standby"

// PostgreSQLPair is [StartPostgreSQLPair] for one test, as [PostgreSQL].
func PostgreSQLPair(t testing.TB, options ...Option) *Pair {
	t.Helper()
	p, err := StartPostgreSQLPair(options...)
	Require(t, err)
	closeAfter(t, p.Close)
	return p
}

// StartPostgreSQLPair starts a pair, in about two seconds. The options are for
// both servers; Setting("synchronous_commit", "local") makes a pair that loses
// acknowledged commits. The caller has to call Close. The environment's server
// is never used. The error wraps [ErrUnavailable] where PostgreSQL is not
// installed.
func StartPostgreSQLPair(options ...Option) (*Pair, error) {
	primary, err := prepare(postgreSQL, options)
	if err != nil {
		return nil, postgreSQL.wrap(err)
	}
	standby, err := prepare(postgreSQL, options) // with the same data, of the template
	if err != nil {
		return nil, errors.Join(postgreSQL.wrap(err), primary.Close())
	}
	p := &Pair{Primary: primary, Standby: standby}
	if err := p.start(); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

func (p *Pair) start() error {
	// As both servers' own settings on the command line: a promoted standby must
	// not wait for a standby of its own.
	p.Primary.addSetting("synchronous_standby_names=" + standbyName)
	p.Primary.addSetting("wal_keep_size=1GB") // for a standby that lags; instead of a slot
	if err := p.Primary.Start(); err != nil {
		return err
	}
	if err := p.follow(); err != nil {
		return err
	}
	if err := p.Standby.Start(); err != nil {
		return err
	}
	return p.waitInSync()
}

// follow makes the standby one. Its settings hold a password, which does not
// belong on a command line.
func (p *Pair) follow() error {
	err := p.Standby.writeFile(filepath.Join(p.Standby.data(), "postgresql.auto.conf"), fmt.Sprintf(
		"primary_conninfo = 'host=127.0.0.1 port=%d user=postgres password=%s application_name=%s'\n",
		p.Primary.port, p.Primary.password, standbyName))
	if err != nil {
		return err
	}
	return p.Standby.writeFile(filepath.Join(p.Standby.data(), "standby.signal"), "")
}

// addSetting adds one below those of the caller.
func (s *Server) addSetting(setting string) {
	s.options.settings = append([]string{setting}, s.options.settings...)
}

func (p *Pair) waitInSync() error {
	return poll("synchronous standby", func() (bool, error) {
		_, err := p.walSender()
		return err == nil, err
	})
}

// walSender returns the process id of the primary's sender to the standby.
func (p *Pair) walSender() (pid int, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	db, err := postgreSQL.open(p.Primary.DSN())
	if err != nil {
		return 0, err
	}
	defer db.Close()
	err = db.QueryRowContext(ctx, "select pid from pg_stat_replication where application_name = $1 and sync_state = 'sync'",
		standbyName).Scan(&pid)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, errors.New("the standby does not follow")
	}
	return pid, err
}

// DSN returns a DSN for pgx with both hosts. A connection goes to the one that
// takes writes; it is tried for two seconds a host.
func (p *Pair) DSN() string { return p.dsn("postgres") }

func (p *Pair) dsn(database string) string {
	return postgreSQLDSN(p.Primary.password, database, "&target_session_attrs=read-write&connect_timeout=2",
		p.Primary.port, p.Standby.port)
}

// NewDatabase creates a database, whose DSN names both hosts. It ends with the
// pair.
func (p *Pair) NewDatabase(t testing.TB) Database {
	t.Helper()
	db, err := p.Primary.createDatabase()
	Require(t, err)
	db.DSN = p.dsn(db.Name)
	return db
}

// KillPrimary kills the primary, as [Server.Kill].
func (p *Pair) KillPrimary() error {
	p.paused = 0
	return p.Primary.Kill()
}

// Promote makes the standby the primary and returns when it takes writes. The
// old primary must not run any more: the two would diverge.
func (p *Pair) Promote() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	db, err := postgreSQL.open(p.Standby.DSN())
	if err != nil {
		return err
	}
	defer db.Close()
	var promoted bool
	err = db.QueryRowContext(ctx, "select pg_promote(true, $1)", int(patience/time.Second)).Scan(&promoted)
	if err == nil && !promoted {
		err = errors.New("the standby was not promoted in time")
	}
	return err
}

// Pause stops the primary's sender, so that the standby lags: from now on no
// synchronous commit is acknowledged.
func (p *Pair) Pause() error {
	pid, err := p.walSender()
	if err != nil {
		return err
	}
	if err := p.Primary.onProcess(func(server *process) error { return server.pauseChild(pid) }); err != nil {
		return err
	}
	p.paused = pid
	return nil
}

// Resume ends a Pause: the standby catches up. Without one it does nothing.
func (p *Pair) Resume() error {
	if p.paused == 0 {
		return nil
	}
	pid := p.paused
	p.paused = 0
	return p.Primary.onProcess(func(server *process) error { return server.resumeChild(pid) })
}

func (s *Server) onProcess(do func(*process) error) error {
	return s.exclusively(func() error {
		if s.process == nil {
			return errors.New("the server does not run")
		}
		return do(s.process)
	})
}

// Close ends both servers and removes their files.
func (p *Pair) Close() error {
	// A server waits for a sender that is stopped.
	return errors.Join(p.Resume(), p.Standby.Close(), p.Primary.Close())
}
