package sqlstore

import (
	"time"

	"github.com/userrecord/userrecord/userstore"
)

// The probe is a user that no Store can create, since its id is nil: what it is created
// with, and what it is patched to. Every value of the two differs, and most are such
// as a host's constraints let pass.
var (
	probe        = userstore.User{CreatedAt: probedAt, Attributes: probeAttributes(probeText, 0)}
	patchedProbe = userstore.User{CreatedAt: probedAt, Attributes: probeAttributes("Lovelace", 1)}
	bareProbe    = userstore.User{CreatedAt: probedAt}

	probedAt   = time.Unix(0, 123456000).UTC()
	reprobedAt = time.Unix(0, 1234567000).UTC()
)

func probeAttributes(lastName string, n int) userstore.Attributes {
	pick := func(both ...string) userstore.Optional[string] { return userstore.Value(both[n]) }
	number := []userstore.TextOrInt{userstore.Int(18), userstore.Text("018")}
	code := []userstore.TextOrInt{userstore.Text("01067"), userstore.Int(76131)}
	return userstore.Attributes{
		FirstName:   pick("", "Ada"),
		LastName:    userstore.Value(lastName),
		Email:       pick("probe@userrecord.invalid", "probe2@userrecord.invalid"),
		PhoneNumber: pick("+49 30 0000001", "+49 30 0000002"),
		PictureURL:  pick("https://userrecord.invalid/probe.png", "https://userrecord.invalid/probe2.png"),
		Gender:      pick("female", "male"),
		BirthDate:   pick("1997-07-21", "1815-12-10T00:00:00Z"),
		Address: userstore.Value(userstore.Address{
			Country:               pick("DE", "GB"),
			Locality:              pick("Dresden", "London"),
			Street:                pick("Prager Straße", "St James's Square"),
			HouseNo:               userstore.Value(number[n]),
			AdditionalAddressLink: pick("c/o", "2"),
			Region:                pick("SN", "ENG"),
			PostalCode:            userstore.Value(code[n]),
		}),
		Locale:   pick("de-DE", "en-GB"),
		ZoneInfo: pick("Europe/Berlin", "Europe/London"),
	}
}

// fit returns the record as far as the table has a place for it.
func (l *layout) fit(user userstore.User) userstore.User {
	scalars := user.Attributes.Scalars()
	for i := range l.columns {
		c := &l.columns[i]
		v, ok := scalars[i].Get()
		switch {
		case c.name == "":
			scalars[i] = userstore.Optional[userstore.TextOrInt]{}
		case ok && c.isDate:
			scalars[i] = userstore.Value(userstore.Text(v.Text()[:len(time.DateOnly)]))
		case ok && c.isNumber == "":
			scalars[i] = userstore.Value(userstore.Text(v.Text()))
		}
	}
	user.Attributes = scalars.Attributes()
	return user
}

// cleared returns the patch that clears what the record has.
func cleared(of userstore.Scalars) userstore.Scalars {
	for i := range of {
		if !of[i].IsZero() {
			of[i] = userstore.Null[userstore.TextOrInt]()
		}
	}
	return of
}

// only returns the scalars at the places.
func only(of userstore.Scalars, places []int) (some userstore.Scalars) {
	for _, i := range places {
		some[i] = of[i]
	}
	return some
}

// differing returns the scalars that are others than those of the record.
func differing(of, record userstore.Scalars) userstore.Scalars {
	for i := range of {
		if of[i] == record[i] {
			of[i] = userstore.Optional[userstore.TextOrInt]{}
		}
	}
	return of
}

// placesOf returns where there is a scalar.
func placesOf(s userstore.Scalars) (places []int) {
	for i := range s {
		if !s[i].IsZero() {
			places = append(places, i)
		}
	}
	return places
}
