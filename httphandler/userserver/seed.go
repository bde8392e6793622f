package main

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// The ids of the example users.
const (
	exampleID = "c0daf39b-4df5-4241-9e7d-b1b85f829090"
	secondID  = "5f0c3a52-8f1e-4b6d-9a57-2d1c6e7b8f90"
)

// exampleUsers are the users of a new database.
func exampleUsers() []userstore.User {
	return []userstore.User{userstore.ExampleUser(), secondUser()}
}

// seed returns the users of a new store in memory. The failing user is one of them.
func seed(failing uuid.UUID) []userstore.User {
	users := exampleUsers()
	if failing != uuid.Nil && !isExample(failing) {
		users = append(users, userstore.User{ID: failing})
	}
	return users
}

func isExample(id uuid.UUID) bool {
	return slices.ContainsFunc(exampleUsers(), func(u userstore.User) bool { return u.ID == id })
}

// seedEmpty creates the example users if there are no users. Another process may be
// doing the same.
func seedEmpty(ctx context.Context, s sqlDatabase) error {
	for _, err := range s.store.All(ctx) {
		return err // nil if there is a user
	}
	for _, user := range exampleUsers() {
		if _, err := s.store.Create(ctx, user); err != nil && !errors.Is(err, userstore.ErrExists) {
			return err
		}
	}
	return nil
}

// findToTry returns the example users that exist, or some other user if none of them
// exists and works, and the failing user.
func findToTry(ctx context.Context, store *sqlstore.Store, failing uuid.UUID) ([]uuid.UUID, error) {
	var found []uuid.UUID
	for _, example := range exampleUsers() {
		_, err := store.Get(ctx, example.ID)
		switch {
		case err == nil:
			found = append(found, example.ID)
		case !errors.Is(err, userstore.ErrNotFound):
			return nil, err
		}
	}
	if firstWorking(found, failing) == uuid.Nil {
		for user, err := range store.All(ctx) {
			if err != nil {
				return nil, err
			}
			if user.ID != failing {
				found = append(found, user.ID)
				break
			}
		}
	}
	if failing != uuid.Nil && !slices.Contains(found, failing) {
		found = append(found, failing)
	}
	return found, nil
}

// firstWorking returns the first user that does not fail, or the nil UUID.
func firstWorking(ids []uuid.UUID, failing uuid.UUID) uuid.UUID {
	for _, id := range ids {
		if id != failing {
			return id
		}
	}
	return uuid.Nil
}

// secondUser lacks some attributes, and its houseNo and postalCode are texts.
func secondUser() userstore.User {
	text := userstore.Value[string]
	return userstore.User{
		ID:        uuid.MustParse(secondID),
		CreatedAt: time.Date(2023, 2, 28, 7, 30, 0, 125000000, time.UTC),
		Attributes: userstore.Attributes{
			FirstName: text("Maria"),
			Email:     text("maria@example.org"),
			BirthDate: text("1988-12-01"),
			Address: userstore.Value(userstore.Address{
				Country:    text("DE"),
				Locality:   text("Dresden"),
				HouseNo:    userstore.Value(userstore.Text("7a")),
				PostalCode: userstore.Value(userstore.Text("01067")),
			}),
			Locale: text("de"),
		},
	}
}
