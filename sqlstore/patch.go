package sqlstore

import (
	"cmp"
	"context"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// newPatch returns an error if ctx has ended or the patch holds a value that no
// store can keep. An empty patch needs no write.
func (s *Store) newPatch(ctx context.Context, id uuid.UUID, attributes userstore.Attributes) (userWrite, error) {
	scalars := attributes.Scalars()
	if err := cmp.Or(ctx.Err(), scalars.Check()); err != nil {
		return userWrite{}, err
	}
	w := userWrite{
		call:       call{op: "patch", needs: readyToWrite, resend: s.opts.ResendUnknown},
		assignment: assign(id, scalars),
		do:         (*Store).patch,
	}
	switch {
	case w.isEmpty():
	case s.engine.returning:
		w.texts = []string{s.texts.update(w.set)}
	default:
		w.texts = []string{s.texts.update(w.set), s.texts.lock}
	}
	w.change = userstore.ChangeIn(ctx)
	if !w.isEmpty() && (w.change != nil || s.opts.OnPatch != nil) {
		w = s.telling(w)
	}
	return w, nil
}

// patch takes one UPDATE that returns the row, or an UPDATE and a SELECT, for which
// the session must be a transaction.
func (s *Store) patch(ctx context.Context, on session, a assignment, c []command) (userstore.User, error) {
	if len(c) == 1 {
		return s.allowRewrites(c[0].queryUser(ctx, on, a))
	}
	return s.allowRewrites(updateAndRead(ctx, on, a, c[0], c[1]))
}

// updateAndRead patches where UPDATE does not return the row. The SELECT locks the
// row, as the UPDATE did, and so reads what the UPDATE wrote.
//
// Both are prepared before the first write. If a Galera node aborts the
// transaction, preparing a statement consumes the error and loses it, and the
// next statement would run outside of any transaction.
func updateAndRead(ctx context.Context, on session, a assignment, update, lock command) (userstore.User, error) {
	updating, err := update.prepareOn(ctx, on)
	if err != nil {
		return userstore.User{}, err
	}
	defer updating.close()
	locking, err := lock.prepareOn(ctx, on)
	if err != nil {
		return userstore.User{}, err
	}
	defer locking.close()
	user, changed, err := updateThenRead(ctx, a, updating, locking)
	if changed == 0 && differsInValues(err) {
		// The UPDATE found no row, but the SELECT found one with other values:
		// another caller has created the user in between.
		user, _, err = updateThenRead(ctx, a, updating, locking)
	}
	return user, err
}

func updateThenRead(ctx context.Context, a assignment, update, lock statement) (user userstore.User, changed int64, err error) {
	result, err := update.exec(ctx, a.args...)
	if err != nil {
		return userstore.User{}, 0, err
	}
	if changed, err = result.RowsAffected(); err != nil {
		return userstore.User{}, 0, err
	}
	user, err = scanAssigned(lock.queryByID(ctx, a.idArg()), a)
	return user, changed, err
}
