package userstore

// Scalars are the values of [Attributes] that are not objects, in the order of the
// page, with the members of the address instead of the address. A Store with a
// column for each value can loop over them. An index always means the same member:
// [ScalarPointer] returns which.
type Scalars [16]Optional[TextOrInt]

// Scalars returns the scalars of a record or of a patch. If the address is null,
// so are all its members: either clears them.
func (a Attributes) Scalars() (s Scalars) {
	address := &a.Address.value
	s[placeFirstName] = scalar(a.FirstName)
	s[placeLastName] = scalar(a.LastName)
	s[placeEmail] = scalar(a.Email)
	s[placePhoneNumber] = scalar(a.PhoneNumber)
	s[placePictureURL] = scalar(a.PictureURL)
	s[placeGender] = scalar(a.Gender)
	s[placeBirthDate] = scalar(a.BirthDate)
	s[placeCountry] = scalar(address.Country)
	s[placeLocality] = scalar(address.Locality)
	s[placeStreet] = scalar(address.Street)
	s[placeHouseNo] = address.HouseNo
	s[placeAdditionalAddressLink] = scalar(address.AdditionalAddressLink)
	s[placeRegion] = scalar(address.Region)
	s[placePostalCode] = address.PostalCode
	s[placeLocale] = scalar(a.Locale)
	s[placeZoneInfo] = scalar(a.ZoneInfo)
	if a.Address.IsNull() {
		for place := addressStart; place < addressEnd; place++ {
			s[place] = Null[TextOrInt]()
		}
	}
	return s
}

// Attributes returns the record that has these scalars. It is canonical if no
// scalar is null. An integer becomes a text unless it is the houseNo or the
// postalCode.
func (s *Scalars) Attributes() Attributes {
	a := Attributes{
		FirstName:   text(s[placeFirstName]),
		LastName:    text(s[placeLastName]),
		Email:       text(s[placeEmail]),
		PhoneNumber: text(s[placePhoneNumber]),
		PictureURL:  text(s[placePictureURL]),
		Gender:      text(s[placeGender]),
		BirthDate:   text(s[placeBirthDate]),
		Locale:      text(s[placeLocale]),
		ZoneInfo:    text(s[placeZoneInfo]),
	}
	if s.hasAddress() {
		a.Address = Value(Address{
			Country:               text(s[placeCountry]),
			Locality:              text(s[placeLocality]),
			Street:                text(s[placeStreet]),
			HouseNo:               s[placeHouseNo],
			AdditionalAddressLink: text(s[placeAdditionalAddressLink]),
			Region:                text(s[placeRegion]),
			PostalCode:            s[placePostalCode],
		})
	}
	return a
}

func (s *Scalars) hasAddress() bool {
	any := stateOmitted
	for place := addressStart; place < addressEnd; place++ {
		any |= s[place].state
	}
	return any != stateOmitted
}

func scalar(o Optional[string]) Optional[TextOrInt] {
	return Optional[TextOrInt]{value: Text(o.value), state: o.state}
}

func text(o Optional[TextOrInt]) Optional[string] {
	return Optional[string]{value: o.value.text, state: o.state}
}
