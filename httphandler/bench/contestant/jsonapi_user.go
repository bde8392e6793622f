package contestant

import "github.com/hashicorp/jsonapi"

type jsonapiText = jsonapi.NullableAttr[string]

// A jsonapiUser is a record or a patch. Times are strings, because the library's own
// times lose the form that was given. The library reads null as omitted, so a patch
// cannot clear anything.
type jsonapiUser struct {
	ID          string          `jsonapi:"primary,User"`
	FirstName   jsonapiText     `jsonapi:"attr,firstName"`
	LastName    jsonapiText     `jsonapi:"attr,lastName"`
	Email       jsonapiText     `jsonapi:"attr,email"`
	PhoneNumber jsonapiText     `jsonapi:"attr,phoneNumber"`
	PictureURL  jsonapiText     `jsonapi:"attr,pictureUrl"`
	Gender      jsonapiText     `jsonapi:"attr,gender"`
	CreatedAt   jsonapiText     `jsonapi:"attr,createdAt"`
	BirthDate   jsonapiText     `jsonapi:"attr,birthDate"`
	Address     *jsonapiAddress `jsonapi:"attr,address,omitempty"`
	Locale      jsonapiText     `jsonapi:"attr,locale"`
	ZoneInfo    jsonapiText     `jsonapi:"attr,zoneInfo"`
}

// A jsonapiAddress has members of type any where a number is allowed, because the
// library cannot read a number into a string.
type jsonapiAddress struct {
	Country               jsonapiText `jsonapi:"attr,country"`
	Locality              jsonapiText `jsonapi:"attr,locality"`
	Street                jsonapiText `jsonapi:"attr,street"`
	HouseNo               any         `jsonapi:"attr,houseNo,omitempty"`
	AdditionalAddressLink jsonapiText `jsonapi:"attr,additionalAddressLink"`
	Region                jsonapiText `jsonapi:"attr,region"`
	PostalCode            any         `jsonapi:"attr,postalCode,omitempty"`
}

// merge does not change any map or address that u shares with its copies.
func (u jsonapiUser) merge(patch jsonapiUser) jsonapiUser {
	setText(&u.FirstName, patch.FirstName)
	setText(&u.LastName, patch.LastName)
	setText(&u.Email, patch.Email)
	setText(&u.PhoneNumber, patch.PhoneNumber)
	setText(&u.PictureURL, patch.PictureURL)
	setText(&u.Gender, patch.Gender)
	setText(&u.BirthDate, patch.BirthDate)
	setText(&u.Locale, patch.Locale)
	setText(&u.ZoneInfo, patch.ZoneInfo)
	if patch.Address != nil {
		var address jsonapiAddress
		if u.Address != nil {
			address = *u.Address
		}
		address.merge(patch.Address)
		u.Address = &address
	}
	return u
}

func (a *jsonapiAddress) merge(patch *jsonapiAddress) {
	setText(&a.Country, patch.Country)
	setText(&a.Locality, patch.Locality)
	setText(&a.Street, patch.Street)
	setAny(&a.HouseNo, patch.HouseNo)
	setText(&a.AdditionalAddressLink, patch.AdditionalAddressLink)
	setText(&a.Region, patch.Region)
	setAny(&a.PostalCode, patch.PostalCode)
}

func setText(old *jsonapiText, patch jsonapiText) {
	if patch.IsSpecified() {
		*old = patch
	}
}

func setAny(old *any, patch any) {
	if patch != nil {
		*old = patch
	}
}
