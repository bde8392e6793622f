package servertest

// Which values the attributes with a format take. The page shows one value of each and
// no rule. The names of the attributes are those of the standard claims of OpenID
// Connect, on which the page does not build: what those say is observed.
const claims = "OpenID Connect Core 1.0, section 5.1: "

func formatChecks() []check {
	const example = "page, response example"
	return family("formats",
		must("gender", "The gender male is accepted.", example, takesExample("/gender", "female", "male")),
		observe("gender-other", "The gender other is accepted or refused.", claims+"gender", tellsValues("/gender", "other")),
		observe("gender-unknown", "A gender beyond male, female and other is refused, or set exactly.", claims+"gender", tellsValues("/gender", "x")),
		must("locale", "The locale de-DE is accepted.", example, takesExample("/locale", "en", "de-DE")),
		observe("locale-nonsense", "A locale that is no language tag is refused, or set exactly.", claims+"locale; BCP 47", tellsValues("/locale", "!!")).together(),
		must("zone", "The time zone Europe/Berlin is accepted.", example, takesExample("/zoneInfo", "Europe/London", "Europe/Berlin")),
		observe("zone-nonsense", "A time zone that does not exist is refused, or set exactly.", claims+"zoneinfo; the tz database", tellsValues("/zoneInfo", "Mars/Phobos", "../../etc/passwd")).together(),
		must("phone", "The page's phone number is set exactly, or refused as managed elsewhere.", example, formatsPhone),
		should("phone-exact", "A phone number comes back as it was written, blanks and signs included.", pageProvided, formatsPhoneExact),
		observe("phone-nonsense", "A phone number without a digit is refused, or set exactly.", claims+"phone_number", tellsValues("/phoneNumber", "abc")).together(),
		must("email", "An e-mail address is set, or refused as managed elsewhere.", pageProvided, formatsEmail),
		should("email-exact", "An e-mail address comes back in the case in which it was written.", "RFC 5321, section 2.4", formatsEmailExact),
		observe("email-nonsense", "An e-mail address without @ is refused, or set exactly.", claims+"email; RFC 5322, section 3.4.1", tellsValues("/email", "no-at")).together(),
		must("picture", "The absolute https URL of a picture is set, or refused as managed elsewhere.", example, formatsPicture),
		should("picture-exact", "The URL of a picture is kept byte for byte, or refused.", pageProvided, formatsPictureExact),
		observe("picture-nonsense", "A picture URL that would run a script is refused, or set exactly.", claims+"picture", tellsValues("/pictureUrl", "javascript:alert(1)")).together(),
		must("country", "The country DE is accepted.", example, takesExample("/address/country", "FR", "DE")),
		observe("country-nonsense", "A country that is no code of two capitals is refused, or set exactly.", "ISO 3166-1", tellsValues("/address/country", "Germany", "de", "1")),
	)
}

// takesExample asks for the value of the page to be set. Another value comes first, so
// that it is a change; a server may refuse that one.
func takesExample(pointer, other, example string) func(*trial) {
	return func(t *trial) {
		t.needWritable(pointer)
		t.mayOverwrite()
		t.setOrRefuse(pointer, other)
		t.mustSet(pointer, example)
	}
}

// tellsValues observes whether the values are set or refused.
func tellsValues(pointer string, values ...string) func(*trial) {
	return func(t *trial) {
		t.needWritable(pointer)
		t.mayOverwrite()
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
	t.mayOverwrite()
	t.setOrRefuse("/phoneNumber", "+1 (425) 555-1213")
	t.setOrRefuse("/phoneNumber", "+1 (425) 555-1212")
}

func formatsEmail(t *trial) {
	t.needWritable("/email")
	t.setOrRefuse("/email", t.fresh("/email"))
}

// formatsEmailExact sets an address with capitals before the @.
func formatsEmailExact(t *trial) { t.keptAsWritten("/email", t.fresh("/email")) }

func formatsPicture(t *trial) {
	t.needWritable("/pictureUrl")
	t.setOrRefuse("/pictureUrl", t.fresh("/pictureUrl"))
}

// formatsPictureExact tries URLs that a parser of URLs would write in another way.
func formatsPictureExact(t *trial) {
	t.needWritable("/pictureUrl")
	t.mayOverwrite()
	for _, u := range []string{
		"https://example.com/img/a%20b%C3%A9?x=1&y=%7e",
		"https://example.com/a/../b//c",
		"https://Example.com:443/a#top",
	} {
		t.setOrRefuse("/pictureUrl", u)
	}
}

func formatsPhoneExact(t *trial) { t.keptAsWritten("/phoneNumber", "+1 (425) 555-1214") }

// keptAsWritten patches an attribute that has a normal form, and fails unless the value
// comes back as it is.
func (t *trial) keptAsWritten(pointer string, v any) {
	t.needWritable(pointer)
	if a := t.patch(object{pointer[1:]: v}); a.refused() {
		t.skipf("the server refuses %s with %d", show(v), a.status)
	}
	if got := t.reread().attributes[pointer[1:]]; got != v {
		t.failf(show(v), "%q", got)
	}
}
