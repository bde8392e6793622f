// Package sqlstore is a [userstore.Store] on database/sql: SQLite, PostgreSQL,
// MySQL and MariaDB, over the host's own [sql.DB] and driver.
//
//	db, err := sql.Open("sqlite3", "file:users.db?_pragma=...") // see SQLite
//	store, err := sqlstore.New(db, sqlstore.SQLite, nil)
//	err = store.Migrate(ctx)
//
// A user is one row with a column for each attribute, so that a host can query,
// join and constrain. A patch is one UPDATE of the columns that it provides.
//
// # A table of the host's own
//
// A host that has users already declares how they lie in its table: [Options.Mapping]
// names the columns, the attributes that have none, and conditions such as the tenant of
// the call's context. [Store.Check] proves it, [Store.Unproved] says what could not be
// proved, and [Migrations] prints the columns.
//
// # Durability
//
// A patch is acknowledged after its commit. How much a commit survives depends on
// the engine's configuration: each [Dialect] says what it needs, and [Store.Check]
// refuses settings that lose patches unless [Options.AcceptDataLoss] is set.
// ENGINES.md, beside this file, says which engine fits which size, and what a patch
// costs there.
//
// # Errors
//
// The errors that [userstore.Store] promises are returned as promised:
// [userstore.ErrNotFound], and [userstore.ErrInvalid] for a value that violates a
// constraint of the database, with a pointer to the attribute. Every other failure
// of the database is an [*Error] of one of these classes:
//
//   - [ErrConflict]: nothing was applied, because another transaction was in
//     the way. A method of the Store has been retried, within bounds, unless it had
//     waited long for a lock; a method of a [Tx] is not retried.
//   - [ErrUnavailable]: nothing was applied, because the database could not be
//     reached or did not serve. The connection was given up, and the call retried on
//     another one within the same bounds, unless that would not help at once.
//   - [ErrOutcomeUnknown]: the connection broke, or time ran out, while the
//     write may have been committed.
//   - [ErrMismatch]: the row that came back is not what was sent; the error of a
//     write is ErrOutcomeUnknown too, unless it found two rows of one id.
//   - none of them: nothing was applied, and trying again would not help.
//
// A constraint that keeps every value out is of the last class, not ErrInvalid: that of
// the host's own statements, or of a column without a value that the Store does not
// write.
//
// The text of an Error holds the engine's code and the name of the constraint, but
// never the driver's text, since drivers quote values.
//
// # Transactions
//
// Users change together with the host's own tables in [Store.Transact], which commits
// and retries as a patch does, or in a transaction that the host ends itself:
// [Store.WithTx]. [Options.OnPatch] writes into the transaction of each patch: a row of
// an outbox, or of an audit log. A Store of the host's own, over other tables, explains
// its errors with [Dialect.Explain], and statements of its own on the table of users with
// [Store.Explain].
//
// # Contexts
//
// A context bounds the waiting: for a connection, for the turn to write, and
// between retries. Once a write has been sent, it gets another second after its
// context ends, since cutting it off would leave its outcome unknown and its
// connection useless. On SQLite, a write that has got the write lock is completed.
package sqlstore

// To read this package, begin with store.go, which has the methods. A write passes
// through these files:
//
//	write.go        a write as a value: its statements, and what they set
//	lanes.go        only a few writes of one user at once
//	retry.go        attempts, and when there is another one
//	commit.go       the engine's commit mode; group.go is the shared transaction
//	transact.go     a transaction of the host's; onpatch.go is its hook in a patch
//	conn.go         a connection, given up if it is of no more use
//	patch.go        the statements of a patch
//	scan.go         the row that comes back; mismatch.go compares it
//	classify.go     what an error means; explain.go makes the caller's error of it;
//	                hosterror.go tells those of the host
//
// dialect.go says how engines differ; sqlite.go, postgresql.go and mysql.go hold their
// data. layout.go is how users lie in the table, by default or as mapping.go declares.
// check.go is Store.Check, and migrate.go is Store.Migrate.
