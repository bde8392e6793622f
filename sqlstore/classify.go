package sqlstore

import (
	"errors"
	"regexp"

	"github.com/userrecord/userrecord/userstore"
)

// A verdict classifies an engine error.
type verdict int

const (
	verdictFailed       verdict = iota // not applied, and a retry would fail too
	verdictFailedOrLost                // failed, or lost if it answers COMMIT
	verdictConflict                    // not applied; retried at once
	verdictLocked                      // not applied, after a long wait for a lock
	verdictUnable                      // not applied; not retried at once, as for a full disk
	verdictUnableOrLost                // unable, or lost if it answers COMMIT
	verdictUnavailable                 // not applied; retried on another connection
	verdictLost                        // the connection was lost, so a write may have been committed
	verdictUnreadable                  // a corrupt row, perhaps of a committed write
	verdictOpaque                      // an error that tells nothing, perhaps of a committed write
	verdictMismatched                  // not the row that was asked for, perhaps of a committed write
	verdictRefused                     // by a constraint
	verdictDuplicate                   // by a unique constraint
	verdictMissing                     // a table or column is missing
)

// isUnknown reports whether a write may have been committed.
func (v verdict) isUnknown() bool {
	return v == verdictLost || v == verdictUnreadable || v == verdictOpaque || v == verdictMismatched
}

// at returns the verdict for a write that got so far.
func (v verdict) at(r reach) verdict {
	switch v {
	case verdictLost:
		if r == reachNone {
			return verdictUnavailable
		}
	case verdictUnreadable, verdictOpaque:
		if r == reachNone {
			return verdictFailed
		}
	case verdictFailedOrLost:
		if r == reachCommit {
			return verdictLost
		}
		return verdictFailed
	case verdictUnableOrLost:
		if r == reachCommit {
			return verdictLost
		}
		return verdictUnable
	}
	return v
}

// A finding is all that an error tells.
type finding struct {
	verdict    verdict
	code       string // as in [Error.Code]
	constraint string // its name, which holds no value
	hint       string // a text that names columns, and may hold values
	note       string // for the text of an [Error]
	isID       bool   // the duplicate is the id
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
// row.
func (e *engine) classify(err error) finding {
	if corrupt, ok := errors.AsType[*corruptError](err); ok {
		return finding{verdict: verdictUnreadable, code: corrupt.Error()}
	}
	if mismatch, ok := errors.AsType[*mismatchError](err); ok {
		return finding{verdict: verdictMismatched, code: mismatch.Error()}
	}
	if f, ok := e.classifyCode(err); ok {
		return f
	}
	return classifyCodeless(err)
}

// classifySent is classify, with the verdict for how far the write got.
func (e *engine) classifySent(err error) finding {
	reach, err := splitSent(err)
	f := e.classify(err)
	f.verdict = f.verdict.at(reach)
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
