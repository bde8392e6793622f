package main

import (
	"time"

	"github.com/userrecord/userrecord/userstore"
)

// A plainUser is a record of plain strings, to compare the memory of a Store with.
type plainUser struct {
	FirstName, LastName, Email, PhoneNumber, PictureURL, Gender, BirthDate        string
	Country, Locality, Street, HouseNo, AdditionalAddressLink, Region, PostalCode string
	Locale, ZoneInfo                                                              string
	CreatedAt                                                                     time.Time
}

func plain(u userstore.User) plainUser {
	text := func(o userstore.Optional[string]) string { s, _ := o.Get(); return s }
	number := func(o userstore.Optional[userstore.TextOrInt]) string { v, _ := o.Get(); return v.Text() }
	a := u.Attributes
	address, _ := a.Address.Get()
	return plainUser{
		FirstName: text(a.FirstName), LastName: text(a.LastName), Email: text(a.Email), PhoneNumber: text(a.PhoneNumber),
		PictureURL: text(a.PictureURL), Gender: text(a.Gender), BirthDate: text(a.BirthDate),
		Country: text(address.Country), Locality: text(address.Locality), Street: text(address.Street),
		HouseNo: number(address.HouseNo), AdditionalAddressLink: text(address.AdditionalAddressLink),
		Region: text(address.Region), PostalCode: number(address.PostalCode),
		Locale: text(a.Locale), ZoneInfo: text(a.ZoneInfo), CreatedAt: u.CreatedAt,
	}
}

// textBytes returns the total length of the texts.
func (u *plainUser) textBytes() (n int) {
	for _, s := range []string{
		u.FirstName, u.LastName, u.Email, u.PhoneNumber, u.PictureURL, u.Gender, u.BirthDate,
		u.Country, u.Locality, u.Street, u.HouseNo, u.AdditionalAddressLink, u.Region, u.PostalCode, u.Locale, u.ZoneInfo,
	} {
		n += len(s)
	}
	return n
}
