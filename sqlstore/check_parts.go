package sqlstore

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// checkParts tries as many columns at once as the database takes, on whatever row there
// can be: a probe, a probe without values, or a user's, to which nothing happens, since
// each try is rolled back. It does so once.
func (p prober) checkParts(ctx context.Context) error {
	if err := p.removeProbe(ctx); err != nil {
		return err // a check that was killed has left it
	}
	on, found, refused, err := p.findSubject(ctx)
	if err == nil && !p.partsTried.Load() {
		err = p.checkEach(ctx, on, found, refused)
		p.partsTried.Store(found && err == nil)
	}
	if err != nil && !isAnswer(err) {
		return err
	}
	return cmp.Or(p.removeProbe(ctx), err)
}

// findSubject returns a row to try, if there can be one. If it is no probe, refused is why
// none could be inserted.
func (p prober) findSubject(ctx context.Context) (on subject, found bool, refused, err error) {
	for _, user := range []userstore.User{p.layout.fit(probe), bareProbe} {
		refused = p.try(ctx, inserting(user))
		if refused == nil {
			return inserting(user), true, nil, nil
		}
		if !p.isRefusal(refused) {
			return subject{}, false, nil, refused
		}
	}
	user, err := p.layout.scanUser(p.conn.QueryRowContext(ctx, p.texts.any, appendKey(nil, uuid.Nil, p.values)...))
	if errors.Is(err, userstore.ErrNotFound) || errors.As(err, new(*corruptError)) || p.isRefusal(err) {
		return subject{}, false, refused, nil
	}
	return subject{user, false}, err == nil, refused, err
}

// checkEach tries two values in each column, and to clear it, and then the id and the time
// of creation. It notes what was refused.
func (p prober) checkEach(ctx context.Context, on subject, found bool, refused error) error {
	by := proofs{make(map[int]bool), make(map[int]error)}
	if found {
		if err := p.checkColumns(ctx, on, by); err != nil {
			return err
		}
	}
	reason := "could not be tried: no row could be inserted, and there is none" + p.codesOf(refused)
	unproved := p.notProved(by, reason)
	switch {
	case len(by.proved) > 0: // and so the rollback, too
		identity, err := p.checkIdentity(ctx, on, refused)
		if err != nil {
			return err
		}
		unproved = append(unproved, identity...)
	case p.layout.mapped:
		unproved = append(unproved, userstore.Problem{Pointer: idPointer, Reason: reason}, userstore.Problem{Pointer: createdAtPointer, Reason: reason})
	}
	p.unproved.Store(&unproved)
	return nil
}

func (p prober) checkColumns(ctx context.Context, on subject, by proofs) error {
	second, first := p.layout.fit(patchedProbe).Attributes.Scalars(), p.layout.fit(probe).Attributes.Scalars()
	for _, values := range []userstore.Scalars{second, first} {
		t := trial{p, on, func(set userstore.Scalars) []userstore.Scalars { return []userstore.Scalars{set} }}
		if err := t.run(ctx, differing(values, on.user.Attributes.Scalars()), by); err != nil {
			return err
		}
	}
	t := trial{p, on, func(set userstore.Scalars) []userstore.Scalars { return []userstore.Scalars{set, cleared(set)} }}
	return t.run(ctx, only(second, slices.Collect(maps.Keys(by.proved))), by)
}

// A trial tries patches of a set of columns.
type trial struct {
	prober
	on      subject
	patches func(set userstore.Scalars) []userstore.Scalars
}

// run tries the whole set, or its halves where that is refused, and notes what is
// proved.
func (t trial) run(ctx context.Context, set userstore.Scalars, by proofs) error {
	places := placesOf(set)
	if len(places) == 0 {
		return nil
	}
	err := t.try(ctx, t.on, t.patches(set)...)
	switch {
	case err == nil:
		for _, i := range places {
			by.proved[i] = true
		}
		return t.checkUndone(ctx, t.on, set)
	case !t.isRefusal(err):
		return err
	case len(places) == 1:
		by.refused[places[0]] = err
		return nil
	}
	for _, half := range [][]int{places[:len(places)/2], places[len(places)/2:]} {
		if err := t.run(ctx, only(set, half), by); err != nil {
			return err
		}
	}
	return nil
}

// checkUndone puts back what a user had, and returns an error, if the user has got the
// probe's values.
func (p prober) checkUndone(ctx context.Context, on subject, set userstore.Scalars) error {
	if on.insert {
		return nil // removeProbe will see
	}
	a := p.layout.assign(on.user.ID, set, p.values)
	if _, err := p.read(ctx, p.conn, a); err != nil {
		if differsInValues(err) || errors.Is(err, userstore.ErrNotFound) {
			return nil
		}
		return err
	}
	was := cleared(set)
	for i, o := range on.user.Attributes.Scalars() {
		if !set[i].IsZero() && !o.IsZero() {
			was[i] = o
		}
	}
	if _, err := p.conn.ExecContext(ctx, p.texts.update(a.set), p.layout.assign(on.user.ID, was, p.values).args...); err != nil {
		return err
	}
	return setupErrorf("a transaction that was rolled back has changed the table %s: the driver, or the table's storage engine, does not keep transactions", p.table)
}
