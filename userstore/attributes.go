package userstore

// Attributes are the attributes of a user, as a record or as a patch of one.
// The names, and their order, are those of the documented page.
//
// A record is canonical: it holds no null and no address without members, so
// that two equal records compare with ==. [Attributes.Merge] makes it so.
//
// The formats named here are the rules of [DefaultRules]; a host can replace
// them. The limits in code points are fixed: see [Attributes.Check].
//
// The JSON form is for storage and tests. encoding/json reads it leniently (it
// folds case, and lets unknown and duplicate names pass), so it is not for
// reading requests.
type Attributes struct {
	FirstName   Optional[string]  `json:"firstName,omitzero"`
	LastName    Optional[string]  `json:"lastName,omitzero"`
	Email       Optional[string]  `json:"email,omitzero"`       // one address, at most 254 code points
	PhoneNumber Optional[string]  `json:"phoneNumber,omitzero"` // such as +1 (425) 555-1212;ext=5678
	PictureURL  Optional[string]  `json:"pictureUrl,omitzero"`  // an absolute http or https URL, at most 2,048 code points
	Gender      Optional[string]  `json:"gender,omitzero"`      // male, female or other
	BirthDate   Optional[string]  `json:"birthDate,omitzero"`   // YYYY-MM-DD, an RFC 3339 date-time, YYYY, or 0000-MM-DD
	Address     Optional[Address] `json:"address,omitzero"`
	Locale      Optional[string]  `json:"locale,omitzero"`   // a BCP 47 language tag
	ZoneInfo    Optional[string]  `json:"zoneInfo,omitzero"` // a name of the tz database
}

// Address is the address of a user. In a patch its members are merged one by
// one; see [Attributes.Merge].
type Address struct {
	Country               Optional[string]    `json:"country,omitzero"` // two upper-case letters (ISO 3166-1 alpha-2)
	Locality              Optional[string]    `json:"locality,omitzero"`
	Street                Optional[string]    `json:"street,omitzero"`
	HouseNo               Optional[TextOrInt] `json:"houseNo,omitzero"`
	AdditionalAddressLink Optional[string]    `json:"additionalAddressLink,omitzero"`
	Region                Optional[string]    `json:"region,omitzero"`
	PostalCode            Optional[TextOrInt] `json:"postalCode,omitzero"`
}

// Names returns the names of the attributes that are not omitted, in the order
// of the page: for a patch, those that it provides.
func (a Attributes) Names() []string {
	return provided([]named{
		{"firstName", a.FirstName.IsZero()},
		{"lastName", a.LastName.IsZero()},
		{"email", a.Email.IsZero()},
		{"phoneNumber", a.PhoneNumber.IsZero()},
		{"pictureUrl", a.PictureURL.IsZero()},
		{"gender", a.Gender.IsZero()},
		{"birthDate", a.BirthDate.IsZero()},
		{"address", a.Address.IsZero()},
		{"locale", a.Locale.IsZero()},
		{"zoneInfo", a.ZoneInfo.IsZero()},
	})
}

func (a Address) names() []string {
	return provided([]named{
		{"country", a.Country.IsZero()},
		{"locality", a.Locality.IsZero()},
		{"street", a.Street.IsZero()},
		{"houseNo", a.HouseNo.IsZero()},
		{"additionalAddressLink", a.AdditionalAddressLink.IsZero()},
		{"region", a.Region.IsZero()},
		{"postalCode", a.PostalCode.IsZero()},
	})
}

type named struct {
	name    string
	omitted bool
}

func provided(members []named) []string {
	names := make([]string, 0, len(members))
	for _, m := range members {
		if !m.omitted {
			names = append(names, m.name)
		}
	}
	return names
}
