package sqlstore

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
	// MaxRetries is how often a call that changed nothing is retried:
	// [DefaultMaxRetries] if zero, never if negative. There is no retry after a long
	// wait for a lock, a statement that the server cancelled, or a full disk. Before
	// each retry the call pauses for a random time, of at most 1 ms at first, which
	// doubles up to 100 ms. No attempt begins more than 5 s after the first one; how
	// long one takes is up to the context and the driver's dial timeout.
	MaxRetries int
	// ResendUnknown also retries a Patch or Delete whose outcome is unknown. A
	// patch may then take effect twice, and the second time overwrite what another
	// patch wrote in between. Without it, the error is [ErrOutcomeUnknown].
	ResendUnknown bool
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
