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
	if err := cmp.Or(ctx.Err(), scalars.Check(), s.layout.refuse(&scalars)); err != nil {
		return userWrite{}, err
	}
	values, err := s.layout.values(ctx)
	if err != nil {
		return userWrite{}, err
	}
	w := userWrite{
		call:       call{op: "patch", needs: readyToWrite, resend: s.opts.ResendUnknown},
		assignment: s.layout.assign(id, scalars, values),
		do:         (*Store).patch,
	}
	if !w.isEmpty() {
		w.texts = s.patchTexts(w.set)
	}
	w.change = userstore.ChangeIn(ctx)
	if !w.isEmpty() && (w.change != nil || s.opts.OnPatch != nil) {
		w = s.telling(w)
	}
	return w, nil
}

// patchTexts returns the statements of a patch of these columns.
func (s *Store) patchTexts(set uint32) []string {
	if s.engine.returning {
		return []string{s.texts.update(set)}
	}
	return []string{s.texts.update(set), s.texts.lock}
}

// patch takes one UPDATE that returns the row, or an UPDATE and a SELECT, for which
// the session must be a transaction.
func (s *Store) patch(ctx context.Context, on session, a assignment, c []command) (userstore.User, error) {
	user, err := s.update(ctx, on, a, c)
	return s.allowRewrites(user, s.withOnlyColumn(a, err))
}

func (s *Store) update(ctx context.Context, on session, a assignment, c []command) (userstore.User, error) {
	if len(c) == 1 {
		return s.queryUser(ctx, on, c[0], a)
	}
	return s.updateAndRead(ctx, on, a, c[0], c[1])
}

// updateAndRead patches where UPDATE does not return the row. The SELECT locks the
// row, as the UPDATE did, and so reads what the UPDATE wrote.
//
// Both are prepared before the first write. If a Galera node aborts the
// transaction, preparing a statement consumes the error and loses it, and the
// next statement would run outside of any transaction.
func (s *Store) updateAndRead(ctx context.Context, on session, a assignment, update, lock command) (userstore.User, error) {
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
	user, changed, err := s.updateThenRead(ctx, a, updating, locking)
	if changed == 0 && differsInValues(err) {
		// The UPDATE found no row, but the SELECT found one with other values:
		// another caller has created the user in between.
		user, _, err = s.updateThenRead(ctx, a, updating, locking)
	}
	return user, err
}

func (s *Store) updateThenRead(ctx context.Context, a assignment, update, lock statement) (user userstore.User, changed int64, err error) {
	result, err := update.exec(ctx, a.args...)
	if err != nil {
		return userstore.User{}, 0, err
	}
	if changed, err = result.RowsAffected(); err != nil {
		return userstore.User{}, 0, err
	}
	if s.layout.mapped {
		user, err = s.layout.scanAssigned(lock.queryOnlyByKey(ctx, a.key()), a)
	} else {
		user, err = s.layout.scanAssigned(lock.queryByKey(ctx, a.key()), a)
	}
	return user, changed, err
}
