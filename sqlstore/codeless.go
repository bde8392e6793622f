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

// codeless finds what an error without a code means, by what it is. One of no
// known kind says nothing of the connection: the driver may have failed at
// reading the answer to a statement that was carried out.
func codeless(err error) finding {
	var known interface{ SafeToRetry() bool }
	switch {
	case errors.Is(err, driver.ErrBadConn), errors.Is(err, sql.ErrConnDone), errors.As(err, new(errUnreached)), errors.As(err, &known) && known.SafeToRetry():
		return finding{verdict: unavailable}
	case isLoss(err):
		return finding{verdict: lost}
	case errors.Is(err, sql.ErrTxDone):
		return finding{verdict: failed, note: "the transaction has ended before"}
	case matchesIn(err, neverSent):
		return finding{verdict: failed, note: noCode}
	}
	return finding{verdict: opaque, note: noCode, broken: matchesIn(err, outOfSync)}
}

const noCode = "an error of the driver without a code"

// losses are errors of a connection, or of a context that ended a statement.
var losses = []error{
	io.EOF, io.ErrUnexpectedEOF, io.ErrClosedPipe, net.ErrClosed, os.ErrDeadlineExceeded,
	context.Canceled, context.DeadlineExceeded, errGone,
}

func isLoss(err error) bool {
	isOne := func(loss error) bool { return errors.Is(err, loss) }
	return slices.ContainsFunc(losses, isOne) ||
		errors.As(err, new(net.Error)) || errors.As(err, new(syscall.Errno)) ||
		matchesIn(err, invalidConn)
}

// The errors of drivers that only their texts tell. What they quote comes after.
var (
	// go-sql-driver/mysql's ErrInvalidConn
	invalidConn = regexp.MustCompile(`^invalid connection$`)
	// go-sql-driver/mysql after a packet that was not the expected one
	outOfSync = regexp.MustCompile(`^(?:commands out of sync\. .*|malformed packet|busy buffer)$`)
	// database/sql and pgx at the arguments of a statement
	neverSent = regexp.MustCompile(`^(?:sql: converting argument |sql: expected \d+ arguments, got |failed to encode args\[|mismatched param and argument count$|expected \d+ arguments, got )`)
)

func matchesIn(err error, text *regexp.Regexp) bool {
	for e := range errorsIn(err) {
		if text.MatchString(e.Error()) {
			return true
		}
	}
	return false
}
