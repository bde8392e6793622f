package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// An openStore is a store that is open, with the users to suggest to people.
type openStore struct {
	userstore.Store
	toTry []uuid.UUID                 // users that a person can try to patch
	check func(context.Context) error // whether it works now; the error is safe to show
	close func() error
	fake  *handlertest.Fake // of -control, or nil
}

// open opens the store of cfg, in which patches of cfg.failing fail.
func open(ctx context.Context, cfg config, logger *slog.Logger) (openStore, error) {
	openDB := openSQLStore
	if cfg.db.memory {
		openDB = openMemory
	}
	if cfg.control.addr != "" {
		openDB = openFake
	}
	s, err := openDB(ctx, cfg, logger)
	if err == nil && cfg.failing != uuid.Nil {
		s.Store = failingStore{s.Store, cfg.failing}
	}
	return s, err
}

func openMemory(ctx context.Context, cfg config, _ *slog.Logger) (openStore, error) {
	store := new(memstore.Store)
	var toTry []uuid.UUID
	for _, user := range seed(cfg.failing) {
		if _, err := store.Create(ctx, user); err != nil {
			return openStore{}, fmt.Errorf("cannot create the user %s: %w", user.ID, err)
		}
		toTry = append(toTry, user.ID)
	}
	works := func(context.Context) error { return nil }
	return openStore{Store: store, toTry: toTry, check: works, close: func() error { return nil }}, nil
}

func openSQLStore(ctx context.Context, cfg config, logger *slog.Logger) (openStore, error) {
	s, err := openSQL(ctx, cfg.db, logger)
	if err != nil {
		return openStore{}, err
	}
	if err := s.checkWritable(ctx); err != nil {
		return openStore{}, errors.Join(err, s.close())
	}
	if s.first {
		err = seedEmpty(ctx, s)
	}
	var toTry []uuid.UUID
	if err == nil {
		toTry, err = findToTry(ctx, s.store, cfg.failing)
	}
	if err != nil {
		return openStore{}, errors.Join(storeFailed(err), s.close())
	}
	if cfg.db.file == "" {
		return openStore{Store: s.store, toTry: toTry, check: s.check, close: s.close}, nil
	}
	watched, kept, err := s.watch(ctx, cfg.db.file)
	if err != nil {
		return openStore{}, errors.Join(databaseFailed("the files of the database cannot be examined", err), s.close())
	}
	check := func(ctx context.Context) error {
		if err := watched.check(); err != nil {
			return err
		}
		return s.check(ctx)
	}
	stopWarming := warm(ctx, cfg.db.file)
	closeAll := func() error {
		stopWarming()
		return errors.Join(kept.Close(), s.close())
	}
	return openStore{Store: watched, toTry: toTry, check: check, close: closeAll}, nil
}

// A sqlDatabase is an open SQL database and the store in it.
type sqlDatabase struct {
	db    *sql.DB
	store *sqlstore.Store
	touch func(context.Context, *sql.Tx) error // writes something but changes nothing; or nil
	first bool                                 // the table did not exist before
}

// openSQL opens the database, and creates the file and the table if they are missing.
func openSQL(ctx context.Context, from database, logger *slog.Logger) (sqlDatabase, error) {
	if from.file != "" {
		if err := createFile(from.file, logger); err != nil {
			return sqlDatabase{}, err
		}
	}
	return connect(ctx, from, func(s *sqlDatabase) error {
		s.first = s.store.Check(ctx) != nil
		return s.store.Migrate(ctx)
	})
}

// openExisting opens the database. It creates nothing.
func openExisting(ctx context.Context, from database, logger *slog.Logger) (sqlDatabase, error) {
	if from.file != "" {
		if err := checkFile(from.file, logger); err != nil {
			return sqlDatabase{}, err
		}
	}
	return connect(ctx, from, func(s *sqlDatabase) error { return s.store.Check(ctx) })
}

// reachTimeout is how long to wait for the first connection. A data source name may
// have several hosts.
const reachTimeout = 30 * time.Second

// connect opens the database and calls prepare.
func connect(ctx context.Context, from database, prepare func(*sqlDatabase) error) (sqlDatabase, error) {
	db, err := from.open()
	if err != nil {
		return sqlDatabase{}, databaseFailed("the database cannot be opened", err)
	}
	s := sqlDatabase{db: db, touch: from.touch}
	if from.file == "" {
		if err := s.reach(ctx, reachTimeout); err != nil {
			return sqlDatabase{}, errors.Join(err, s.close())
		}
	}
	s.store, err = sqlstore.New(db, from.dialect, nil)
	if err == nil {
		err = prepare(&s)
	}
	if err != nil {
		return sqlDatabase{}, errors.Join(storeFailed(err), s.close())
	}
	return s, nil
}

// reach waits for a connection to the server, at most for patience: a driver's own
// timeout may not include the whole handshake.
func (s sqlDatabase) reach(ctx context.Context, patience time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := s.db.PingContext(ctx); err != nil {
		return databaseFailed("the database cannot be reached", err)
	}
	return nil
}

// check checks that the database works now.
func (s sqlDatabase) check(ctx context.Context) error {
	if err := s.store.Check(ctx); err != nil {
		return storeFailed(err)
	}
	return nil
}

func (s sqlDatabase) close() error {
	if err := s.db.Close(); err != nil {
		return databaseFailed("the database cannot be closed", err)
	}
	return nil
}

// A failingStore fails to patch one user.
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
