package sqlstore

import (
	"context"
	"database/sql"
	"errors"

	"github.com/userrecord/userrecord/userstore"
)

// Explain returns the error of a statement, or of COMMIT, as the methods of [Store]
// do: for a Store of the host's own, and for the host's other tables. The package
// comment lists the errors. nil stays nil.
//
// op is for the text of the [*Error]. Only if it is "create" can the error be
// [userstore.ErrExists]. [sql.ErrNoRows] becomes [userstore.ErrNotFound]. The error of
// a violated constraint points to the attributes whose columns it names, if those have
// the names of [Store.Migrate].
//
// After an error of a class, or any other that is not the answer of a constraint, close
// the connection or roll back.
func (d Dialect) Explain(ctx context.Context, op string, got Reach, err error) error {
	e := d.engine()
	switch {
	case err == nil:
		return nil
	case e == nil:
		return errNoDialect
	case errors.Is(err, sql.ErrNoRows):
		return userstore.ErrNotFound
	}
	_, err = e.explain(ctx, op, sentTo(got, err))
	return err
}

// A hostError is what a function of the host's returned within a transaction.
type hostError struct{ error }

func (e hostError) Unwrap() error { return e.error }

// ofHost returns a [hostError] for an error, and nil for none.
func ofHost(err error) error {
	if err == nil {
		return nil
	}
	return hostError{err}
}

// judgeHost returns kindHosts for an error that a function of the host's has made by
// itself, and the kind of any other. An error that could be that of a lost connection
// is not if the transaction could be rolled back: the host may have asked another
// service.
func judgeHost(kind errorKind, err error) errorKind {
	switch {
	case !errors.As(err, new(hostError)):
		return kind
	case kind == kindOpaque, kind == kindLost && !errors.As(err, new(errDropConn)) && !errors.As(err, new(errStuck)):
		return kindHosts
	}
	return kind
}
