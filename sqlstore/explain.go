package sqlstore

import (
	"context"
	"database/sql"
	"errors"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// Explain returns the error of a statement, or of COMMIT, as the methods of [Store]
// do: for a Store of the host's own, and for the host's other tables. The package
// comment lists the errors. nil stays nil.
//
// op is for the text of the [*Error]. Only if it is "create" can the error be
// [userstore.ErrExists]. [sql.ErrNoRows] becomes [userstore.ErrNotFound]. The error of
// a violated constraint points to the attributes whose columns it names, if those have
// the names of [Store.Migrate]; for those of a [Mapping], see [Store.Explain].
func (d Dialect) Explain(ctx context.Context, op string, got Reach, err error) error {
	e := d.engine()
	if e == nil && err != nil {
		return errNoDialect
	}
	return e.explainHosts(ctx, migrated, op, got, err)
}

// Explain is [Dialect.Explain] for a table of the Store's: it knows the columns and
// constraints of [Options.Mapping].
func (s *Store) Explain(ctx context.Context, op string, got Reach, err error) error {
	return s.engine.explainHosts(ctx, s.layout, op, got, err)
}

// explainHosts explains the error of a statement of the host's own.
func (e *engine) explainHosts(ctx context.Context, l *layout, op string, got Reach, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return userstore.ErrNotFound
	}
	_, err = e.explain(ctx, l, op, sentTo(got, err))
	return err
}

func (s *Store) explain(ctx context.Context, op string, err error) (errorKind, error) {
	return s.engine.explain(ctx, s.layout, op, err)
}

// explain turns the error of an attempt into the caller's. An error that is for the
// caller already stays as it is, and so does one that the host has made.
func (e *engine) explain(ctx context.Context, l *layout, op string, err error) (errorKind, error) {
	_, cause := splitSent(err)
	own, isHosts := errors.AsType[hostError](cause)
	switch {
	case isAnswer(cause) && isHosts:
		return kindFailed, own.error
	case isAnswer(cause):
		return kindFailed, cause
	}
	f := e.classifySent(err).forCall(op, cause)
	if isHosts && (f.kind == kindHosts || errors.As(own, new(*Error))) {
		return f.kind, own.error
	}
	if isHosts {
		f = f.ofHost()
	}
	if f.column != "" && !l.has(f.column) {
		f = f.asFailure()
	}
	class, ended := whichMatters(f.class(op, l), ctx.Err())
	return f.kind, &Error{Op: op, Code: f.code, Constraint: f.constraint, Column: f.column, kind: f.kind, note: f.note, class: class, ended: ended, driver: cause}
}

// forCall returns the finding for a call of the method op.
func (f finding) forCall(op string, err error) finding {
	if op != "create" {
		f.notID = true // some other table's id, which a trigger of the host writes
	}
	if f.kind == kindLocked && errors.As(err, new(errNoConn)) {
		f.kind = kindUnavailable // such as SQLite's change to WAL, which does not wait
	}
	if corrupt, ok := errors.AsType[*corruptError](err); ok && op == "all" && corrupt.id != uuid.Nil {
		f.code += " of user " + corrupt.id.String() // which the caller has not named
	}
	return f
}

// class returns the class of an [Error], or nil.
func (f finding) class(op string, l *layout) error {
	switch f.kind {
	case kindConflict, kindLocked:
		return ErrConflict
	case kindUnable, kindUnavailable:
		return ErrUnavailable
	case kindLost, kindUnreadable, kindOpaque:
		return ErrOutcomeUnknown
	case kindMismatched:
		if op == "get" {
			return ErrMismatch
		}
		return errMismatchedWrite
	case kindTwoRows:
		return ErrMismatch
	case kindRefused, kindDuplicate:
		if l.isID(f) {
			return userstore.ErrExists
		}
		return l.invalid(f)
	case kindMissing:
		return errMissing
	}
	return nil
}

// whichMatters decides between the class of an error and the end of its context,
// which may have caused it.
func whichMatters(class, ended error) (error, error) {
	switch class {
	case nil, ErrOutcomeUnknown:
		return class, ended
	case ErrConflict, ErrUnavailable: // nothing was applied
		if ended != nil {
			return nil, ended
		}
	}
	return class, nil
}
