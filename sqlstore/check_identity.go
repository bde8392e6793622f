package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/userrecord/userrecord/userstore"
)

const idPointer, createdAtPointer = "/id", "/createdAt"

// checkIdentity tries what the columns of the id and of the time of creation must do, in
// a host's own table. It returns what it could not prove; refused is why no row could
// be inserted, if so.
func (p prober) checkIdentity(ctx context.Context, on subject, refused error) (unproved []userstore.Problem, err error) {
	if !p.layout.mapped {
		return nil, nil
	}
	if on.insert {
		refused, err = p.checkUnique(ctx, on.user)
	}
	if refused != nil {
		unproved = append(unproved, userstore.Problem{Pointer: idPointer, Reason: "may be that of two users: no second one could be inserted" + p.codesOf(refused)})
	}
	if err != nil {
		return nil, err
	}
	if refused, err = p.checkCreatedAt(ctx, on); refused != nil {
		unproved = append(unproved, userstore.Problem{Pointer: createdAtPointer, Reason: "could not be written" + p.codesOf(refused)})
	}
	return unproved, err
}

// checkUnique inserts two users of the same id, with nothing else in common. The table
// must refuse the second for its id; refused is another reason.
func (p prober) checkUnique(ctx context.Context, first userstore.User) (refused, err error) {
	second := userstore.User{ID: first.ID, CreatedAt: reprobedAt}
	if first.Attributes != (userstore.Attributes{}) {
		second.Attributes = p.layout.fit(patchedProbe).Attributes
	}
	err = p.inRolledBack(ctx, func(tx *sql.Tx) error {
		if err := p.insertProbe(ctx, tx, first); err != nil {
			return err
		}
		return p.insertProbe(ctx, tx, second)
	})
	switch {
	case err == nil:
		return nil, p.twoRowsProblem("takes")
	case !p.isRefusal(err):
		return nil, err
	case p.layout.isIDAlone(p.engine.classify(p.withColumns(ctx, p.conn, err))):
		return nil, nil
	}
	return err, nil
}

// isIDAlone is isID, of an index that has no other columns than those of the conditions.
func (l *layout) isIDAlone(f finding) bool {
	keys := strings.Split(unqualified(l.columnsOf(f)), ", ")
	return f.kind == kindDuplicate && slices.Contains(keys, l.id) && !slices.ContainsFunc(keys, func(key string) bool {
		return key != l.id && !slices.ContainsFunc(l.where, func(w Condition) bool { return w.Column == key })
	})
}

func (s *Store) twoRowsProblem(verb string) error {
	return setupErrorf("the table %s %s two users of one id: its column %s needs a unique index, alone or with the columns of Where", s.table, verb, s.layout.id)
}

// checkCreatedAt writes another time, and NULL, which the column must not take. refused
// is why it could not try.
func (p prober) checkCreatedAt(ctx context.Context, on subject) (refused, err error) {
	kept, err := p.keptCreatedAt(ctx, on, reprobedAt.Format(p.engine.timeLayout))
	switch {
	case p.isRefusal(err):
		return err, nil
	case err == nil && !kept.Equal(reprobedAt) && !p.opts.AllowRewrites:
		err = &mismatchError{columns: []string{p.layout.createdAt}}
	}
	if err != nil {
		return nil, p.changes(ctx, "written to", err)
	}
	_, err = p.keptCreatedAt(ctx, on, nil)
	switch {
	case errors.As(err, new(*corruptError)):
		return nil, setupErrorf("the column %q of the table %s takes NULL, and must not (Mapping.CreatedAt)", p.layout.createdAt, p.table)
	case p.isRefusal(err):
		return nil, nil
	}
	return nil, err
}

// keptCreatedAt returns what the column keeps of a time, or of nil.
func (p prober) keptCreatedAt(ctx context.Context, on subject, sent any) (kept time.Time, err error) {
	err = p.inRolledBack(ctx, func(tx *sql.Tx) error {
		text, args := p.texts.setCreatedAt, appendKey([]any{sent}, on.user.ID, p.values)
		if on.insert {
			text, args = p.texts.insert, p.layout.insertArgs(on.user, p.engine.timeLayout, p.values)
			args[1] = sent
		}
		if _, err := tx.ExecContext(ctx, text, args...); err != nil {
			return err
		}
		user, err := p.read(ctx, tx, byKey(on.user.ID, p.values))
		kept = user.CreatedAt
		return err
	})
	return kept, err
}
