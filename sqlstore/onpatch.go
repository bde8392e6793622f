package sqlstore

import (
	"context"
	"database/sql"
	"errors"

	"github.com/userrecord/userrecord/userstore"
)

// telling returns the patch w so that it also reads the record before, for
// [Options.OnPatch] and for a caller that has asked with [userstore.WithChange].
func (s *Store) telling(w userWrite) userWrite {
	patch, before, count := w.do, new(userstore.User), len(w.texts)
	if s.engine.returning {
		w.texts = append(w.texts, s.texts.lock) // the others have it
	}
	w.readsFirst, w.before = true, before
	w.do = func(s *Store, ctx context.Context, on session, a assignment, c []command) (userstore.User, error) {
		was, err := s.queryUser(ctx, on, c[1], a.read())
		if err != nil {
			return userstore.User{}, err
		}
		user, err := patch(s, ctx, on, a, c[:count])
		if err == nil {
			*before = was
			err = s.callOnPatch(ctx, on.(*sql.Tx), userstore.Change{Before: was, After: user})
		}
		return user, err
	}
	return w
}

// callOnPatch calls the host's hook. A panic of it becomes an error, since this may be
// the goroutine of another caller, whose write shares the transaction.
func (s *Store) callOnPatch(ctx context.Context, tx *sql.Tx, change userstore.Change) (err error) {
	if s.opts.OnPatch == nil {
		return nil
	}
	defer func() {
		if v := recover(); v != nil {
			err = hostError{hostPanic{v}}
		}
	}()
	return ofHost(s.opts.OnPatch(userstore.WithChange(ctx, nil), tx, change))
}

// hostPanic is a panic of the host's.
type hostPanic struct{ value any }

func (hostPanic) Error() string { return "sqlstore: OnPatch has panicked" }

// finish ends the patch w in the caller's goroutine: a panic of the host's goes on, and
// who asked is told what changed.
func (w userWrite) finish(after userstore.User, err error) (userstore.User, error) {
	if p, ok := errors.AsType[hostPanic](err); ok {
		panic(p.value)
	}
	if err == nil && w.change != nil {
		*w.change = userstore.Change{Before: after, After: after}
		if !w.isEmpty() {
			w.change.Before = *w.before
		}
	}
	return after, err
}
