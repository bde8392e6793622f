package userstore

// Scalars are the values of [Attributes] that are not objects, in the order of the
// page, with the members of the address instead of the address. A Store with a
// column for each value can loop over them. An index always means the same member:
// [ScalarPointer] returns which.
type Scalars [16]Optional[TextOrInt]

// Scalars returns the scalars of a record or of a patch. If the address is null,
// so are all its members: either clears them.
func (a Attributes) Scalars() (s Scalars) {
	s.Set(&a)
	return s
}

// Set sets *s to a.Scalars(), without the copies that a call by value makes.
func (s *Scalars) Set(a *Attributes) {
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
}

// Attributes returns the record that has these scalars. It is canonical if no
// scalar is null. An integer becomes a text unless it is the houseNo or the
// postalCode.
func (s *Scalars) Attributes() (a Attributes) {
	s.CopyTo(&a)
	return a
}

// CopyTo sets *a to s.Attributes(), without the copies that a call by value makes.
func (s *Scalars) CopyTo(a *Attributes) {
	a.FirstName = text(s[placeFirstName])
	a.LastName = text(s[placeLastName])
	a.Email = text(s[placeEmail])
	a.PhoneNumber = text(s[placePhoneNumber])
	a.PictureURL = text(s[placePictureURL])
	a.Gender = text(s[placeGender])
	a.BirthDate = text(s[placeBirthDate])
	a.Locale = text(s[placeLocale])
	a.ZoneInfo = text(s[placeZoneInfo])
	if !s.hasAddress() {
		a.Address = Optional[Address]{}
		return
	}
	a.Address.state = stateValue
	address := &a.Address.value
	address.Country = text(s[placeCountry])
	address.Locality = text(s[placeLocality])
	address.Street = text(s[placeStreet])
	address.HouseNo = s[placeHouseNo]
	address.AdditionalAddressLink = text(s[placeAdditionalAddressLink])
	address.Region = text(s[placeRegion])
	address.PostalCode = s[placePostalCode]
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
