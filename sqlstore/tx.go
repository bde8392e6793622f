package sqlstore

import (
	"context"
	"database/sql"
	"iter"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// Tx is a Store inside a transaction of the host, so that its users change
// together with what else the host keeps. See [Store.WithTx].
type Tx struct {
	store *Store
	tx    *sql.Tx
}

var _ userstore.Store = (*Tx)(nil)

// WithTx returns the Store inside tx, which the host commits or rolls back, and
// which must be of the Store's database. Nothing is tried again: after an
// [ErrConflict] or [ErrUnavailable] the host rolls back and begins anew. On
// PostgreSQL any error but [userstore.ErrNotFound] ends the transaction, as
// always there; a savepoint keeps it.
//
// In a Galera cluster, a conflict with a writer at another node can get lost in a
// transaction that prepares a statement after it has written, as
// go-sql-driver/mysql does for every statement with arguments unless
// interpolateParams is set: write to one node, as [Failover] does.
//
// On SQLite, begin with _txlock=immediate if the transaction reads before it
// writes; and call no method of the Store itself while the transaction is open
// and has written: it would wait for that.
//
// After any error but [userstore.ErrNotFound] and [userstore.ErrInvalid], roll
// back: half of the work may be in the transaction.
//
// What a patch returns is what the transaction sees, and takes effect with its
// commit. A Tx may be used by one goroutine at a time. Nothing is checked
// before: call [Store.Check] at the start.
func (s *Store) WithTx(tx *sql.Tx) *Tx { return &Tx{s, tx} }

// Create adds a user, as [Store.Create] says.
func (t *Tx) Create(ctx context.Context, user userstore.User) (userstore.User, error) {
	if err := ctx.Err(); err != nil {
		return userstore.User{}, err
	}
	user, err := user.Canonical()
	if err != nil {
		return userstore.User{}, err
	}
	result, err := t.tx.ExecContext(ctx, t.store.texts.insert, insertion(user, t.store.dialect.layout)...)
	if err := t.store.inserted(result, err); err != nil {
		return userstore.User{}, t.explain(ctx, "create", err)
	}
	return user, nil
}

// Get returns the user, as the transaction sees it.
func (t *Tx) Get(ctx context.Context, id uuid.UUID) (userstore.User, error) {
	user, err := command{text: t.store.texts.get}.row(ctx, t.tx, byID(id))
	if err != nil {
		return userstore.User{}, t.explain(ctx, "get", err)
	}
	return user, nil
}

// Patch patches the user, as [userstore.Store] says, once the transaction
// commits.
func (t *Tx) Patch(ctx context.Context, id uuid.UUID, attributes userstore.Attributes) (userstore.User, error) {
	p, err := t.store.newPatch(ctx, id, attributes)
	if err != nil {
		return userstore.User{}, err
	}
	if p.set == 0 {
		return t.Get(ctx, id)
	}
	commands := make([]command, len(p.texts))
	for i, text := range p.texts {
		commands[i] = command{text: text}
	}
	if err := p.apply(ctx, t.tx, commands); err != nil {
		return userstore.User{}, t.explain(ctx, "patch", err)
	}
	return p.result, nil
}

// Delete removes the user, as [Store.Delete] says.
func (t *Tx) Delete(ctx context.Context, id uuid.UUID) error {
	if _, err := t.tx.ExecContext(ctx, t.store.texts.delete, id.String()); err != nil {
		return t.explain(ctx, "delete", err)
	}
	return nil
}

// All returns every user, as [Store.All] says.
func (t *Tx) All(ctx context.Context) iter.Seq2[userstore.User, error] {
	return eachPage(func(after uuid.UUID) ([]userstore.User, error) {
		page, err := readPage(ctx, t.tx, t.store.texts.page, after)
		if err != nil {
			err = t.explain(ctx, "all", err)
		}
		return page, err
	})
}

func (t *Tx) explain(ctx context.Context, op string, err error) error {
	_, err = t.store.dialect.explain(ctx, op, err, notSent)
	return err
}
