package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"os"
	"regexp"
	"slices"
	"syscall"
)

// classifyCodeless classifies an error without a code of the engine's. An error of
// no known kind says nothing about the connection: the driver may have failed to read
// the answer to a statement that was carried out.
func classifyCodeless(err error) finding {
	var known interface{ SafeToRetry() bool }
	switch {
	case errors.Is(err, driver.ErrBadConn), errors.Is(err, sql.ErrConnDone), errors.As(err, new(errNoConn)), errors.As(err, &known) && known.SafeToRetry():
		return finding{kind: kindUnavailable}
	case isLoss(err):
		return finding{kind: kindLost}
	case errors.Is(err, sql.ErrTxDone):
		return finding{kind: kindFailed, note: "the transaction has ended before"}
	case matchesAny(err, rolledBack):
		return finding{kind: kindFailed, note: "a statement of the transaction has failed before"}
	case matchesAny(err, neverSent):
		return finding{kind: kindFailed, note: noteNoCode}
	}
	return finding{kind: kindOpaque, note: noteNoCode, broken: matchesAny(err, outOfSync)}
}

const noteNoCode = "an error of the driver without a code"

// losses are errors of a lost connection, or of a context that ended a statement.
var losses = []error{
	io.EOF, io.ErrUnexpectedEOF, io.ErrClosedPipe, net.ErrClosed, os.ErrDeadlineExceeded,
	context.Canceled, context.DeadlineExceeded, errGone,
}

func isLoss(err error) bool {
	matches := func(loss error) bool { return errors.Is(err, loss) }
	return slices.ContainsFunc(losses, matches) ||
		errors.As(err, new(net.Error)) || errors.As(err, new(syscall.Errno)) ||
		matchesAny(err, invalidConn)
}

// Some errors of drivers can only be told by the beginnings of their texts; any
// quoted values come later.
var (
	// go-sql-driver/mysql's ErrInvalidConn.
	invalidConn = regexp.MustCompile(`^invalid connection$`)
	// go-sql-driver/mysql after an unexpected packet.
	outOfSync = regexp.MustCompile(`^(?:commands out of sync\. .*|malformed packet|busy buffer)$`)
	// pgx, if COMMIT found that PostgreSQL had given up the transaction.
	rolledBack = regexp.MustCompile(`^commit unexpectedly resulted in rollback$`)
	// database/sql and pgx, about the arguments of a statement.
	neverSent = regexp.MustCompile(`^(?:sql: converting argument |sql: expected \d+ arguments, got |failed to encode args\[|mismatched param and argument count$|expected \d+ arguments, got )`)
)

// matchesAny reports whether text matches err or an error that it wraps.
func matchesAny(err error, text *regexp.Regexp) bool {
	for e := range errorsIn(err) {
		if text.MatchString(e.Error()) {
			return true
		}
	}
	return false
}
