package userstore

// Scalars are the values of [Attributes] that are no objects, in the order of the
// page, with the members of the address in its place: for stores that keep one
// thing for each. The same place is always the same member.
type Scalars [len(members)]Optional[TextOrInt]

// Scalars returns the scalars of a record, or of a patch: an address that is null
// makes all its members null, as it clears them.
func (a Attributes) Scalars() Scalars {
	s := Scalars(a.scalars())
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

func text(o Optional[TextOrInt]) Optional[string] {
	return Optional[string]{value: o.value.text, state: o.state}
}

// ScalarPointer returns the JSON Pointer of a place of [Scalars], as a [Problem]
// has it.
func ScalarPointer(place int) string { return members[place].pointer }
