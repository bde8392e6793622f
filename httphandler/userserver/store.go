package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// A users is an open database.
type users struct {
	userstore.Store
	toTry []uuid.UUID // with which a person may try the server
	close func() error
}

// openUsers opens the database of cfg and makes the patches of cfg.failing fail.
func openUsers(ctx context.Context, cfg config, logger *slog.Logger) (users, error) {
	open := openSQLUsers
	if cfg.db.memory {
		open = openMemory
	}
	u, err := open(ctx, cfg, logger)
	if err == nil && cfg.failing != uuid.Nil {
		u.Store = failingStore{u.Store, cfg.failing}
	}
	return u, err
}

func openMemory(ctx context.Context, cfg config, _ *slog.Logger) (users, error) {
	store := new(memstore.Store)
	var toTry []uuid.UUID
	for _, user := range seed(cfg.failing) {
		if _, err := store.Create(ctx, user); err != nil {
			return users{}, fmt.Errorf("cannot create the user %s: %w", user.ID, err)
		}
		toTry = append(toTry, user.ID)
	}
	return users{store, toTry, func() error { return nil }}, nil
}

func openSQLUsers(ctx context.Context, cfg config, logger *slog.Logger) (users, error) {
	s, err := openSQL(ctx, cfg.db, logger)
	if err != nil {
		return users{}, err
	}
	if err := s.checkWritable(ctx); err != nil {
		return users{}, errors.Join(err, s.close())
	}
	if s.first {
		err = seedEmpty(ctx, s)
	}
	var toTry []uuid.UUID
	if err == nil {
		toTry, err = findToTry(ctx, s.store, cfg.failing)
	}
	if err != nil {
		return users{}, errors.Join(shown(err), s.close())
	}
	if cfg.db.file == "" {
		return users{s.store, toTry, s.close}, nil
	}
	watched, kept, err := s.watch(ctx, cfg.db.file)
	if err != nil {
		return users{}, errors.Join(failed("the files of the database cannot be looked at", err), s.close())
	}
	return users{watched, toTry, func() error { return errors.Join(kept.Close(), s.close()) }}, nil
}

// A sqlUsers is an open database other than memory.
type sqlUsers struct {
	db    *sql.DB
	store *sqlstore.Store
	touch func(context.Context, *sql.Tx) error // writes what is there already, or nil
	first bool                                 // the table was not there before
}

// openSQL opens the database, and creates what is missing of it.
func openSQL(ctx context.Context, from database, logger *slog.Logger) (sqlUsers, error) {
	if from.file != "" {
		if err := createFile(from.file, logger); err != nil {
			return sqlUsers{}, err
		}
	}
	return connect(ctx, from, func(s *sqlUsers) error {
		s.first = s.store.Check(ctx) != nil
		return s.store.Migrate(ctx)
	})
}

// openExisting opens the database, and creates nothing.
func openExisting(ctx context.Context, from database, logger *slog.Logger) (sqlUsers, error) {
	if from.file != "" {
		if err := checkFile(from.file, logger); err != nil {
			return sqlUsers{}, err
		}
	}
	return connect(ctx, from, func(s *sqlUsers) error { return s.store.Check(ctx) })
}

// reachTimeout is for how long the first connection is waited for; a data source
// name may have several hosts.
const reachTimeout = 30 * time.Second

// connect opens the database and calls prepare with it.
func connect(ctx context.Context, from database, prepare func(*sqlUsers) error) (sqlUsers, error) {
	db, err := from.open()
	if err != nil {
		return sqlUsers{}, failed("the database cannot be opened", err)
	}
	s := sqlUsers{db: db, touch: from.touch}
	if from.file == "" {
		if err := s.reach(ctx, reachTimeout); err != nil {
			return sqlUsers{}, errors.Join(err, s.close())
		}
	}
	s.store, err = sqlstore.New(db, from.dialect, nil)
	if err == nil {
		err = prepare(&s)
	}
	if err != nil {
		return sqlUsers{}, errors.Join(shown(err), s.close())
	}
	return s, nil
}

// reach waits for a connection to a server. What a driver takes for a limit may
// not include the whole handshake.
func (s sqlUsers) reach(ctx context.Context, patience time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := s.db.PingContext(ctx); err != nil {
		return failed("the database cannot be reached", err)
	}
	return nil
}

func (s sqlUsers) close() error {
	if err := s.db.Close(); err != nil {
		return failed("the database cannot be closed", err)
	}
	return nil
}

// failingStore fails to patch one user.
type failingStore struct {
	userstore.Store
	id uuid.UUID
}

var errFailingUser = errors.New("userserver: the user of -failing-user")

// Patch fails for that user and changes nothing.
func (s failingStore) Patch(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	if id == s.id {
		return userstore.User{}, errFailingUser
	}
	return s.Store.Patch(ctx, id, patch)
}
