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

// A watchedStore answers nothing more once a file of an SQLite database was
// removed or replaced under it. SQLite goes on with the old one, which nobody can
// open any more: what is written there is lost.
type watchedStore struct {
	userstore.Store
	files map[string]fs.FileInfo
}

// watch returns the store of the database, watched. The connection that it takes
// keeps SQLite from replacing the files itself, as the last one to be closed
// does.
func (s sqlUsers) watch(ctx context.Context, file string) (watchedStore, *sql.Conn, error) {
	w := watchedStore{s.store, make(map[string]fs.FileInfo)}
	conn, err := s.db.Conn(ctx)
	if err == nil {
		_, err = conn.ExecContext(ctx, "SELECT count(*) FROM sqlite_schema") // which opens the files
	}
	for _, ending := range []string{"", "-wal", "-shm"} {
		if err == nil {
			w.files[file+ending], err = os.Stat(file + ending)
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

// Patch patches the user. It looks for the files afterwards, so that what is
// acknowledged is in them.
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

// fileGone is an error whose text the handler may log.
type fileGone struct{ error }

// LogValue is the text.
func (e fileGone) LogValue() slog.Value { return slog.StringValue(e.Error()) }

var errFileGone = fileGone{errors.New("userserver: a file of the database was removed or replaced while it was open: nothing more is kept; restart the server")}
