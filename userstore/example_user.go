package userstore

import (
	"time"

	"github.com/google/uuid"
)

// ExampleUser returns the user record of the documented page, for tests and
// demonstrations.
func ExampleUser() User {
	text := Value[string]
	return User{
		ID:        uuid.MustParse("c0daf39b-4df5-4241-9e7d-b1b85f829090"),
		CreatedAt: time.Date(2021, 9, 1, 23, 12, 56, 0, time.UTC),
		Attributes: Attributes{
			FirstName:   text("John"),
			LastName:    text("Smith"),
			Email:       text("user@example.com"),
			PhoneNumber: text("+1 (425) 555-1212"),
			PictureURL:  text("https://api.pace.cloud/user/img/uztqwenbqw87t123jhg87t6876"),
			Gender:      text("male"),
			BirthDate:   text("1997-07-21T00:00:00.000Z"),
			Address: Value(Address{
				Country:               text("DE"),
				Locality:              text("Karlsruhe"),
				Street:                text("Haid-und-Neu-Straße"),
				HouseNo:               Value(Int(18)),
				AdditionalAddressLink: text("z.H. John Smith"),
				Region:                text("BW"),
				PostalCode:            Value(Int(76131)),
			}),
			Locale:   text("de-DE"),
			ZoneInfo: text("Europe/Berlin"),
		},
	}
}
