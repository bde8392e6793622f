package sqlstore

import (
	"cmp"
	"context"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// A patch is one call of Patch.
type patch struct {
	question
	store  *Store
	texts  []string
	result userstore.User
}

// newPatch returns an error where ctx has ended or a value cannot be kept.
func (s *Store) newPatch(ctx context.Context, id uuid.UUID, attributes userstore.Attributes) (*patch, error) {
	scalars := attributes.Scalars()
	if err := cmp.Or(ctx.Err(), scalars.Check()); err != nil {
		return nil, err
	}
	p := &patch{store: s}
	p.set, p.args = assignments(id, scalars)
	switch {
	case p.set == 0:
	case s.dialect.writing.returning:
		p.texts = []string{s.texts.update(p.set)}
	default:
		p.texts = []string{s.texts.update(p.set), s.texts.lock}
	}
	return p, nil
}

// apply does the patch in a session: in one statement, or in a transaction that
// the session is.
func (p *patch) apply(ctx context.Context, on session, c []command) (err error) {
	if len(c) == 1 {
		p.result, err = p.store.accepted(c[0].row(ctx, on, p.question))
	} else {
		p.result, err = p.store.accepted(p.updateAndRead(ctx, on, c[0], c[1]))
	}
	return err
}

// updateAndRead is for engines whose UPDATE returns nothing. The SELECT locks the
// row, as the UPDATE has done, so that it reads what that wrote.
//
// Both are prepared before the first write: when a Galera node aborts the
// transaction, preparing a statement takes the error and loses it, and what
// follows would run outside of any transaction.
func (p *patch) updateAndRead(ctx context.Context, on session, update, lock command) (userstore.User, error) {
	updating, err := update.ahead(ctx, on)
	if err != nil {
		return userstore.User{}, err
	}
	defer updating.Close()
	locking, err := lock.ahead(ctx, on)
	if err != nil {
		return userstore.User{}, err
	}
	defer locking.Close()
	for twice := false; ; twice = true {
		result, err := updating.ExecContext(ctx, p.args...)
		if err != nil {
			return userstore.User{}, err
		}
		changed, err := result.RowsAffected()
		if err != nil {
			return userstore.User{}, err
		}
		user, err := readAnswer(locking.QueryRowContext(ctx, p.args[len(p.args)-1]), p.question)
		if twice || changed > 0 || !differsInValues(err) {
			return user, err
		}
		// No row was affected, but here is one that the patch would change:
		// somebody has just created the user.
	}
}
