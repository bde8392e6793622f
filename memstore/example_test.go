package memstore_test

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

func Example() {
	ctx := context.Background()
	id := uuid.MustParse("c0daf39b-4df5-4241-9e7d-b1b85f829090")
	store := memstore.New(userstore.User{ID: id, Attributes: userstore.Attributes{
		FirstName: userstore.Value("John"),
		LastName:  userstore.Value("Smith"),
	}})

	user, err := store.Patch(ctx, id, userstore.Attributes{
		FirstName: userstore.Value("Joan"),
		Gender:    userstore.Value("female"),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	first, _ := user.Attributes.FirstName.Get()
	last, _ := user.Attributes.LastName.Get()
	fmt.Println(first, last)
	fmt.Println(user.Attributes) // never shows a value
	// Output:
	// Joan Smith
	// Attributes[firstName lastName gender]
}
