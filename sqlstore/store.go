package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"iter"
	"reflect"
	"regexp"
	"strings"
	"sync/atomic"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// DefaultTable is the name of the table.
const DefaultTable = "users"

// DefaultMaxRetries is how often a call is tried again.
const DefaultMaxRetries = 20

// Options are what a host may choose. The zero value has the defaults.
type Options struct {
	// Table is the name of the table, [DefaultTable] if empty: letters, digits
	// and _, not beginning with a digit, at most 48, and the same before a dot
	// where it is in a schema. It is quoted, so case matters where the engine
	// says so.
	Table string
	// MaxRetries is how often a call that was never applied is tried again,
	// unless it has waited long for a lock, was cancelled by the server, or met
	// a full disk: [DefaultMaxRetries] if zero, never if negative. Between the
	// attempts it waits for a random time, of at most 1 ms at first, which
	// doubles up to 100 ms. No attempt begins later than 5 s after the first
	// one; how long one takes is up to the context, and to the driver's dial
	// timeout.
	MaxRetries int
	// ResendUnknown tries a Patch or Delete again, too, whose outcome is
	// unknown. A patch may then take effect twice: what another one wrote in
	// between is overwritten once more. Without, it is [ErrOutcomeUnknown].
	ResendUnknown bool
	// AllowRewrites lets a row come back with other values than were sent, as
	// triggers of the host make it that rewrite values on purpose. A patch then
	// returns what the database holds; a Create what was sent. Without, it is
	// [ErrMismatch]. Another user's row is that all the same.
	AllowRewrites bool
	// AcceptDataLoss lets [Store.Check] pass a database that may lose acknowledged
	// patches when a process, the operating system or the power fails: for tests,
	// for data that can be made again, and where something that Check cannot see
	// keeps it, such as the remote storage of a service. What it lets pass is
	// fsync=off, synchronous_commit=off and UNLOGGED tables of PostgreSQL;
	// innodb_flush_log_at_trx_commit, sync_binlog, innodb_flush_method and a
	// disabled redo log of MySQL and MariaDB; synchronous=NORMAL or OFF of SQLite.
	AcceptDataLoss bool
}

// Store is a [userstore.Store] in one table of a database. Its methods may be
// called by many goroutines at once.
//
// The first call checks the database as [Store.Check] does.
type Store struct {
	db       *sql.DB
	dialect  Dialect
	name     string // of the table
	opts     Options
	texts    *statements
	prepared *prepared
	group    group
	lanes    lanes

	checks [toWrite + 1]*checking // by what for: reads do not wait for a write lock
	fit    atomic.Int32           // a fitness
}

var _ userstore.Store = (*Store)(nil)

// New returns a Store in the database. Nil options are the defaults. The error
// says what is wrong with the arguments; nothing is asked of the database yet,
// and the table need not exist (see [Store.Migrate]).
//
// The pool is the host's: db is never closed, and its limits are not changed.
func New(db *sql.DB, dialect Dialect, opts *Options) (*Store, error) {
	if opts == nil {
		opts = new(Options)
	}
	o := *opts
	if o.Table == "" {
		o.Table = DefaultTable
	}
	if o.MaxRetries == 0 {
		o.MaxRetries = DefaultMaxRetries
	}
	switch {
	case db == nil:
		return nil, errors.New("sqlstore: the database is nil")
	case dialect.name == "":
		return nil, errors.New("sqlstore: the dialect is not one of SQLite, PostgreSQL, MySQL and MariaDB")
	}
	if err := errors.Join(checkTable(o.Table), checkDriver(db)); err != nil {
		return nil, err
	}
	s := &Store{db: db, dialect: dialect, name: o.Table, opts: o}
	for want := range s.checks {
		s.checks[want] = newChecking()
	}
	if o.AcceptDataLoss {
		s.dialect.durably = ""
	}
	s.texts = newStatements(&s.dialect, o.Table)
	s.prepared = &prepared{db: db, enabled: dialect.prepared}
	s.group.store = s
	return s, nil
}

var tableName = regexp.MustCompile(`^([A-Za-z_][A-Za-z0-9_]{0,47}\.)?[A-Za-z_][A-Za-z0-9_]{0,47}$`)

func checkTable(name string) error {
	if !tableName.MatchString(name) {
		return fmt.Errorf("sqlstore: the table name %q is not letters, digits and _, at most 48, with at most one schema before a dot", name)
	}
	return nil
}

