package main

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"log/slog"
	"os"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// A watchedStore fails every call once a file of its SQLite database was removed or
// replaced. SQLite itself would continue with the old file, which nobody can open any
// more, so what it writes would be lost.
type watchedStore struct {
	userstore.Store
	files map[string]fs.FileInfo
}

// watch returns the watched store of the database. The returned connection stays open,
// because SQLite itself removes files when the last connection is closed.
func (s sqlDatabase) watch(ctx context.Context, file string) (watchedStore, *sql.Conn, error) {
	w := watchedStore{s.store, make(map[string]fs.FileInfo)}
	conn, err := s.db.Conn(ctx)
	if err == nil {
		_, err = conn.ExecContext(ctx, "SELECT count(*) FROM sqlite_schema") // opens the files
	}
	real := resolved(file)
	for _, name := range []string{file, real, real + "-wal", real + "-shm"} {
		if err == nil {
			w.files[name], err = os.Stat(name)
		}
	}
	if err != nil && conn != nil {
		conn.Close()
	}
	return w, conn, err
}

// Get returns the user.
func (w watchedStore) Get(ctx context.Context, id uuid.UUID) (userstore.User, error) {
	return w.checked(w.Store.Get(ctx, id))
}

// Patch patches the user. It checks the files afterwards, so that an acknowledged patch
// is in them.
func (w watchedStore) Patch(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	return w.checked(w.Store.Patch(ctx, id, patch))
}

func (w watchedStore) checked(user userstore.User, err error) (userstore.User, error) {
	if gone := w.check(); gone != nil {
		return userstore.User{}, gone
	}
	return user, err
}

func (w watchedStore) check() error {
	for name, opened := range w.files {
		if now, err := os.Stat(name); err != nil || !os.SameFile(opened, now) {
			return errFileGone
		}
	}
	return nil
}

// A fileGone is an error whose text the handler logs.
type fileGone struct{ error }

// LogValue returns the text of the error.
func (e fileGone) LogValue() slog.Value { return slog.StringValue(e.Error()) }

var errFileGone = fileGone{errors.New("userserver: a file of the database was removed or replaced while it was open: nothing more is saved; restart the server")}
