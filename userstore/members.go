package userstore

import "strings"

// The limits of [Attributes.Check], in code points.
const (
	MaxText       = 1024 // of every value but the following two
	MaxPictureURL = 2048
	MaxEmail      = 254 // RFC 5321, section 4.5.3.1.3, without the angle brackets
)

// The places of [Scalars], in the order of the page.
const (
	placeFirstName = iota
	placeLastName
	placeEmail
	placePhoneNumber
	placePictureURL
	placeGender
	placeBirthDate
	placeCountry
	placeLocality
	placeStreet
	placeHouseNo
	placeAdditionalAddressLink
	placeRegion
	placePostalCode
	placeLocale
	placeZoneInfo
)

// The members of the address have the places from addressStart to before
// addressEnd.
const (
	addressStart = placeCountry
	addressEnd   = placePostalCode + 1
)

// members describe the places of [Scalars].
var members = [len(Scalars{})]struct {
	pointer string
	max     int // code points
}{
	placeFirstName:             {"/firstName", MaxText},
	placeLastName:              {"/lastName", MaxText},
	placeEmail:                 {"/email", MaxEmail},
	placePhoneNumber:           {"/phoneNumber", MaxText},
	placePictureURL:            {"/pictureUrl", MaxPictureURL},
	placeGender:                {"/gender", MaxText},
	placeBirthDate:             {"/birthDate", MaxText},
	placeCountry:               {"/address/country", MaxText},
	placeLocality:              {"/address/locality", MaxText},
	placeStreet:                {"/address/street", MaxText},
	placeHouseNo:               {"/address/houseNo", MaxText},
	placeAdditionalAddressLink: {"/address/additionalAddressLink", MaxText},
	placeRegion:                {"/address/region", MaxText},
	placePostalCode:            {"/address/postalCode", MaxText},
	placeLocale:                {"/locale", MaxText},
	placeZoneInfo:              {"/zoneInfo", MaxText},
}

// ScalarPointer returns the JSON Pointer of a place of [Scalars], as in a
// [Problem].
func ScalarPointer(place int) string { return members[place].pointer }

// memberName returns the name of the member at a place, without its parent.
func memberName(place int) string {
	pointer := members[place].pointer
	return pointer[strings.LastIndexByte(pointer, '/')+1:]
}
