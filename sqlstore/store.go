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

// Store is a [userstore.Store] in one table of a database. Its methods may be
// called by many goroutines at once.
//
// The first call checks the database as [Store.Check] does.
type Store struct {
	db     *sql.DB
	engine engine
	table  string // not quoted
	layout *layout
	opts   Options
	texts  *statements
	cache  *statementCache
	group  group // of commitGroup
	lanes  lanes // of the other commit modes

	readiness atomic.Int32                 // a readiness
	checks    [readyToWrite + 1]*checkOnce // by readiness: reads do not wait for a write lock

	unproved   atomic.Pointer[[]userstore.Problem]
	partsTried atomic.Bool // of the columns
}

var _ userstore.Store = (*Store)(nil)

// New returns a Store in the database. Nil options are the defaults. The error
// says what is wrong with the arguments. New does not access the database, and the
// table need not exist yet (see [Store.Migrate]).
//
// The pool stays the host's: the Store never closes db or changes its limits.
func New(db *sql.DB, dialect Dialect, opts *Options) (*Store, error) {
	o := opts.withDefaults()
	e := dialect.engine()
	switch {
	case db == nil:
		return nil, errors.New("sqlstore: the database is nil")
	case e == nil:
		return nil, errNoDialect
	}
	layout, err := o.Mapping.layout()
	if err := errors.Join(validateTable(o.Table), err, refuseDriver(db)); err != nil {
		return nil, err
	}
	s := &Store{db: db, engine: *e, table: o.Table, layout: layout, opts: o}
	if o.AcceptDataLoss {
		s.engine.durably = ""
	}
	for want := range s.checks {
		s.checks[want] = newCheckOnce()
	}
	s.texts = newStatements(&s.engine, o.Table, layout)
	s.cache = &statementCache{db: db, enabled: e.prepares}
	s.group.store = s
	return s, nil
}

var tableName = regexp.MustCompile(`^([A-Za-z_][A-Za-z0-9_]{0,47}\.)?[A-Za-z_][A-Za-z0-9_]{0,47}$`)

func validateTable(name string) error {
	if !tableName.MatchString(name) {
		return fmt.Errorf("sqlstore: the table name %q is not letters, digits and _, at most 48, with at most one schema before a dot", name)
	}
	return nil
}

// refuseDriver refuses lib/pq, which returns [driver.ErrBadConn] even if the
// connection broke after the statement was sent. That error means that nothing
// was sent, so a committed patch would be sent again.
func refuseDriver(db *sql.DB) error {
	t := reflect.TypeOf(db.Driver())
	if t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t != nil && strings.HasSuffix(t.PkgPath(), "github.com/lib/pq") {
		return errors.New("sqlstore: github.com/lib/pq hides whether a statement was sent: use github.com/jackc/pgx/v5/stdlib")
	}
	return nil
}

// Create adds a user and returns its record, as [userstore.User.Canonical] makes
// it. The error matches [userstore.ErrInvalid] if Canonical or a constraint of the
// database refuses the user, and [userstore.ErrExists] if the id is taken;
// otherwise it is an [*Error]. A Create whose outcome is unknown is never sent
// again.
func (s *Store) Create(ctx context.Context, user userstore.User) (userstore.User, error) {
	user, w, err := s.newCreate(ctx, user)
	if err != nil {
		return userstore.User{}, err
	}
	if _, err := s.write(ctx, w); err != nil {
		return userstore.User{}, err
	}
	return user, nil
}

// Get returns the user, as [userstore.Store] says.
func (s *Store) Get(ctx context.Context, id uuid.UUID) (userstore.User, error) {
	// Only the first attempt uses a prepared statement, on any connection. A retry
	// has to know its connection, to give it up.
	values, err := s.layout.values(ctx)
	if err != nil {
		return userstore.User{}, err
	}
	prepared := s.opts.MaxRetries > 0 && s.isReady(readyToRead)
	return retry(ctx, s, call{op: "get", needs: readyToRead}, func() (userstore.User, error) {
		if prepared {
			prepared = false
			return s.getPrepared(ctx, byKey(id, values))
		}
		return onConn(ctx, s, func(conn *sql.Conn) (userstore.User, error) {
			return s.queryUser(ctx, conn, command{text: s.texts.get}, byKey(id, values))
		})
	})
}

func (s *Store) getPrepared(ctx context.Context, read assignment) (userstore.User, error) {
	user, err := s.queryUser(ctx, s.db, s.cache.command(ctx, s.texts.get), read)
	if err == nil {
		return user, nil
	}
	if v := s.engine.classify(err).kind; v == kindOpaque || v == kindLocked {
		err = errNoConn{err} // perhaps: the next attempt will tell
	}
	return user, err
}

// Patch patches the user, as [userstore.Store] says. Failures of the database
// are an [*Error]. The row that comes back is compared with what was sent; see
// [ErrMismatch]. It tells those who ask what changed (see [userstore.WithChange]), at
// the price of [Options.OnPatch].
func (s *Store) Patch(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	w, err := s.newPatch(ctx, id, patch)
	if err != nil {
		return userstore.User{}, err
	}
	if w.isEmpty() {
		return w.finish(s.Get(ctx, id))
	}
	return w.finish(s.write(ctx, w))
}

// Delete removes the user and all that the table knows of it. It is no error if
// the user does not exist. Failures of the database are an [*Error].
func (s *Store) Delete(ctx context.Context, id uuid.UUID) error {
	w, err := s.newDelete(ctx, id)
	if err == nil {
		_, err = s.write(ctx, w)
	}
	return err
}

// All returns every user, in the order of the ids' bytes. It reads page by page
// and holds no transaction: each record is whole, and users created or deleted
// meanwhile may be included or not. It ends at the first error; the error for a
// row that cannot be read names the user.
func (s *Store) All(ctx context.Context) iter.Seq2[userstore.User, error] {
	return s.layout.eachPage(ctx, func(users []userstore.User, after uuid.UUID, values []any) ([]userstore.User, error) {
		return retry(ctx, s, call{op: "all", needs: readyToRead}, func() ([]userstore.User, error) {
			return onConn(ctx, s, func(conn *sql.Conn) ([]userstore.User, error) {
				return s.appendPage(ctx, conn, users, after, values)
			})
		})
	})
}

// Format writes that s is a Store, and nothing that it holds.
func (s *Store) Format(f fmt.State, _ rune) { io.WriteString(f, "sqlstore.Store") }
