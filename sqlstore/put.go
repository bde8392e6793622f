package sqlstore

import (
	"context"
	"errors"
	"time"

	"github.com/userrecord/userrecord/userstore"
)

// putAttempts bounds how often Put looks again for a user that others create and
// delete meanwhile.
const putAttempts = 3

// Put makes the record of the user with that id the given one, as
// [userstore.User.Canonical] makes it: an attribute that is omitted or null has
// no value afterwards. It returns the record.
//
// Where the id is taken, Put updates the row in place. The host's own columns keep
// their values, no row that refers to the user is touched, and a zero CreatedAt
// keeps the one that is there. Where it is not taken, Put inserts the row, and a
// zero CreatedAt is the present.
//
// The errors are those of [Store.Create], less [userstore.ErrExists]. A value
// that only another user may have, as by the host's own unique index, is
// [userstore.ErrInvalid]: Put writes no row but that of the id. On MySQL and
// MariaDB, looking for an id that is not taken locks the gap around it, so that
// two transactions which put new users may deadlock: [ErrConflict].
func (t *Tx) Put(ctx context.Context, user userstore.User) (userstore.User, error) {
	if err := ctx.Err(); err != nil {
		return userstore.User{}, err
	}
	keepsCreatedAt := user.CreatedAt.Truncate(time.Microsecond).IsZero()
	user, err := user.Canonical()
	if err != nil {
		return userstore.User{}, err
	}
	for range putAttempts {
		kept, err := t.replace(ctx, user, keepsCreatedAt)
		if err == nil {
			return kept, nil
		}
		if !errors.Is(err, userstore.ErrNotFound) {
			return userstore.User{}, t.explain(ctx, "put", err)
		}
		taken, err := t.insertNew(ctx, user)
		if err != nil {
			return userstore.User{}, t.explain(ctx, "put", err)
		}
		if !taken {
			return user, nil
		}
	}
	return userstore.User{}, &Error{Op: "put", class: ErrConflict}
}

// replace sets every column of the user's row and returns what it holds then. Where
// UPDATE does not return the row, it is locked first: from the number of rows that
// changed nobody can tell whether one is there.
func (t *Tx) replace(ctx context.Context, user userstore.User, keepsCreatedAt bool) (userstore.User, error) {
	texts, q := t.store.texts, replacement(user, keepsCreatedAt, t.store.dialect.layout)
	if !t.store.dialect.writing.returning {
		if _, err := (command{text: texts.lock}).row(ctx, t.tx, byID(user.ID)); err != nil {
			return userstore.User{}, err
		}
		if _, err := t.tx.ExecContext(ctx, texts.replace, q.args...); err != nil {
			return userstore.User{}, err
		}
		return t.store.accepted(readAnswer(t.tx.QueryRowContext(ctx, texts.lock, user.ID.String()), q))
	}
	return t.store.accepted(command{text: texts.replace}.row(ctx, t.tx, q))
}

// insertNew inserts the user, unless the id is taken.
func (t *Tx) insertNew(ctx context.Context, user userstore.User) (taken bool, err error) {
	d := &t.store.dialect
	result, err := t.tx.ExecContext(ctx, t.store.texts.insertNew, insertion(user, d.layout)...)
	if err != nil {
		f := d.diagnose(err)
		if d.unlessTaken == "" && f.verdict == duplicate && f.ofID {
			return true, nil // such an error does not end the transaction
		}
		return false, err
	}
	n, err := result.RowsAffected()
	return n == 0, err
}

// replacement returns the question of the statement that sets every column; nil
// keeps createdAt.
func replacement(u userstore.User, keepsCreatedAt bool, layout string) question {
	var q question
	for i, o := range u.Attributes.Scalars() {
		q.set |= 1 << i
		q.args = columns[i].args(q.args, o)
	}
	var createdAt any
	if !keepsCreatedAt {
		createdAt = u.CreatedAt.Format(layout)
	}
	q.args = append(q.args, createdAt, u.ID.String())
	return q
}
