package userstore

// The limits of [Attributes.Check], in code points.
const (
	MaxText       = 1024 // of every value but the following two
	MaxPictureURL = 2048
	MaxEmail      = 254 // RFC 5321, section 4.5.3.1.3, less the angle brackets
)

// members are the places in Attributes that hold a scalar, in the order of the
// page: those of [Scalars]. list has the same order.
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
