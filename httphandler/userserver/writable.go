package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// checkWritable reports why no user could be patched: a read-only file or database
// server, a missing right, a full disk.
func (s sqlDatabase) checkWritable(ctx context.Context) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err == nil {
		defer tx.Rollback() // does nothing after a commit
		err = s.patchNobody(ctx, tx)
	}
	if err == nil && s.touch != nil {
		if err = s.touch(ctx, tx); err == nil {
			err = tx.Commit()
		}
	}
	if err != nil {
		return databaseFailed("the database cannot be written", err)
	}
	return nil
}

// patchNobody patches the user with the nil id, who cannot exist.
func (s sqlDatabase) patchNobody(ctx context.Context, tx *sql.Tx) error {
	_, err := s.store.WithTx(tx).Patch(ctx, uuid.Nil, userstore.Attributes{Locale: userstore.Null[string]()})
	if errors.Is(err, userstore.ErrNotFound) {
		return nil
	}
	return err
}

// touchSQLite writes the header of the file without changing it. In SQLite a full disk
// shows only when something is written; other engines always write a log.
func touchSQLite(ctx context.Context, tx *sql.Tx) error {
	var version int32
	if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", version))
	return err
}
