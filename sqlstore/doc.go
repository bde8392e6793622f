// Package sqlstore is a [userstore.Store] on database/sql: SQLite, PostgreSQL,
// MySQL and MariaDB, over the host's own [sql.DB] and driver.
//
//	db, err := sql.Open("sqlite", "file:users.db?_pragma=...") // see SQLite
//	store, err := sqlstore.New(db, sqlstore.SQLite, nil)
//	err = store.Migrate(ctx)
//
// A user is one row with a column for each attribute, so that a host can query,
// join and constrain. A patch is one UPDATE of the columns that it provides.
//
// # Durability
//
// A patch is acknowledged after its commit. How much a commit survives is the
// engine's configuration; each [Dialect] says what it needs, and [Store.Check]
// refuses what loses patches unless [Options.AcceptDataLoss] is set. ENGINES.md,
// beside this file, says which engine fits which size, and what a patch costs
// there.
//
// # Errors
//
// What a [userstore.Store] promises comes as promised: [userstore.ErrNotFound],
// and [userstore.ErrInvalid] for a value that a constraint of the database
// refuses, with the column's pointer. Every other failure of the database is an
// [*Error] of one of these classes:
//
//   - [ErrConflict]: nothing was applied, because another transaction was in
//     the way. Unless it has waited long for a lock, it is retried, in bounds,
//     before it is returned.
//   - [ErrUnavailable]: nothing was applied, because the database could not be
//     reached or did not serve. The connection is given up and the call retried
//     on another one, in the same bounds.
//   - [ErrOutcomeUnknown]: the connection broke, or time ran out, while the
//     write may have been committed.
//   - [ErrMismatch]: the row that came back is not what was sent; of a write it is
//     ErrOutcomeUnknown too.
//   - none of them: nothing was applied, and trying again would not help.
//
// The text of an Error holds the engine's code and the name of the constraint,
// never the driver's text, since drivers quote values.
//
// # Contexts
//
// A context bounds the waiting: for a connection, for the turn to write, and
// between retries. A write that was sent is given another second when its
// context ends, since cutting it off would leave its outcome unknown and its
// connection useless. On SQLite a write whose turn has come is carried out.
package sqlstore