// checkDriver refuses lib/pq. It answers [driver.ErrBadConn], which means that
// nothing was sent, also where the connection broke after the statement: a patch
// that was committed would be sent again.
func checkDriver(db *sql.DB) error {
	t := reflect.TypeOf(db.Driver())
	if t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t != nil && strings.HasSuffix(t.PkgPath(), "github.com/lib/pq") {
		return errors.New("sqlstore: github.com/lib/pq hides whether a statement was sent: use github.com/jackc/pgx/v5/stdlib")
	}
	return nil
}

// Create adds a user and returns its record, as [userstore.User.Canonical]
// makes it. The error matches [userstore.ErrInvalid] if that refuses the user
// or a constraint of the database does, and [userstore.ErrExists] if the id is
// taken; otherwise it is an [*Error]. It is never sent again once its outcome is
// unknown.
func (s *Store) Create(ctx context.Context, user userstore.User) (userstore.User, error) {
	if err := ctx.Err(); err != nil {
		return userstore.User{}, err
	}
	user, err := user.Canonical()
	if err != nil {
		return userstore.User{}, err
	}
	err = s.write(ctx, "create", user.ID, once, []string{s.texts.insert}, func(ctx context.Context, on session, c []command) error {
		result, err := c[0].exec(ctx, on, insertion(user, s.dialect.layout)...)
		return s.inserted(result, err)
	})
	if err != nil {
		return userstore.User{}, err
	}
	return user, nil
}

// inserted returns an error where a trigger has left the row out.
func (s *Store) inserted(result sql.Result, err error) error {
	if err != nil || s.opts.AllowRewrites {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n != 0 {
		return err
	}
	return &mismatchError{columns: []string{"id"}, foreign: true}
}

// Get returns the user, as [userstore.Store] says.
func (s *Store) Get(ctx context.Context, id uuid.UUID) (user userstore.User, err error) {
	// Only the very first attempt is prepared: the others have to know the
	// connection, to give it up.
	prepared := s.opts.MaxRetries > 0 && s.fit.Load() >= toRead
	err = s.retry(ctx, "get", toRead, again, func() (_ reach, err error) {
		if prepared {
			prepared = false
			user, err = s.prepared.command(ctx, s.texts.get).row(ctx, s.db, byID(id))
			if err != nil && s.dialect.diagnose(err).verdict == opaque {
				err = errUnreached{err} // perhaps: the next attempt will tell
			}
			return notSent, err
		}
		return notSent, s.onConn(ctx, func(conn *sql.Conn) (err error) {
			user, err = command{text: s.texts.get}.row(ctx, conn, byID(id))
			return err
		})
	})
	return user, err
}

// Patch patches the user, as [userstore.Store] says. Failures of the database
// are an [*Error]. The row that comes back is compared with what was sent; see
// [ErrMismatch].
func (s *Store) Patch(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	p, err := s.newPatch(ctx, id, patch)
	if err != nil {
		return userstore.User{}, err
	}
	if p.set == 0 {
		return s.Get(ctx, id)
	}
	if err := s.write(ctx, "patch", id, again, p.texts, p.apply); err != nil {
		return userstore.User{}, err
	}
	return p.result, nil
}

// Delete removes the user and all that the table knows of it. Deleting a user
// that does not exist is no error. Failures of the database are an [*Error].
func (s *Store) Delete(ctx context.Context, id uuid.UUID) error {
	return s.write(ctx, "delete", id, again, []string{s.texts.delete}, func(ctx context.Context, on session, c []command) error {
		_, err := c[0].exec(ctx, on, id.String())
		return err
	})
}

// All returns every user, in the order of the ids' bytes. It reads page by page
// and holds no transaction: each record is whole, and users created or deleted
// meanwhile may be in it or not. The first error ends it; that of a row which
// cannot be read names the user.
func (s *Store) All(ctx context.Context) iter.Seq2[userstore.User, error] {
	return eachPage(func(after uuid.UUID) ([]userstore.User, error) {
		var page []userstore.User
		err := s.retry(ctx, "all", toRead, again, func() (reach, error) {
			return notSent, s.onConn(ctx, func(conn *sql.Conn) (err error) {
				page, err = readPage(ctx, conn, s.texts.page, after)
				return err
			})
		})
		return page, err
	})
}

// Format writes that s is a Store; never what it holds.
func (s *Store) Format(f fmt.State, _ rune) { io.WriteString(f, "sqlstore.Store") }
