package main

import (
	"encoding/binary"
	"math/rand/v2"
	"strings"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// newUsers calls keep with n users. They have the values of the example user, in
// strings of their own, and random ids that are the same in every run.
func newUsers(n int, keep func(userstore.User) error) error {
	example := userstore.ExampleUser()
	random := rand.New(rand.NewPCG(1, 2))
	for range n {
		if err := keep(userstore.User{ID: randomID(random), CreatedAt: example.CreatedAt, Attributes: ownStrings(example.Attributes)}); err != nil {
			return err
		}
	}
	return nil
}

// randomID returns a UUID of version 4.
func randomID(random *rand.Rand) (id uuid.UUID) {
	binary.NativeEndian.PutUint64(id[:8], random.Uint64())
	binary.NativeEndian.PutUint64(id[8:], random.Uint64())
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return id
}

func ownStrings(a userstore.Attributes) userstore.Attributes {
	for _, o := range []*userstore.Optional[string]{
		&a.FirstName, &a.LastName, &a.Email, &a.PhoneNumber, &a.PictureURL, &a.Gender, &a.BirthDate, &a.Locale, &a.ZoneInfo,
	} {
		*o = ownString(*o)
	}
	address, _ := a.Address.Get()
	for _, o := range []*userstore.Optional[string]{
		&address.Country, &address.Locality, &address.Street, &address.AdditionalAddressLink, &address.Region,
	} {
		*o = ownString(*o)
	}
	address.HouseNo = ownNumber(address.HouseNo)
	address.PostalCode = ownNumber(address.PostalCode)
	a.Address = userstore.Value(address)
	return a
}

func ownString(o userstore.Optional[string]) userstore.Optional[string] {
	s, _ := o.Get()
	return userstore.Value(strings.Clone(s))
}

// ownNumber turns an integer into a text, which takes as much memory.
func ownNumber(o userstore.Optional[userstore.TextOrInt]) userstore.Optional[userstore.TextOrInt] {
	v, _ := o.Get()
	return userstore.Value(userstore.Text(strings.Clone(v.Text())))
}
