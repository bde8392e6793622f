package sqlstore

import (
	"context"
	"database/sql"
	"iter"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// Tx is a Store inside a transaction of the host, so that users change together
// with the host's other data. See [Store.WithTx].
type Tx struct {
	store *Store
	tx    *sql.Tx
	last  uuid.UUID // the user that the last call was about

	insertMany *statement // of CreateAll, once it is prepared
}

var _ userstore.Store = (*Tx)(nil)

// WithTx returns the Store inside tx, a transaction of the Store's database, which
// the host commits or rolls back. Nothing is retried: after an [ErrConflict] or
// [ErrUnavailable] the host rolls back and begins again, which [Store.Transact] does by
// itself. On PostgreSQL, as always there, any error but [userstore.ErrNotFound] ends the
// transaction, unless a savepoint keeps it.
//
// In a Galera cluster, a transaction that prepares a statement after a write can
// lose a conflict with a writer at another node. go-sql-driver/mysql prepares every
// statement with arguments unless interpolateParams is set. So write to one node, as
// [Failover] does.
//
// On SQLite, begin with _txlock=immediate if the transaction reads before it
// writes. Once it has written, call no method of the Store itself until it has
// ended: the call would wait for it.
//
// After any error but [userstore.ErrNotFound] and [userstore.ErrInvalid], roll
// back: half of the work may be in the transaction.
//
// A patch returns what the transaction sees, and takes effect when that commits. A Tx
// may be used by one goroutine at a time. It checks nothing about the database: call
// [Store.Check] when the program starts.
func (s *Store) WithTx(tx *sql.Tx) *Tx { return &Tx{store: s, tx: tx} }

// Create adds a user, as [Store.Create] says.
func (t *Tx) Create(ctx context.Context, user userstore.User) (userstore.User, error) {
	user, w, err := t.store.newCreate(ctx, user)
	if err != nil {
		return userstore.User{}, err
	}
	if _, err := t.write(ctx, w); err != nil {
		return userstore.User{}, err
	}
	return user, nil
}

// Get returns the user as the transaction sees it.
func (t *Tx) Get(ctx context.Context, id uuid.UUID) (userstore.User, error) {
	values, err := t.store.layout.values(ctx)
	if err != nil {
		return userstore.User{}, err
	}
	user, err := t.store.queryUser(ctx, t.tx, command{text: t.store.texts.get}, byKey(id, values))
	if err != nil {
		return userstore.User{}, t.explain(ctx, "get", err)
	}
	return user, nil
}

// GetForUpdate is Get, and keeps others from changing the user until the transaction
// ends: the record is still the same when the transaction patches the user. On SQLite
// it keeps all other writers away, and is [ErrConflict] if the transaction has read
// before and another one has written since.
func (t *Tx) GetForUpdate(ctx context.Context, id uuid.UUID) (userstore.User, error) {
	t.last = id
	values, err := t.store.layout.values(ctx)
	if err != nil {
		return userstore.User{}, err
	}
	user, err := t.store.getForUpdate(ctx, t.tx, byKey(id, values))
	if err != nil {
		return userstore.User{}, t.explain(ctx, "get", err)
	}
	return user, nil
}

func (s *Store) getForUpdate(ctx context.Context, tx *sql.Tx, read assignment) (userstore.User, error) {
	if err := s.takeWriteLock(ctx, tx); err != nil {
		return userstore.User{}, err
	}
	return s.queryUser(ctx, tx, command{text: s.texts.lock}, read)
}

// Patch patches the user, as [userstore.Store] says, and calls [Options.OnPatch]. It
// takes effect when the transaction commits.
func (t *Tx) Patch(ctx context.Context, id uuid.UUID, attributes userstore.Attributes) (userstore.User, error) {
	w, err := t.store.newPatch(ctx, id, attributes)
	if err != nil {
		return userstore.User{}, err
	}
	if w.isEmpty() {
		return w.finish(t.Get(ctx, id))
	}
	return w.finish(t.write(ctx, w))
}

// Delete removes the user, as [Store.Delete] says.
func (t *Tx) Delete(ctx context.Context, id uuid.UUID) error {
	w, err := t.store.newDelete(ctx, id)
	if err == nil {
		_, err = t.write(ctx, w)
	}
	return err
}

// All returns every user, as [Store.All] says.
func (t *Tx) All(ctx context.Context) iter.Seq2[userstore.User, error] {
	return t.store.layout.eachPage(ctx, func(users []userstore.User, after uuid.UUID, values []any) ([]userstore.User, error) {
		page, err := t.store.appendPage(ctx, t.tx, users, after, values)
		if err != nil {
			err = t.explain(ctx, "all", err)
		}
		return page, err
	})
}

func (t *Tx) write(ctx context.Context, w userWrite) (userstore.User, error) {
	t.last = w.id
	commands := make([]command, len(w.texts))
	for i, text := range w.texts {
		commands[i] = command{text: text}
	}
	var user userstore.User
	var err error
	if w.readsFirst {
		err = t.store.takeWriteLock(ctx, t.tx)
	}
	if err == nil {
		user, err = w.do(t.store, ctx, t.tx, w.assignment, commands)
	}
	if err != nil {
		return userstore.User{}, t.explain(ctx, w.op, err)
	}
	return user, nil
}

func (t *Tx) explain(ctx context.Context, op string, err error) error {
	_, err = t.store.explain(ctx, op, err)
	return err
}
