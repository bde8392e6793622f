package sqlstore

import (
	"context"
	"database/sql"

	"github.com/userrecord/userrecord/userstore"
)

// DefaultTable is the name of the table if [Options.Table] is empty.
const DefaultTable = "users"

// DefaultMaxRetries is how often a call is retried if [Options.MaxRetries] is zero.
const DefaultMaxRetries = 20

// Options are what a host may choose. The zero value has the defaults.
type Options struct {
	// Table is the name of the table, [DefaultTable] if empty: letters, digits
	// and _, not beginning with a digit, at most 48 characters. A schema of the same
	// form may stand before it, with a dot. The name is quoted, so case matters where
	// the engine says so.
	Table string
	// Mapping says how users lie in a table of the host's own; nil stands for the table
	// of [Store.Migrate].
	Mapping *Mapping
	// MaxRetries is how often a call that changed nothing is retried:
	// [DefaultMaxRetries] if zero, never if negative. There is no retry after a long
	// wait for a lock, a statement that the server cancelled, or a full disk. Before
	// each retry the call pauses for a random time, of at most 1 ms at first, which
	// doubles up to 100 ms. No attempt begins more than 5 s after the first one; how
	// long one takes is up to the context and the driver's dial timeout.
	MaxRetries int
	// ResendUnknown also retries a Patch or Delete whose outcome is unknown. A
	// patch may then take effect twice, and the second time overwrite what another
	// patch wrote in between; OnPatch is called again. Without it, the error is [ErrOutcomeUnknown].
	ResendUnknown bool
	// OnPatch is called in the transaction of each patch, of [Store.Patch] and of
	// [Tx.Patch], after the row has changed and before the commit. What it writes with
	// tx, such as a row of an outbox or an audit log, is there if and only if the patch
	// is. It is not called for a patch that provides nothing. If the patch provided
	// what was there already, change.Names() is empty.
	//
	// An error undoes the patch. The error of a statement is treated as the patch's
	// own, and so perhaps retried, but a constraint that it violates is a failure, not
	// the client's mistake; any other error is returned as it is. One that matches
	// [userstore.ErrInvalid] refuses the patch. A panic undoes the patch, and is raised
	// again where the patch was called.
	//
	// It may be called again for the same patch, after the database has undone what it
	// did the last time: so it should have no effects outside the transaction. It must
	// return the error of every statement that fails, and must not end tx. It should be
	// quick, since the row stays locked while it runs. On SQLite that is the write lock
	// of the whole database; there, other patches share the transaction, the context
	// never ends, and the hook may run in another caller's goroutine.
	//
	// It costs a SELECT that locks the row, and on PostgreSQL the round trips of a
	// transaction, so four instead of one.
	OnPatch func(ctx context.Context, tx *sql.Tx, change userstore.Change) error
	// AllowRewrites accepts a row that comes back with other values than were
	// sent, for hosts whose triggers rewrite values on purpose. A patch then returns
	// what the database holds; Create returns what was sent. Without it, the error is
	// [ErrMismatch], as it always is for another user's row.
	AllowRewrites bool
	// AcceptDataLoss makes [Store.Check] pass a database that may lose acknowledged
	// patches when a process, the operating system or the power fails: for tests,
	// for data that can be recreated, and where something that Check cannot see
	// keeps the data, such as a service's remote storage. It covers fsync=off,
	// synchronous_commit=off and UNLOGGED tables of PostgreSQL;
	// innodb_flush_log_at_trx_commit, sync_binlog, innodb_flush_method and a
	// disabled redo log of MySQL and MariaDB; synchronous=NORMAL or OFF of SQLite.
	AcceptDataLoss bool
}

func (o *Options) withDefaults() Options {
	if o == nil {
		o = new(Options)
	}
	filled := *o
	if filled.Table == "" {
		filled.Table = DefaultTable
	}
	if filled.MaxRetries == 0 {
		filled.MaxRetries = DefaultMaxRetries
	}
	return filled
}
