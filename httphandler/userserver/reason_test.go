package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"net"
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore"
)

// The reason appears once in the text, even if package sqlstore has added it.
func TestShownTellsTheReasonOnce(t *testing.T) {
	for want, err := range map[string]error{
		"connection refused":    &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)},
		"the host is not found": &net.DNSError{Name: "x", IsNotFound: true},
		"no answer in time":     os.ErrDeadlineExceeded,
	} {
		db := sql.OpenDB(failingConnector{err})
		defer db.Close()
		store, err := sqlstore.New(db, sqlstore.PostgreSQL, &sqlstore.Options{MaxRetries: -1})
		require.NoError(t, err)
		want = "sqlstore: check: database unavailable (" + want + ")"
		if got := storeFailed(store.Check(t.Context())).Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// A failingConnector cannot connect.
type failingConnector struct{ err error }

func (c failingConnector) Connect(context.Context) (driver.Conn, error) { return nil, c.err }

func (c failingConnector) Driver() driver.Driver { return nil }
