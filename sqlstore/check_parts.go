package sqlstore

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// checkParts tries each column by itself, on whatever row there can be: a probe, a
// probe without values, or a user's, to which nothing happens, since each try is rolled
// back. It notes the attributes for which every value was refused.
func (p prober) checkParts(ctx context.Context) error {
	if err := p.removeProbe(ctx); err != nil {
		return err // a check that was killed has left it
	}
	on, found, err := p.findSubject(ctx)
	if err != nil || p.isReady(readyToWrite) { // ready: what could be proved is proved
		return err
	}
	unproved := make([]string, 0, len(columns))
	for i, c := range p.layout.columns {
		if c.name == "" {
			continue
		}
		proved := false
		if found {
			if proved, err = p.checkPart(ctx, on, i); err != nil {
				return err
			}
		}
		if !proved {
			unproved = append(unproved, c.pointer)
		}
	}
	p.unproved.Store(&unproved)
	return p.removeProbe(ctx)
}

// findSubject returns a row to try, if there can be one.
func (p prober) findSubject(ctx context.Context) (on subject, found bool, err error) {
	for _, user := range []userstore.User{p.layout.fit(probe), bareProbe} {
		err := p.try(ctx, inserting(user))
		if err == nil {
			return inserting(user), true, p.checkUnique(ctx, user)
		}
		if !p.isRefusal(err) {
			return subject{}, false, err
		}
	}
	user, err := p.layout.scanUser(p.conn.QueryRowContext(ctx, p.texts.any, appendKey(nil, uuid.Nil, p.values)...))
	if errors.Is(err, userstore.ErrNotFound) || errors.As(err, new(*corruptError)) || p.isRefusal(err) {
		return subject{}, false, nil
	}
	return subject{user, false}, err == nil, err
}

// checkPart tries both values of a column, and to clear it. It returns whether the
// database took one of them.
func (p prober) checkPart(ctx context.Context, on subject, i int) (proved bool, err error) {
	was := on.user.Attributes.Scalars()
	for _, user := range []userstore.User{patchedProbe, probe} {
		value := only(p.layout.fit(user).Attributes.Scalars(), i)
		if value[i] == was[i] {
			continue // it would change nothing
		}
		err := p.try(ctx, on, value)
		if p.isRefusal(err) {
			continue
		}
		if err == nil && !on.insert {
			err = p.checkUndone(ctx, on, value)
		}
		if err == nil {
			err = p.try(ctx, on, value, cleared(value))
		}
		if err != nil && !p.isRefusal(err) {
			return false, err
		}
		proved = true
	}
	return proved, nil
}

// checkUndone puts back what a user had, and returns an error, if the user has got the
// probe's value.
func (p prober) checkUndone(ctx context.Context, on subject, value userstore.Scalars) error {
	a := p.layout.assign(on.user.ID, value, p.values)
	if _, err := p.read(ctx, p.conn, a); err != nil {
		if differsInValues(err) || errors.Is(err, userstore.ErrNotFound) {
			return nil
		}
		return err
	}
	was := cleared(value)
	for i, o := range on.user.Attributes.Scalars() {
		if !value[i].IsZero() && !o.IsZero() {
			was[i] = o
		}
	}
	if _, err := p.conn.ExecContext(ctx, p.texts.update(a.set), p.layout.assign(on.user.ID, was, p.values).args...); err != nil {
		return err
	}
	return setupErrorf("a transaction that was rolled back has changed the table %s: the driver, or the table's storage engine, does not keep transactions", p.table)
}
