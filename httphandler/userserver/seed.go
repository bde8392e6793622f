package main

import (
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// The ids of the users that every server has.
const (
	exampleID = "c0daf39b-4df5-4241-9e7d-b1b85f829090"
	secondID  = "5f0c3a52-8f1e-4b6d-9a57-2d1c6e7b8f90"
)

// seed returns the users to begin with. The failing user is one of them, so
// that its patches get as far as the store.
func seed(failing uuid.UUID) []userstore.User {
	users := []userstore.User{userstore.ExampleUser(), secondUser()}
	isFailing := func(u userstore.User) bool { return u.ID == failing }
	if failing != uuid.Nil && !slices.ContainsFunc(users, isFailing) {
		users = append(users, userstore.User{ID: failing})
	}
	return users
}

// secondUser lacks some attributes, and has its numbers as texts.
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
