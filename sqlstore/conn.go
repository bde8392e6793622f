package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"time"
)

// onConn calls do with a connection from the pool, and closes that for good if it
// is of no more use afterwards.
func onConn[T any](ctx context.Context, s *Store, do func(*sql.Conn) (T, error)) (result T, err error) {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return result, errNoConn{err}
	}
	returned := false
	defer func() {
		switch {
		case !returned: // the driver has panicked
			go abandon(conn)
		case err == nil:
			conn.Close()
		case errors.As(err, new(errStuck)):
			go discard(conn)
		case s.spoilsConn(err):
			discard(conn)
		default:
			conn.Close()
		}
	}()
	result, err = do(conn)
	returned = true
	return result, err
}

// withConn is onConn without a result.
func (s *Store) withConn(ctx context.Context, do func(*sql.Conn) error) error {
	_, err := onConn(ctx, s, func(conn *sql.Conn) (struct{}, error) { return struct{}{}, do(conn) })
	return err
}

// spoilsConn reports whether a connection is of no more use after err.
func (s *Store) spoilsConn(err error) bool {
	if errors.As(err, new(errDropConn)) {
		return true
	}
	if isAnswer(err) {
		return false
	}
	f := s.engine.classify(err)
	return f.broken || f.kind == kindUnavailable || f.kind == kindLost || f.kind == kindMismatched
}

// abandon closes the driver's connection, and so its transaction, after the driver
// has panicked. The methods of [sql.Conn] would wait for the one that panicked.
func abandon(conn *sql.Conn) {
	_ = conn.Raw(func(driverConn any) error {
		_ = driverConn.(driver.Conn).Close()
		return driver.ErrBadConn
	})
}

// discard closes the connection for good, once no call is using it.
func discard(conn *sql.Conn) {
	_ = conn.Raw(func(any) error { return driver.ErrBadConn })
}

// errNoConn reports that there was no connection, so that nothing was sent.
type errNoConn struct{ error }

func (e errNoConn) Unwrap() error { return e.error }

// errDropConn reports that the connection must not be used again.
type errDropConn struct{ error }

func (e errDropConn) Unwrap() error { return e.error }

// errStuck reports that a call which has not returned may be using the connection.
type errStuck struct{ error }

func (e errStuck) Unwrap() error { return e.error }

// grace is how long a statement that was sent may go on after its context has
// ended.
const grace = time.Second

// withGrace returns a context that ends the grace after ctx.
func withGrace(ctx context.Context) (context.Context, context.CancelFunc) {
	if ctx.Done() == nil {
		return ctx, func() {}
	}
	late, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		timer := time.AfterFunc(grace, cancel)
		context.AfterFunc(late, func() { timer.Stop() })
	})
	return late, func() {
		stop()
		cancel()
	}
}
