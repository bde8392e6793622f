package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// The classes of an [Error], matched with errors.Is.
var (
	// ErrConflict says that another transaction was in the way: a deadlock, a
	// serialization failure, a table that was altered (all have been tried
	// again), a lock that was held for too long (which has not). Nothing was
	// applied, and trying again later may help.
	ErrConflict = errors.New("sqlstore: conflict with another transaction")
	// ErrUnavailable says that the database could not be reached or did not
	// serve: it is starting, read-only, out of disk or memory, or has cancelled
	// a statement that took too long. Nothing was applied, and trying again
	// later may help.
	ErrUnavailable = errors.New("sqlstore: database unavailable")
	// ErrOutcomeUnknown says that the write may have been committed, or may
	// still be: the connection was lost, or the answer could not be read. A
	// patch may be sent again: it sets absolute values. The error may match
	// that of the context too, so ask for this one first.
	ErrOutcomeUnknown = errors.New("sqlstore: outcome unknown")
	// ErrMismatch says that the row which came back is another user's, or does not
	// hold what was sent; the text of the [Error] names the columns. A pooler may
	// mix up the answers of its clients, a setting, a column's type or a trigger
	// may change values (see [Options.AllowRewrites]). Of a write it may have been
	// committed, so that the error matches [ErrOutcomeUnknown] too. It is not tried
	// again, and the connection of a write is given up.
	//
	// What SQLite's RETURNING gives is the row before AFTER triggers have run
	// (sqlite.org/lang_returning.html, section 3): what those change is not seen.
	ErrMismatch = errors.New("sqlstore: the row that came back is not what was sent")
)

// errMismatchedWrite is ErrMismatch of a write.
var errMismatchedWrite error = mismatchedWrite{ErrMismatch}

type mismatchedWrite struct{ error }

func (e mismatchedWrite) Unwrap() []error { return []error{e.error, ErrOutcomeUnknown} }

// Error is a failure of the database, or a write that it refused. It unwraps to
// its class, to the context's error where that has ended, and to the driver's
// error, whose text may quote values of a user.
type Error struct {
	Op         string // the method, in lower case
	Code       string // the engine's own, such as SQLSTATE 40001; "" where there is none
	Constraint string // the name of the violated constraint or index, where the engine tells it

	note   string // what the code does not say
	class  error  // what errors.Is matches: a class, a sentinel of userstore, or nil
	ended  error  // of the context
	driver error
}

// Error returns one line without any value of a user.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("sqlstore: " + e.Op + ": ")
	switch {
	case e.class != nil:
		_, text, _ := strings.Cut(e.class.Error(), ": ")
		b.WriteString(text)
	case e.ended != nil:
		b.WriteString(e.ended.Error())
	default:
		b.WriteString("failed")
	}
	for _, detail := range []string{e.Code, e.Constraint, e.note, causeOf(e.driver)} {
		if detail != "" {
			b.WriteString(" (" + detail + ")")
		}
	}
	return b.String()
}

// Format writes the text, whatever the verb: some verbs would print the driver's
// error.
func (e *Error) Format(f fmt.State, _ rune) { io.WriteString(f, e.Error()) }

// LogValue is a group of the text and its parts.
func (e *Error) LogValue() slog.Value {
	attrs := []slog.Attr{slog.String("op", e.Op), slog.String("text", e.Error())}
	if e.Code != "" {
		attrs = append(attrs, slog.String("code", e.Code))
	}
	if e.Constraint != "" {
		attrs = append(attrs, slog.String("constraint", e.Constraint))
	}
	return slog.GroupValue(attrs...)
}

// Unwrap returns the class, the context's error and the driver's error, those
// that there are.
func (e *Error) Unwrap() []error {
	var all []error
	for _, err := range []error{e.class, e.ended, e.driver} {
		if err != nil {
			all = append(all, err)
		}
	}
	return all
}

var errMissing = errors.New("sqlstore: the table or a column of it is missing: see Store.Migrate")

// A verdict is what an error of the engine means.
type verdict int

