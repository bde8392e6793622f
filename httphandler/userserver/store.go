package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// dbMemory is the database that keeps the users in memory.
const dbMemory = "memory"

// openStore opens the database of cfg, sees to it that it has the users, and
// makes the patches of cfg.failing fail.
func openStore(ctx context.Context, cfg config, users []userstore.User) (userstore.Store, func() error, error) {
	store, closeStore, err := openDatabase(ctx, cfg.db, users)
	if err == nil && cfg.failing != uuid.Nil {
		store = failingStore{store, cfg.failing}
	}
	return store, closeStore, err
}

func openDatabase(ctx context.Context, db string, users []userstore.User) (userstore.Store, func() error, error) {
	switch db {
	case dbMemory:
		return openMemory(ctx, users)
	}
	// Not shown: a data source name may hold a password.
	return nil, nil, usagef("-db: this database is not supported: use -db %s", dbMemory)
}

func openMemory(ctx context.Context, users []userstore.User) (userstore.Store, func() error, error) {
	store := new(memstore.Store)
	for _, user := range users {
		if _, err := store.Create(ctx, user); err != nil {
			return nil, nil, fmt.Errorf("cannot create the user %s: %w", user.ID, err)
		}
	}
	return store, func() error { return nil }, nil
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
