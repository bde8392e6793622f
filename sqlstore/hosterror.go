package sqlstore

import (
	"cmp"
	"errors"
)

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

// ofHost returns the finding for a statement of the host's own: a constraint of an outbox
// is nothing that the caller's user could obey.
func (f finding) ofHost() finding {
	if f.code == "" {
		return f
	}
	f.note = cmp.Or(f.note, "in a statement of the host's")
	return f.asFailure()
}

// asFailure returns the finding as one of which no other value would help.
func (f finding) asFailure() finding {
	if f.kind == kindRefused || f.kind == kindDuplicate {
		f.kind = kindFailed
	}
	return f
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
