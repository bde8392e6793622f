package userstore

// A Rule is the format that the values of one attribute must have.
type Rule struct {
	// Want completes the sentence "must be ...". The client sees it. It is a
	// fixed text, so it cannot repeat a value.
	Want string
	// Valid reports whether a value has the format. It is called only with
	// values that passed [Attributes.Check]; an integer comes as its digits. nil
	// accepts every value.
	Valid func(value string) bool
}

// Rules are the formats of all attributes. The zero value accepts every value
// that passes [Attributes.Check].
type Rules struct {
	FirstName, LastName, Email, PhoneNumber, PictureURL, Gender, BirthDate, Locale, ZoneInfo Rule

	// The members of the address.
	Country, Locality, Street, HouseNo, AdditionalAddressLink, Region, PostalCode Rule
}

// DefaultRules returns a new copy of the default formats, for a host to change:
//
//   - email: one addr-spec (RFC 5322, section 3.4.1, without comments; UTF-8 as in RFC 6532), or what a browser's e-mail field takes (HTML standard: dots anywhere before the @);
//   - phoneNumber: digits with + ( ) - . / and spaces, a + before the first digit; optionally an extension as RFC 3966 (;ext=5) or libphonenumber (such as " ext. 5", " x5") writes it;
//   - pictureUrl: an absolute URL (RFC 3986) with the scheme http or https, a host and no user information; non-ASCII letters are allowed;
//   - gender: male, female or other;
//   - birthDate: YYYY-MM-DD, an RFC 3339 date-time, YYYY, or 0000-MM-DD if the year is unknown; always a real calendar date, and not 0000 alone;
//   - locale: a well-formed language tag (BCP 47); _ is read as -;
//   - zoneInfo: a name of the tz database, links included (see [ZoneNames]);
//   - country: two upper-case letters, whether or not ISO 3166-1 assigns them.
//
// All other attributes accept any text. None of these formats allows the empty
// text. docs/formats.md has examples of each.
func DefaultRules() *Rules {
	return &Rules{
		Email:       Rule{"one e-mail address (RFC 5322 addr-spec, or as a browser's e-mail field takes it)", isEmail},
		PhoneNumber: Rule{"a phone number: digits with + ( ) - . / and spaces, optionally an extension such as ;ext=5 or ext. 5", isPhoneNumber},
		PictureURL:  Rule{"an absolute http or https URL", isWebURL},
		Gender:      Rule{"male, female or other", isGender},
		BirthDate:   Rule{"a date: YYYY-MM-DD, an RFC 3339 date-time, YYYY, or 0000-MM-DD", isBirthDate},
		Locale:      Rule{"a language tag (BCP 47)", isLocale},
		ZoneInfo:    Rule{"a time zone name of the tz database", isZoneName},
		Country:     Rule{"a country code of two upper-case letters (ISO 3166-1 alpha-2)", isCountry},
	}
}

// Validate reports every value of the patch that [Attributes.Check] refuses or
// that does not have its format. The error is an [*InvalidError] or nil.
//
// It is meant for patches, not for records: if only the new values are checked, a
// stricter rule never blocks a patch of an old record.
func (r *Rules) Validate(patch Attributes) error { return r.validate(&patch, false) }

// ValidateFormats is [Rules.Validate] for a patch that [Attributes.Check] accepts: it
// saves the time to check that again.
func (r *Rules) ValidateFormats(patch Attributes) error { return r.validate(&patch, true) }

func (r *Rules) validate(patch *Attributes, checked bool) error {
	v, address := validation{checked: checked}, &patch.Address.value
	v.text(placeFirstName, &r.FirstName, &patch.FirstName)
	v.text(placeLastName, &r.LastName, &patch.LastName)
	v.text(placeEmail, &r.Email, &patch.Email)
	v.text(placePhoneNumber, &r.PhoneNumber, &patch.PhoneNumber)
	v.text(placePictureURL, &r.PictureURL, &patch.PictureURL)
	v.text(placeGender, &r.Gender, &patch.Gender)
	v.text(placeBirthDate, &r.BirthDate, &patch.BirthDate)
	v.text(placeCountry, &r.Country, &address.Country)
	v.text(placeLocality, &r.Locality, &address.Locality)
	v.text(placeStreet, &r.Street, &address.Street)
	v.textOrInt(placeHouseNo, &r.HouseNo, &address.HouseNo)
	v.text(placeAdditionalAddressLink, &r.AdditionalAddressLink, &address.AdditionalAddressLink)
	v.text(placeRegion, &r.Region, &address.Region)
	v.textOrInt(placePostalCode, &r.PostalCode, &address.PostalCode)
	v.text(placeLocale, &r.Locale, &patch.Locale)
	v.text(placeZoneInfo, &r.ZoneInfo, &patch.ZoneInfo)
	return asError(v.problems)
}

// A validation collects the problems of a patch.
type validation struct {
	checked  bool // the values passed Check
	problems []Problem
}

func (v *validation) text(place int, rule *Rule, o *Optional[string]) {
	if o.state == stateValue {
		v.value(place, rule, Text(o.value))
	}
}

func (v *validation) textOrInt(place int, rule *Rule, o *Optional[TextOrInt]) {
	if o.state == stateValue {
		v.value(place, rule, o.value)
	}
}

func (v *validation) value(place int, rule *Rule, value TextOrInt) {
	reason := ""
	if !v.checked {
		reason = value.check(members[place].max)
	}
	if reason == "" && rule.Valid != nil && !rule.Valid(value.text) {
		reason = "must be " + rule.Want
	}
	if reason != "" {
		v.problems = append(v.problems, Problem{members[place].pointer, reason})
	}
}
