package userstore

// The limits of [Attributes.Check], in code points.
const (
	MaxText       = 1024 // of every value but the following two
	MaxPictureURL = 2048
	MaxEmail      = 254 // RFC 5321, section 4.5.3.1.3, less the angle brackets
)

// members are the places in Attributes that hold a scalar, in the order of the
// page. scalars and list have the same order.
var members = [...]struct {
	pointer   string
	max       int
	inAddress bool
}{
	{"/firstName", MaxText, false},
	{"/lastName", MaxText, false},
	{"/email", MaxEmail, false},
	{"/phoneNumber", MaxText, false},
	{"/pictureUrl", MaxPictureURL, false},
	{"/gender", MaxText, false},
	{"/birthDate", MaxText, false},
	{"/address/country", MaxText, true},
	{"/address/locality", MaxText, true},
	{"/address/street", MaxText, true},
	{"/address/houseNo", MaxText, true},
	{"/address/additionalAddressLink", MaxText, true},
	{"/address/region", MaxText, true},
	{"/address/postalCode", MaxText, true},
	{"/locale", MaxText, false},
	{"/zoneInfo", MaxText, false},
}

func (a *Attributes) scalars() [len(members)]Optional[TextOrInt] {
	address := &a.Address.value
	return [...]Optional[TextOrInt]{
		scalar(a.FirstName),
		scalar(a.LastName),
		scalar(a.Email),
		scalar(a.PhoneNumber),
		scalar(a.PictureURL),
		scalar(a.Gender),
		scalar(a.BirthDate),
		scalar(address.Country),
		scalar(address.Locality),
		scalar(address.Street),
		address.HouseNo,
		scalar(address.AdditionalAddressLink),
		scalar(address.Region),
		address.PostalCode,
		scalar(a.Locale),
		scalar(a.ZoneInfo),
	}
}

func scalar(o Optional[string]) Optional[TextOrInt] {
	return Optional[TextOrInt]{value: Text(o.value), state: o.state}
}

func (r *Rules) list() [len(members)]*Rule {
	return [...]*Rule{
		&r.FirstName,
		&r.LastName,
		&r.Email,
		&r.PhoneNumber,
		&r.PictureURL,
		&r.Gender,
		&r.BirthDate,
		&r.Country,
		&r.Locality,
		&r.Street,
		&r.HouseNo,
		&r.AdditionalAddressLink,
		&r.Region,
		&r.PostalCode,
		&r.Locale,
		&r.ZoneInfo,
	}
}
