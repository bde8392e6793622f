package userstore

// Attributes are the attributes of a user: a record, or a patch of one. Their
// names and order are those of the documented page.
//
// A record is canonical if it has no null and no address without members. Equal
// canonical records compare with ==. [Attributes.Merge] returns canonical records.
//
// The formats below are those of [DefaultRules]; a host can replace them. The
// limits in code points are fixed: see [Attributes.Check].
//
// The JSON form is for storage and tests, not for reading requests: encoding/json
// ignores case and accepts unknown and duplicate names.
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

// Address is the address of a user. A patch changes it member by member; see
// [Attributes.Merge].
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
// of the page. For a patch, those are the attributes that it provides.
func (a Attributes) Names() []string {
	s := a.Scalars()
	names := make([]string, 0, 10)
	names = s.appendNames(names, 0, addressStart)
	if !a.Address.IsZero() {
		names = append(names, "address")
	}
	return s.appendNames(names, addressEnd, len(s))
}

func (a Address) names() []string {
	s := Attributes{Address: Value(a)}.Scalars()
	return s.appendNames(nil, addressStart, addressEnd)
}

// appendNames appends the names of the members that are not omitted, of the
// places from start to before end.
func (s *Scalars) appendNames(names []string, start, end int) []string {
	for place := start; place < end; place++ {
		if !s[place].IsZero() {
			names = append(names, memberName(place))
		}
	}
	return names
}
