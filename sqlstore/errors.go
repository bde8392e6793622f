package sqlstore

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// The classes of an [Error], matched with errors.Is.
var (
	// ErrConflict reports that another transaction was in the way: a deadlock, a
	// serialization failure or an altered table, all of which a Store has retried (a
	// [Tx] retries nothing), or a lock that was held for too long, which is not retried.
	// Nothing was applied, and trying again later may help.
	ErrConflict = errors.New("sqlstore: conflict with another transaction")
	// ErrUnavailable reports that the database could not be reached or did not
	// serve: it is starting, read-only, or out of disk or memory, or has cancelled
	// a statement that took too long. Nothing was applied, and trying again later may
	// help.
	ErrUnavailable = errors.New("sqlstore: database unavailable")
	// ErrOutcomeUnknown reports that the write may have been committed, or may yet
	// be: the connection was lost, or the answer could not be read. A patch may be
	// sent again, since it sets absolute values. The error may also match that of the
	// context, so test for this one first.
	ErrOutcomeUnknown = errors.New("sqlstore: outcome unknown")
	// ErrMismatch reports that the row which came back is another user's, or does
	// not hold what was sent; the text of the [Error] names the columns. A pooler may
	// mix up its clients' answers; a setting, a column's type or a trigger may
	// change values (see [Options.AllowRewrites]). A write may have been committed, so
	// its error matches [ErrOutcomeUnknown] too. It is not retried, and its connection
	// is given up.
	//
	// It also reports that two rows of a host's own table have the id, and
	// [Options.Mapping]'s conditions hold for both. Then nothing was applied.
	//
	// SQLite's RETURNING gives the row before AFTER triggers have run
	// (sqlite.org/lang_returning.html, section 3), so what they change goes unseen.
	ErrMismatch = errors.New("sqlstore: the row that came back is not what was sent")
)

// errMismatchedWrite is ErrMismatch of a write.
var errMismatchedWrite error = mismatchedWrite{ErrMismatch}

type mismatchedWrite struct{ error }

func (e mismatchedWrite) Unwrap() []error { return []error{e.error, ErrOutcomeUnknown} }

var errMissing = errors.New("sqlstore: a table or a column of the statement is missing: see Store.Check")

// Error is a failure of the database, or a write that it refused. It unwraps to
// its class, to the context's error if that has ended, and to the driver's
// error, whose text may quote values of a user.
type Error struct {
	Op         string // the method, in lower case
	Code       string // the engine's, such as SQLSTATE 40001; "" if there is none
	Constraint string // the name of the violated constraint or index, if the engine tells it
	Column     string // the name of the column that needs a value and has none, if the engine tells it

	kind   errorKind
	note   string // what the code does not say
	class  error  // what errors.Is matches: a class, a sentinel of userstore, or nil
	ended  error  // of the context
	driver error
}

// Error returns one line without any value of a user.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("sqlstore: " + e.Op + ": " + e.summary())
	for _, detail := range []string{e.Code, e.Constraint, columnText(e.Constraint, e.Column), e.note, networkCause(e.driver)} {
		if detail != "" {
			b.WriteString(" (" + detail + ")")
		}
	}
	return b.String()
}

// columnText returns a text that names the column, unless the constraint does.
func columnText(constraint, column string) string {
	if column == "" || strings.HasSuffix(constraint, "."+column) {
		return ""
	}
	return "column " + column
}

func (e *Error) summary() string {
	switch {
	case e.class != nil:
		_, text, _ := strings.Cut(e.class.Error(), ": ")
		return text
	case e.ended != nil:
		return e.ended.Error()
	}
	return "failed"
}

// Retriable reports whether another attempt may succeed at once, as a [Store] makes
// them: nothing was applied, what was in the way may be gone, and the context has not
// ended. It tells a deadlock from a lock that was held for too long, and a lost
// connection from a full disk.
func (e *Error) Retriable() bool { return e.ended == nil && e.kind.isRetried(false) }

// Format writes the text for every verb: some verbs would print the driver's
// error.
func (e *Error) Format(f fmt.State, _ rune) { io.WriteString(f, e.Error()) }

// LogValue returns a group of the text and its parts.
func (e *Error) LogValue() slog.Value {
	attrs := []slog.Attr{slog.String("op", e.Op), slog.String("text", e.Error())}
	if e.Code != "" {
		attrs = append(attrs, slog.String("code", e.Code))
	}
	if e.Constraint != "" {
		attrs = append(attrs, slog.String("constraint", e.Constraint))
	}
	if e.Column != "" {
		attrs = append(attrs, slog.String("column", e.Column))
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
