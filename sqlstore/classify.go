package sqlstore

import (
	"errors"
	"regexp"

	"github.com/userrecord/userrecord/userstore"
)

// An errorKind is what an engine error says became of the statement, and what to do.
type errorKind int

const (
	kindFailed       errorKind = iota // not applied, and a retry would fail too
	kindFailedOrLost                  // failed, or lost if it answers COMMIT
	kindConflict                      // not applied; retried at once
	kindLocked                        // not applied, after a long wait for a lock
	kindUnable                        // not applied; not retried at once, as for a full disk
	kindUnableOrLost                  // unable, or lost if it answers COMMIT
	kindUnavailable                   // not applied; retried on another connection
	kindLost                          // the connection was lost, so a write may have been committed
	kindUnreadable                    // a corrupt row, perhaps of a committed write
	kindOpaque                        // an error that tells nothing, perhaps of a committed write
	kindMismatched                    // not the row that was asked for, perhaps of a committed write
	kindTwoRows                       // not applied: two rows of one id
	kindRefused                       // by a constraint
	kindDuplicate                     // by a unique constraint
	kindMissing                       // a table or column is missing
	kindHosts                         // the host's own: see [hostError]
)

// isUnknown reports whether a write may have been committed.
func (k errorKind) isUnknown() bool {
	return k == kindLost || k == kindUnreadable || k == kindOpaque || k == kindMismatched
}

// at returns the kind for a write that got so far.
func (k errorKind) at(r Reach) errorKind {
	switch k {
	case kindLost:
		if r == ReachNone {
			return kindUnavailable
		}
	case kindUnreadable, kindOpaque:
		if r == ReachNone {
			return kindFailed
		}
	case kindFailedOrLost:
		if r == ReachCommit {
			return kindLost
		}
		return kindFailed
	case kindUnableOrLost:
		if r == ReachCommit {
			return kindLost
		}
		return kindUnable
	}
	return k
}

// A finding is all that an error tells.
type finding struct {
	kind       errorKind
	code       string // as in [Error.Code]
	constraint string // its name, which holds no value
	hint       string // a text that names columns, and may hold values
	column     string // its name, if it needs a value and has none
	note       string // for the text of an [Error]
	primary    bool   // the duplicate is in the primary key
	notID      bool   // the duplicate is not the user's id, whatever it is called
	readOnly   bool   // the database cannot be written
	crossed    bool   // a pooler has mixed up the statements of its clients
	broken     bool   // the connection is of no more use
}

// codes is which kind of codes an engine's errors have.
type codes int

const (
	codesSQLite   codes = iota // result codes
	codesSQLState              // five characters
	codesMySQL                 // error numbers
)

// classify classifies an error of the engine, or one that this package made of a
// row. One that is explained already keeps its kind.
func (e *engine) classify(err error) finding {
	if known, ok := errors.AsType[*Error](err); ok {
		return finding{kind: known.kind, code: known.Code, constraint: known.Constraint, column: known.Column}
	}
	if corrupt, ok := errors.AsType[*corruptError](err); ok {
		return finding{kind: kindUnreadable, code: corrupt.Error()}
	}
	if mismatch, ok := errors.AsType[*mismatchError](err); ok {
		return finding{kind: kindMismatched, code: mismatch.Error()}
	}
	if errors.Is(err, errTwoRows) {
		return finding{kind: kindTwoRows, note: "two rows have the id"}
	}
	if f, ok := e.classifyCode(err); ok {
		if asked, ok := errors.AsType[errWithColumns](err); ok {
			f.hint = asked.columns
		}
		return f
	}
	f := classifyCodeless(err)
	f.kind = judgeHost(f.kind, err)
	return f
}

// classifySent is classify, with the kind for how far the write got.
func (e *engine) classifySent(err error) finding {
	reach, err := splitSent(err)
	f := e.classify(err)
	f.kind = f.kind.at(reach)
	return f
}

// classifyCode returns false if err has no code of the engine's.
func (e *engine) classifyCode(err error) (finding, bool) {
	switch e.codes {
	case codesSQLState:
		return classifySQLState(err)
	case codesMySQL:
		return classifyMySQL(err)
	default:
		return classifySQLite(err)
	}
}

// isAnswer reports whether err is for the caller as it is, rather than a failure of
// the database.
func isAnswer(err error) bool {
	return errors.As(err, new(*setupError)) || errors.Is(err, userstore.ErrNotFound) || errors.Is(err, userstore.ErrInvalid) || errors.Is(err, userstore.ErrExists)
}

func submatch(r *regexp.Regexp, s string) string {
	if m := r.FindStringSubmatch(s); m != nil {
		return m[1]
	}
	return ""
}
