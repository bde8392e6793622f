package sqlstore

import (
	"context"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// A patch is one call of Patch.
type patch struct {
	set        uint32 // of columns
	texts      []string
	args       []any
	attributes userstore.Attributes
	returning  bool
	result     userstore.User
}

func (s *Store) newPatch(id uuid.UUID, attributes userstore.Attributes) *patch {
	p := &patch{attributes: attributes, returning: s.dialect.writing.returning}
	p.set, p.args = assignments(id, attributes)
	if p.set != 0 {
		p.texts = []string{s.texts.update(p.set), s.texts.get, s.texts.lock}
	}
	return p
}

// apply does the patch in a session: in one statement, or in a transaction that
// the session is.
func (p *patch) apply(ctx context.Context, on session, c []command) (err error) {
	if p.returning {
		p.result, err = found(c[0].row(ctx, on, p.args...))
		return err
	}
	p.result, err = p.updateAndRead(ctx, on, c[0], c[1], c[2])
	return err
}

// updateAndRead is for engines whose UPDATE returns nothing. The UPDATE locks the
// row, so that the SELECT reads what it wrote.
//
// No affected row can mean that the values were the same, or that no user has
// the id. Somebody may create that user before the SELECT, which then has to
// lock it and begin again.
func (p *patch) updateAndRead(ctx context.Context, on session, update, get, lock command) (userstore.User, error) {
	changed, err := affected(ctx, on, update, p.args)
	if err != nil {
		return userstore.User{}, err
	}
	id := p.args[len(p.args)-1]
	if changed {
		return found(get.row(ctx, on, id))
	}
	user, err := found(lock.row(ctx, on, id))
	if err != nil || user.Attributes.Merge(p.attributes) == user.Attributes {
		return user, err
	}
	if _, err := affected(ctx, on, update, p.args); err != nil {
		return userstore.User{}, err
	}
	return found(get.row(ctx, on, id))
}

func affected(ctx context.Context, on session, update command, args []any) (bool, error) {
	result, err := update.exec(ctx, on, args...)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}
