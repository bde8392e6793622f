package userstore

// Merge returns the record that the patch makes of a, by the rule of RFC 7396:
// an omitted attribute is left untouched, null clears it, a value replaces it.
// The address is merged by the same rule, member by member; a patch whose
// address is null clears all of it, and one whose address is {} changes
// nothing. The result is canonical, whether or not a is.
//
// Merge applies a patch to a record. It does not compose two patches: a null
// of the first would be lost.
//
// It is a pure function, and the only merge there is: every Store agrees with it.
func (a Attributes) Merge(patch Attributes) Attributes {
	return Attributes{
		FirstName:   a.FirstName.merge(patch.FirstName),
		LastName:    a.LastName.merge(patch.LastName),
		Email:       a.Email.merge(patch.Email),
		PhoneNumber: a.PhoneNumber.merge(patch.PhoneNumber),
		PictureURL:  a.PictureURL.merge(patch.PictureURL),
		Gender:      a.Gender.merge(patch.Gender),
		BirthDate:   a.BirthDate.merge(patch.BirthDate),
		Address:     mergeAddress(a.Address, patch.Address),
		Locale:      a.Locale.merge(patch.Locale),
		ZoneInfo:    a.ZoneInfo.merge(patch.ZoneInfo),
	}
}

func mergeAddress(o, patch Optional[Address]) Optional[Address] {
	if patch.IsNull() {
		return Optional[Address]{}
	}
	merged := o.value.merge(patch.value)
	if merged == (Address{}) {
		return Optional[Address]{}
	}
	return Value(merged)
}

func (a Address) merge(patch Address) Address {
	return Address{
		Country:               a.Country.merge(patch.Country),
		Locality:              a.Locality.merge(patch.Locality),
		Street:                a.Street.merge(patch.Street),
		HouseNo:               a.HouseNo.merge(patch.HouseNo),
		AdditionalAddressLink: a.AdditionalAddressLink.merge(patch.AdditionalAddressLink),
		Region:                a.Region.merge(patch.Region),
		PostalCode:            a.PostalCode.merge(patch.PostalCode),
	}
}

func (o Optional[T]) merge(patch Optional[T]) Optional[T] {
	if !patch.IsZero() {
		o = patch
	}
	if o.IsNull() {
		return Optional[T]{}
	}
	return o
}
