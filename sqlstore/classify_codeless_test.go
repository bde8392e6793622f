package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/userrecord/userrecord/userstore"
)

// Errors without a code: of a connection, or of no known kind.
var codelessTests = []classTest{
	{SQLite, errBroken, ErrUnavailable, ErrOutcomeUnknown, "if not sent", nil},
	{PostgreSQL, errBroken, ErrUnavailable, ErrOutcomeUnknown, "if not sent", nil},
	{MySQL, io.EOF, ErrUnavailable, ErrOutcomeUnknown, "if not sent", nil},
	{MySQL, errors.New("invalid connection"), ErrUnavailable, ErrOutcomeUnknown, "if not sent", nil},
	{PostgreSQL, net.ErrClosed, ErrUnavailable, ErrOutcomeUnknown, "if not sent", nil},
	{PostgreSQL, io.ErrClosedPipe, ErrUnavailable, ErrOutcomeUnknown, "if not sent", nil},
	{PostgreSQL, &net.OpError{Op: "read", Err: errors.New("tls: bad record MAC")}, ErrUnavailable, ErrOutcomeUnknown, "if not sent", nil},
	{PostgreSQL, syscall.ECONNRESET, ErrUnavailable, ErrOutcomeUnknown, "if not sent", nil},
	{PostgreSQL, context.DeadlineExceeded, ErrUnavailable, ErrOutcomeUnknown, "if not sent", nil},
	{SQLite, errGone, ErrUnavailable, ErrOutcomeUnknown, "if not sent", nil},
	{MySQL, driver.ErrBadConn, ErrUnavailable, ErrUnavailable, "always", nil},
	{MySQL, sql.ErrConnDone, ErrUnavailable, ErrUnavailable, "always", nil},
	{MySQL, errNoConn{errors.New("the proxy has no route")}, ErrUnavailable, ErrUnavailable, "always", nil},
	{PostgreSQL, sql.ErrTxDone, nil, nil, "never", nil},
	{PostgreSQL, errors.New("commit unexpectedly resulted in rollback"), nil, nil, "never", nil},
	// before the statement was sent
	{PostgreSQL, errors.New(`failed to encode args[0]: unable to encode "Ada" into binary format for int4 (OID 23)`), nil, nil, "never", nil},
	{PostgreSQL, errors.New("expected 2 arguments, got 3"), nil, nil, "never", nil},
	{MySQL, errors.New("sql: expected 2 arguments, got 3"), nil, nil, "never", nil},
	{MySQL, errors.New("sql: converting argument $1 type: unsupported type"), nil, nil, "never", nil},
	// before or after it was sent
	{PostgreSQL, errUnread, nil, ErrOutcomeUnknown, "never", nil},
	{MySQL, errUnread, nil, ErrOutcomeUnknown, "never", nil},
	{SQLite, errUnread, nil, ErrOutcomeUnknown, "never", nil},
	{PostgreSQL, errors.New(`cannot read "failed to encode args[0]: invalid connection"`), nil, ErrOutcomeUnknown, "never", nil},
	{MySQL, errors.New("commands out of sync. You can't run this command now"), nil, ErrOutcomeUnknown, "never", nil},
}

// errUnread is like the error of a driver that cannot read an answer.
var errUnread = errors.New("convert field 3 failed: cannot scan text")

// withUnreadAnswers makes every statement on the users take effect, but its answer
// unreadable.
func (f *fake) withUnreadAnswers() {
	f.after = func(e event) error {
		if e.is("query", "UPDATE") || e.is("exec", "UPDATE") || e.is("exec", "INSERT") || e.is("exec", "DELETE") || e.is("query", "SELECT") {
			return errUnread
		}
		return nil
	}
}

// If an answer cannot be read, the write is not sent again, the connection is kept,
// and the error does not read like an outage. If the statement commits itself, the
// outcome is unknown.
func TestUnreadableAnswer(t *testing.T) {
	for name, call := range map[string]func(context.Context, *Store) error{
		"UPDATE": func(ctx context.Context, s *Store) error {
			_, err := s.Patch(ctx, example.ID, named("Ada"))
			return err
		},
		"INSERT": func(ctx context.Context, s *Store) error {
			_, err := s.Create(ctx, userstore.User{ID: nth(9)})
			return err
		},
		"DELETE": func(ctx context.Context, s *Store) error { return s.Delete(ctx, example.ID) },
	} {
		eachDialect(t, func(t *testing.T, f *fake) {
			s := open(t, f, &Options{ResendUnknown: true})
			create(t, s, example)
			before := f.count("query", name) + f.count("exec", name)
			f.withUnreadAnswers()
			err := call(t.Context(), s)
			if n := f.count("query", name) + f.count("exec", name) - before; n != 1 {
				t.Errorf("%s: sent %d times", name, n)
			}
			if got := f.dropped(); len(got) > 0 {
				t.Errorf("%s: dropped %v", name, got)
			}
			commits := f.dialect == PostgreSQL
			if errors.Is(err, ErrOutcomeUnknown) != commits || errors.Is(err, ErrUnavailable) || !errors.Is(err, errUnread) || !strings.Contains(err.Error(), "an error of the driver without a code") {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
}

// A read is retried once, since the first attempt cannot tell a failure to connect
// from an answer that cannot be read.
func TestUnreadableRead(t *testing.T) {
	eachDialect(t, func(t *testing.T, f *fake) {
		s := open(t, f, nil)
		create(t, s, example)
		before := f.count("query", "SELECT")
		f.withUnreadAnswers()
		_, err := s.Get(t.Context(), example.ID)
		if errors.Is(err, ErrUnavailable) || errors.Is(err, ErrOutcomeUnknown) || !errors.Is(err, errUnread) {
			t.Errorf("Get = %v", err)
		}
		if n := f.count("query", "SELECT") - before; n != 2 {
			t.Errorf("sent %d times", n)
		}
		if got := f.dropped(); len(got) > 0 {
			t.Errorf("dropped %v", got)
		}
	})
}

// Connecting is retried whatever the driver's error is.
func TestUnknownErrorOfConnecting(t *testing.T) {
	retriesConnecting(t, errors.New("the proxy has no route"))
}

// Connecting to SQLite sets journal_mode, which does not wait for a lock if
// busy_timeout is set after it.
func TestBusyWhileConnecting(t *testing.T) { retriesConnecting(t, errBusy) }

func retriesConnecting(t *testing.T, failure error) {
	t.Helper()
	eachDialect(t, func(t *testing.T, f *fake) {
		s := open(t, f, nil)
		create(t, s, example)
		s.db.SetMaxIdleConns(-1) // none
		times := 2
		f.before = func(_ context.Context, e event) error {
			if e.do == "open" && times > 0 {
				times--
				return failure
			}
			return nil
		}
		if _, err := s.Get(t.Context(), example.ID); err != nil || times != 0 {
			t.Errorf("Get = %v, with %d failures left", err, times)
		}
	})
}

// A connection that is out of sync is not used again.
func TestOutOfSync(t *testing.T) {
	for _, err := range []error{errors.New("malformed packet"), fmt.Errorf("wrapped: %w", errors.New("busy buffer"))} {
		f := newFake(MySQL)
		tried := f.failing(err)
		if _, got := open(t, f, nil).Patch(t.Context(), example.ID, named("Ada")); !errors.Is(got, err) {
			t.Errorf("Patch = %v", got)
		}
		if got := f.dropped(); !slices.Equal(got, []int{1}) || len(*tried) != 1 {
			t.Errorf("%v: dropped %v, tried %v", err, got, *tried)
		}
	}
}
