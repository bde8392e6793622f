package userstore

// Scalars are the values of [Attributes] that are no objects, in the order of the
// page, with the members of the address in its place: for stores that keep one
// thing for each. The same place is always the same member.
type Scalars [len(members)]Optional[TextOrInt]

// Scalars returns the scalars of a record, or of a patch: an address that is null
// makes all its members null, as it clears them.
func (a Attributes) Scalars() (s Scalars) {
	address := &a.Address.value
	s[0] = scalar(a.FirstName)
	s[1] = scalar(a.LastName)
	s[2] = scalar(a.Email)
	s[3] = scalar(a.PhoneNumber)
	s[4] = scalar(a.PictureURL)
	s[5] = scalar(a.Gender)
	s[6] = scalar(a.BirthDate)
	s[7] = scalar(address.Country)
	s[8] = scalar(address.Locality)
	s[9] = scalar(address.Street)
	s[10] = address.HouseNo
	s[11] = scalar(address.AdditionalAddressLink)
	s[12] = scalar(address.Region)
	s[13] = address.PostalCode
	s[14] = scalar(a.Locale)
	s[15] = scalar(a.ZoneInfo)
	if a.Address.IsNull() {
		for i := range s {
			if members[i].inAddress {
				s[i] = Null[TextOrInt]()
			}
		}
	}
	return s
}

// Attributes returns the record whose scalars s are. It is canonical if no
// element is null. An integer where only a text can be becomes one.
func (s *Scalars) Attributes() Attributes {
	a := Attributes{
		FirstName:   text(s[0]),
		LastName:    text(s[1]),
		Email:       text(s[2]),
		PhoneNumber: text(s[3]),
		PictureURL:  text(s[4]),
		Gender:      text(s[5]),
		BirthDate:   text(s[6]),
		Locale:      text(s[14]),
		ZoneInfo:    text(s[15]),
	}
	address := Address{
		Country:               text(s[7]),
		Locality:              text(s[8]),
		Street:                text(s[9]),
		HouseNo:               s[10],
		AdditionalAddressLink: text(s[11]),
		Region:                text(s[12]),
		PostalCode:            s[13],
	}
	if address != (Address{}) {
		a.Address = Value(address)
	}
	return a
}

func scalar(o Optional[string]) Optional[TextOrInt] {
	return Optional[TextOrInt]{value: Text(o.value), state: o.state}
}

func text(o Optional[TextOrInt]) Optional[string] {
	return Optional[string]{value: o.value.text, state: o.state}
}

// ScalarPointer returns the JSON Pointer of a place of [Scalars], as a [Problem]
// has it.
func ScalarPointer(place int) string { return members[place].pointer }
