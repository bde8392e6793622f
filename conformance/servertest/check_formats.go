package servertest

import "fmt"

// Which values the attributes with a format take. The names of the attributes, and
// most formats, are those of the standard claims of OpenID Connect.
const claims = "OpenID Connect Core 1.0, section 5.1: "

func formatChecks() []check {
	const example = "page, response example"
	return family("formats",
		must("gender", "The genders male and female are accepted.", example, takesValues("/gender", "female", "male")),
		observe("gender-other", "The gender other is accepted or refused.", claims+"gender", tellsValues("/gender", "other")),
		observe("gender-unknown", "A gender beyond male, female and other is refused, or set exactly.", claims+"gender", tellsValues("/gender", "x")),
		must("locale", "The locales de-DE and en are accepted.", example, takesValues("/locale", "en", "de-DE")),
		should("locale-nonsense", "A locale that is no language tag is refused.", claims+"locale; BCP 47", refusesValues("/locale", "!!")).together(),
		must("zone", "The time zone Europe/Berlin is accepted.", example, takesValues("/zoneInfo", "Europe/London", "Europe/Berlin")),
		should("zone-nonsense", "A time zone that does not exist is refused.", claims+"zoneinfo; the tz database", refusesValues("/zoneInfo", "Mars/Phobos", "../../etc/passwd")).together(),
		must("phone", "The page's phone number is set exactly, or refused as managed elsewhere.", example, formatsPhone),
		should("phone-exact", "A phone number comes back as it was written, blanks and signs included.", pageProvided, formatsPhoneExact),
		should("phone-nonsense", "A phone number without a digit is refused.", claims+"phone_number", refusesValues("/phoneNumber", "abc")).together(),
		must("email", "An e-mail address is set exactly, or refused as managed elsewhere.", pageProvided, formatsEmail),
		should("email-nonsense", "An e-mail address without @ is refused.", claims+"email; RFC 5322, section 3.4.1", refusesValues("/email", "no-at")).together(),
		must("picture", "The absolute https URL of a picture is kept byte for byte.", example, formatsPicture),
		should("picture-nonsense", "A picture URL that would run a script is refused.", claims+"picture", refusesValues("/pictureUrl", "javascript:alert(1)")).together(),
		must("country", "The country DE is accepted.", example, takesValues("/address/country", "DE")),
		observe("country-nonsense", "A country that is no code of two capitals is refused, or set exactly.", "ISO 3166-1", tellsValues("/address/country", "Germany", "de", "1")),
	)
}

// takesValues asks for every value to be set.
func takesValues(pointer string, values ...string) func(*trial) {
	return func(t *trial) {
		t.needWritable(pointer)
		for _, v := range values {
			t.mustSet(pointer, v)
		}
	}
}

// refusesValues asks for every value to be refused.
func refusesValues(pointer string, values ...string) func(*trial) {
	return func(t *trial) {
		t.needWritable(pointer)
		for _, v := range values {
			t.refuseValue(pointer, v)
		}
	}
}

// tellsValues observes whether the values are set or refused.
func tellsValues(pointer string, values ...string) func(*trial) {
	return func(t *trial) {
		t.needWritable(pointer)
		for _, v := range values {
			if t.setOrRefuse(pointer, v) {
				t.observef("%s %s is accepted", pointer, show(v))
			}
		}
	}
}

// formatsPhone sets another number first, so that the page's number is a change.
func formatsPhone(t *trial) {
	t.needWritable("/phoneNumber")
	t.setOrRefuse("/phoneNumber", "+1 (425) 555-1213")
	t.setOrRefuse("/phoneNumber", "+1 (425) 555-1212")
}

func formatsEmail(t *trial) {
	t.needWritable("/email")
	t.setOrRefuse("/email", t.fresh("/email"))
}

// formatsPicture asks for a plain URL to be set. A server may refuse the others, which
// it might want to normalize.
func formatsPicture(t *trial) {
	t.needWritable("/pictureUrl")
	t.mustSet("/pictureUrl", t.fresh("/pictureUrl"))
	for _, u := range []string{
		"https://example.com/img/a%20b%C3%A9?x=1&y=%7e",
		"https://example.com/a/../b//c",
		"https://Example.com:443/a#top",
	} {
		t.setOrRefuse("/pictureUrl", u)
	}
}

func formatsPhoneExact(t *trial) {
	t.needWritable("/phoneNumber")
	const number = "+1 (425) 555-1214"
	a := t.patch(object{"phoneNumber": number})
	if a.refused() {
		t.skipf("the server refuses a phone number with %d", a.status)
	}
	if got := t.readWhole().attributes["phoneNumber"]; got != number {
		t.failf(fmt.Sprintf("%q", number), "%q", got)
	}
}