const (
	failed         verdict = iota // not applied, and it would fail again
	unsure                        // the same, unless COMMIT answers it
	conflict                      // not applied; again at once
	waited                        // not applied, after a long wait for a lock
	unable                        // not applied; not again at once, as for a full disk
	unableOrUnsure                // the same, unless COMMIT answers it
	unavailable                   // not applied; again on another connection
	lost                          // the connection was: unknown if a write was under way
	unreadable                    // a row that is corrupt, maybe of a write that was committed
	opaque                        // an error that tells nothing, maybe of a write that was committed
	mismatched                    // a row that is not the one that was asked for
	refused                       // a constraint
	duplicate                     // a constraint that something is unique
	missing                       // a table or column
)

// A finding is what the engine says of an error.
type finding struct {
	verdict    verdict
	code       string
	constraint string // its name, which holds no value
	hint       string // where columns are named; may hold values
	note       string // for the error's text
	ofID       bool   // it is the id that is not unique
	broken     bool   // the connection is
}

// reach says how far a write got before its error.
type reach int

const (
	notSent    reach = iota // nothing can have been committed
	sent                    // a statement that commits itself
	committing              // COMMIT
)

// diagnose finds what err means.
func (d *Dialect) diagnose(err error) finding {
	if corrupt, ok := errors.AsType[*corruptError](err); ok {
		return finding{verdict: unreadable, code: corrupt.Error()}
	}
	if mismatch, ok := errors.AsType[*mismatchError](err); ok {
		return finding{verdict: mismatched, code: mismatch.Error()}
	}
	if f, ok := d.find(err); ok {
		return f
	}
	return codeless(err)
}

// explain turns the error of an attempt into one for the caller. What is
// already meant for the caller passes.
func (d *Dialect) explain(ctx context.Context, op string, err error, got reach) (verdict, error) {
	if isAnswer(err) {
		return failed, err
	}
	f := d.diagnose(err)
	f.verdict = f.verdict.at(got)
	f.ofID = f.ofID && op == "create" // not by a trigger of the host
	if f.verdict == waited && errors.As(err, new(errUnreached)) {
		f.verdict = unavailable // as from SQLite's change to WAL, which does not wait
	}
	if corrupt, ok := errors.AsType[*corruptError](err); ok && op == "all" && corrupt.id != uuid.Nil {
		f.code += " of user " + corrupt.id.String() // the caller has not named it
	}
	e := &Error{Op: op, Code: f.code, Constraint: f.constraint, note: f.note, class: classOf(f), ended: ctx.Err(), driver: err}
	if f.verdict == mismatched && op != "get" {
		e.class = errMismatchedWrite
	}
	switch e.class {
	case ErrConflict, ErrUnavailable:
		if e.ended != nil {
			e.class = nil // nothing was applied, and the caller knows why
		}
	case nil, ErrOutcomeUnknown:
	default:
		e.ended = nil // which is not why
	}
	return f.verdict, e
}

// at returns what v means for a write that got so far.
func (v verdict) at(got reach) verdict {
	switch {
	case v == lost && got == notSent:
		return unavailable
	case (v == unsure || v == unableOrUnsure) && got == committing:
		return lost
	case v == unableOrUnsure:
		return unable
	case v == unsure, (v == unreadable || v == opaque) && got == notSent:
		return failed
	}
	return v
}

// isUnknown reports whether a write may have been committed.
func (v verdict) isUnknown() bool {
	return v == lost || v == unreadable || v == opaque || v == mismatched
}

// isAnswer reports whether err is meant for the caller as it is, rather than a
// failure of the database.
func isAnswer(err error) bool {
	return errors.As(err, new(*setupError)) || errors.Is(err, userstore.ErrNotFound) || errors.Is(err, userstore.ErrInvalid) || errors.Is(err, userstore.ErrExists)
}

func classOf(f finding) error {
	switch f.verdict {
	case conflict, waited:
		return ErrConflict
	case unable, unavailable:
		return ErrUnavailable
	case lost, unreadable, opaque:
		return ErrOutcomeUnknown
	case mismatched:
		return ErrMismatch
	case refused, duplicate:
		if f.ofID {
			return userstore.ErrExists
		}
		return invalid(f)
	case missing:
		return errMissing
	}
	return nil
}
