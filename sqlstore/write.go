package sqlstore

import (
	"context"
	"database/sql"
	"errors"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// A userWrite changes one user. It is the same in a transaction of the host's.
type userWrite struct {
	call
	assignment
	texts []string // of the statements
	do    doFunc

	readsFirst bool              // as [work] says
	before     *userstore.User   // set by do, if it reads that
	change     *userstore.Change // to be set in the end, or nil
}

// A doFunc runs the statements of a write in a session. It may be called again after
// a failure.
type doFunc func(s *Store, ctx context.Context, on session, a assignment, c []command) (userstore.User, error)

// write does w in the engine's commit mode, and retries it.
func (s *Store) write(ctx context.Context, w userWrite) (user userstore.User, err error) {
	if s.engine.commitMode.usesLanes() {
		began, waiting := s.lanes.enter(ctx, w.id)
		if waiting != nil {
			_, err = s.explain(ctx, w.op, waiting)
			return userstore.User{}, err
		}
		defer func() { s.lanes.leave(w.id, began, s.widestLane(err), s.sharedError(err)) }()
	}
	return retry(ctx, s, w.call, func() (userstore.User, error) {
		return s.commit(ctx, work{run: s.runOf(w.do, w.assignment, s.cache.commands(ctx, w.texts)), readsFirst: w.readsFirst})
	})
}

func (s *Store) runOf(do doFunc, a assignment, c []command) func(context.Context, session) (userstore.User, error) {
	return func(ctx context.Context, on session) (userstore.User, error) {
		user, err := do(s, ctx, on, a, c)
		return user, s.withColumns(ctx, on, err)
	}
}

// newCreate also returns the user as it will be kept. The error says that ctx has
// ended, or what is wrong with the user.
func (s *Store) newCreate(ctx context.Context, user userstore.User) (userstore.User, userWrite, error) {
	if err := ctx.Err(); err != nil {
		return userstore.User{}, userWrite{}, err
	}
	user, err := user.Canonical()
	if err != nil {
		return userstore.User{}, userWrite{}, err
	}
	values, err := s.valuesFor(ctx, user)
	if err != nil {
		return userstore.User{}, userWrite{}, err
	}
	return user, userWrite{
		call:       call{op: "create", needs: readyToWrite},
		assignment: assignment{id: user.ID, keyLen: keyLen(values), args: s.layout.insertArgs(user, s.engine.timeLayout, values)},
		texts:      []string{s.texts.insert},
		do:         (*Store).insert,
	}, nil
}

func (s *Store) insert(ctx context.Context, on session, a assignment, c []command) (userstore.User, error) {
	result, err := c[0].exec(ctx, on, a.args...)
	return userstore.User{}, s.checkInserted(ctx, on, byKey(a.id, a.key()[1:]), result, err)
}

// checkInserted returns an error if a trigger has left the row out. One that has put
// it elsewhere, into a child table or behind a view, counts no row either.
func (s *Store) checkInserted(ctx context.Context, on session, read assignment, result sql.Result, err error) error {
	if err != nil || s.opts.AllowRewrites {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n != 0 {
		return err
	}
	return s.findInserted(ctx, on, read)
}

func (s *Store) findInserted(ctx context.Context, on session, read assignment) error {
	_, err := s.queryUser(ctx, on, command{text: s.texts.get}, read)
	if errors.Is(err, userstore.ErrNotFound) {
		return &mismatchError{columns: []string{s.layout.id}, foreign: true}
	}
	return err
}

func (s *Store) newDelete(ctx context.Context, id uuid.UUID) (userWrite, error) {
	values, err := s.layout.values(ctx)
	if err != nil {
		return userWrite{}, err
	}
	return userWrite{
		call:       call{op: "delete", needs: readyToWrite, resend: s.opts.ResendUnknown},
		assignment: byKey(id, values),
		texts:      []string{s.texts.delete},
		do:         (*Store).delete,
	}, nil
}

func (s *Store) delete(ctx context.Context, on session, a assignment, c []command) (userstore.User, error) {
	result, err := c[0].exec(ctx, on, a.args...)
	return userstore.User{}, s.checkDeleted(result, err)
}
