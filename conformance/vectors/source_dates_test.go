package vectors_test

import (
	"encoding/json"

	"github.com/userrecord/userrecord/conformance"
)

func datesTheme() theme {
	const own = "dates.own-output dates.same-day"
	return theme{"dates", "birthDate is a date of the calendar in one of four forms, and createdAt is read-only.", []*group{
		about(own, "A birth date as the page shows it.").set("/birthDate",
			"a midnight in UTC with milliseconds", `"2001-02-03T00:00:00.000Z"`,
		),
		about("dates.day dates.same-day", "A full-date of RFC 3339.").orRefused().set("/birthDate",
			"a day", `"1997-07-21"`,
			"29 February of a leap year", `"1996-02-29"`,
			"29 February of a year that 400 divides", `"2000-02-29"`,
			"31 December", `"1999-12-31"`,
			"1 January", `"1970-01-01"`,
			"a day before 1970", `"1901-03-04"`,
			"a day of the 19th century", `"1899-12-31"`,
		),
		about("dates.same-day", "A full-date that few people were born on.").orRefused().set("/birthDate",
			"the first year", `"0001-01-01"`,
			"the last year", `"9999-12-31"`,
			"a day in the future", `"2999-01-01"`,
			"a day that the Gregorian reform left out", `"1582-10-10"`,
		),
		about("dates.date-time dates.same-day", "A date-time of RFC 3339 is kept as it was written.").orRefused().orLeaves(sameDay).set("/birthDate",
			"a midnight in UTC without decimals", `"2001-02-03T00:00:00Z"`,
			"a midnight with the offset +00:00", `"2001-02-03T00:00:00+00:00"`,
			"a midnight with an unknown offset", `"2001-02-03T00:00:00-00:00"`,
			"one decimal", `"2001-02-03T00:00:00.0Z"`,
			"nine decimals", `"2001-02-03T00:00:00.000000000Z"`,
			"lower-case t and z", `"2001-02-03t00:00:00z"`,
			"lower-case z", `"2001-02-03T00:00:00z"`,
			"29 February of a leap year at midnight", `"1996-02-29T00:00:00.000Z"`,
		),
		about("dates.same-day", "A date-time with another time of day, or a time zone, may be read as another day.").only(conformance.Observe).orRefused().orLeaves(daysAround).set("/birthDate",
			"a midnight east of Greenwich", `"2001-02-03T00:00:00+02:00"`,
			"a midnight west of Greenwich", `"2001-02-03T00:00:00-05:00"`,

			"an offset of half an hour", `"2001-02-03T23:59:59-12:30"`,
			"the largest offset", `"2001-02-03T00:00:00+23:59"`,
			"noon", `"2001-02-03T12:00:00Z"`,
			"a time of day with milliseconds", `"2001-02-03T12:34:56.789+02:00"`,
			"nine decimals that are not zero", `"2001-02-03T12:34:56.123456789Z"`,
		),
		about("dates.date-time dates.same-day", "The midnight of the record, written in another zone.").only(conformance.Observe).orRefused().orLeaves(onDay("1997-07-21")).set("/birthDate", "the same midnight in another zone", `"1997-07-21T02:00:00+02:00"`),
		about("dates.partial", "A year alone, or a day of which the year is not known (OpenID Connect Core, section 5.1).").orRefused().set("/birthDate",
			"a year", `"1997"`,
			"the first year alone", `"0001"`,
			"a year in the future", `"9999"`,
			"a day without a year", `"0000-07-21"`,
			"29 February without a year", `"0000-02-29"`,
			"31 December without a year", `"0000-12-31"`,
		),
		about("dates.nonsense", "What is no date at all is refused.").refuse("/birthDate", "invalid-attribute",
			"words", `"not a date"`, "letters where digits belong", `"YYYY-MM-DD"`,
		),
		about("dates.nonsense", "What only a few readers of dates take for one is refused.").named("birthDate").only(conformance.Observe).orSet().refuse("/birthDate", "invalid-attribute",
			"a day relative to now", `"yesterday"`, "a letter, which may be a zone", `"x"`, "blanks only", `"  "`, "only hyphens", `"--"`, "the text null", `"null"`,
		),
		about("dates.impossible", "A day that is not in the calendar is refused.").refuse("/birthDate", "invalid-attribute",
			"29 February of a common year", `"1997-02-29"`,
			"29 February of a year that 100 divides and 400 does not", `"1900-02-29"`,
			"30 February", `"2000-02-30"`,
			"31 April", `"1997-04-31"`, "31 June", `"1997-06-31"`, "31 September", `"1997-09-31"`, "31 November", `"1997-11-31"`,
			"32 January", `"1997-01-32"`,
			"day 0", `"1997-07-00"`, "month 0", `"1997-00-01"`, "month 13", `"1997-13-01"`,
			"day and month exchanged", `"1997-21-07"`,
			"29 February of a common year at midnight", `"1997-02-29T00:00:00.000Z"`,
			"month 13 at midnight", `"1997-13-01T00:00:00.000Z"`,
			"day 0 at midnight", `"1997-07-00T00:00:00.000Z"`,
			"30 February without a year", `"0000-02-30"`, "month 13 without a year", `"0000-13-01"`, "nothing but zeros", `"0000-00-00"`,
		),
		about("dates.impossible", "A time that no clock shows is refused, or ignored for a date.").named("birthDate").only(conformance.Observe).orLeaves(sameDay).refuse("/birthDate", "invalid-attribute",
			"hour 24", `"1997-07-21T24:00:00Z"`, "hour 25", `"1997-07-21T25:00:00Z"`, "minute 60", `"1997-07-21T00:60:00Z"`, "second 61", `"1997-07-21T00:00:61Z"`,
			"a leap second", `"1998-12-31T23:59:60Z"`, "a comma before the decimals", `"1997-07-21T00:00:00,5Z"`,
			"an offset of 24 hours", `"1997-07-21T00:00:00+24:00"`, "an offset with minute 60", `"1997-07-21T00:00:00+23:60"`,
		),
		about("dates.same-day", "A date of another form is refused, or set as the day that it means.").only(conformance.Should).orLeaves(onDay("1997-07-21")).refuse("/birthDate", "invalid-attribute",
			"a month of one digit", `"1997-7-21"`,
			"year, month and day without hyphens", `"19970721"`,
			"slashes", `"1997/07/21"`, "dots", `"1997.07.21"`,
			"as in Germany", `"21.07.1997"`, "as in the United States", `"07/21/1997"`, "day first with hyphens", `"21-07-1997"`,
			"an ordinal date", `"1997-202"`, "a week date", `"1997-W30-1"`,
			"in English", `"July 21, 1997"`, "as in HTTP", `"Mon, 21 Jul 1997 00:00:00 GMT"`,
			"a plus before the year", `"+1997-07-21"`, "six digits of the year", `"+001997-07-21"`,
			"blank after", `"1997-07-21 "`, "blank before", `" 1997-07-21"`,
			"a date with Z", `"1997-07-21Z"`, "a date with an offset", `"1997-07-21+02:00"`,
			"a blank in place of T", `"1997-07-21 00:00:00Z"`,
			"no time zone", `"1997-07-21T00:00:00"`, "no seconds", `"1997-07-21T00:00Z"`, "only the hour", `"1997-07-21T00Z"`, "nothing after T", `"1997-07-21T"`,
			"no decimals after the point", `"1997-07-21T00:00:00.Z"`, "ten decimals", `"1997-07-21T00:00:00.0000000000Z"`,
			"an hour of one digit", `"1997-07-21T0:00:00Z"`, "an offset without colon", `"1997-07-21T00:00:00+0000"`, "an offset of an hour alone", `"1997-07-21T00:00:00+00"`,
			"a zone by name", `"1997-07-21T00:00:00CEST"`, "a zone in brackets", `"1997-07-21T00:00:00Z[Etc/UTC]"`,
			"the basic format of ISO 8601", `"19970721T000000Z"`,
			"digits of another script", `"１９９７-07-21"`, "hyphens of typography", `"1997‐07‐21"`,
			"seconds since 1970, as a text", `"869443200"`,
		),
		about("types.scalar", "Seconds since 1970 are no date.").named("birthDate").orLeaves(onDayOrText("1997-07-21")).refuse("/birthDate", "wrong-json-type",
			"seconds since 1970", `869443200`, "milliseconds since 1970", `869443200000`,
		),
		about("dates.nonsense", "A date of another calendar or of another length is refused, or set as something.").named("birthDate").only(conformance.Observe).orSet().refuse("/birthDate", "invalid-attribute",
			"a year of two digits", `"97"`, "a date with two digits of the year", `"97-07-21"`, "a year of three digits", `"997"`, "a year of five digits", `"19971"`,
			"a year and a month", `"1997-07"`, "no year, as in a vCard", `"--07-21"`, "a year before Christ", `"-1997-07-21"`, "a year after 9999", `"10000-01-01"`,
			"the year 0", `"0000"`, "an exponent", `"1e10"`, "a hexadecimal number", `"0x7b"`, "digits around a blank", `"19 7"`,
		),
		createdAtTaken(about("created-at.echo created-at.fixed", "A client may send back the createdAt that it read."),
			"as the page shows it", `"2021-09-01T23:12:56Z"`, "an escape", `"\u0032021-09-01T23:12:56Z"`,
		),
		createdAtTaken(about("created-at.echo created-at.fixed", "createdAt may have any spelling of the same instant.").only(conformance.Observe).orRefused(),
			"the offset +00:00", `"2021-09-01T23:12:56+00:00"`, "an unknown offset", `"2021-09-01T23:12:56-00:00"`,
			"milliseconds", `"2021-09-01T23:12:56.000Z"`, "nanoseconds", `"2021-09-01T23:12:56.000000000Z"`,
			"in a zone east of Greenwich", `"2021-09-02T01:12:56+02:00"`, "in a zone west of Greenwich", `"2021-09-01T18:12:56.0-05:00"`,
			"lower-case letters", `"2021-09-01t23:12:56z"`,
		),
		createdAtTaken(about("created-at.echo created-at.fixed", "createdAt is compared to the microsecond.").on("micros").orRefused(),
			"microseconds", `"2021-09-01T23:12:56.000001Z"`,
		),
		createdAt("created-at.read-only created-at.whole-patch", "A client cannot change createdAt.",
			"a second later", `"2021-09-01T23:12:57Z"`, "a microsecond later", `"2021-09-01T23:12:56.000001Z"`, "a nanosecond later", `"2021-09-01T23:12:56.000000001Z"`,
			"the same clock in another zone", `"2021-09-01T23:12:56+02:00"`, "twenty years before", `"2001-01-01T00:00:00Z"`, "in the future", `"2999-01-01T00:00:00Z"`,
			"null", `null`,
		),
		createdAt("created-at.read-only created-at.whole-patch", "A createdAt that is no date-time of RFC 3339 sets nothing.",
			"the empty text", `""`, "no time zone", `"2021-09-01T23:12:56"`, "a day", `"2021-09-01"`, "a blank in place of T", `"2021-09-01 23:12:56Z"`,
			"a comma before the decimals", `"2021-09-01T23:12:56,000Z"`, "blank before", `" 2021-09-01T23:12:56Z"`, "blank after", `"2021-09-01T23:12:56Z "`,
			"a month of one digit", `"2021-9-1T23:12:56Z"`, "seconds since 1970, as a text", `"1630537976"`, "seconds since 1970", `1630537976`,
			"true", `true`, "an object", `{}`, "an array", `[]`,
		),
	}}
}

func sameDay(before record, pointer string, value any) []record {
	return []record{before.with(pointer, value.(string)[:len("2006-01-02")])}
}

// daysAround are the day and its neighbours, none of them at the beginning of a month.
func daysAround(before record, pointer string, _ any) (days []record) {
	for _, day := range []string{"2001-02-03", "2001-02-02", "2001-02-04"} {
		days = append(days, before.with(pointer, day))
	}
	return days
}

// onDay is the record of a server that reads the day, or keeps the text as it is.
func onDay(day string) func(record, string, any) []record {
	return func(before record, pointer string, value any) []record {
		return append(setExactly(before, pointer, value), before.with(pointer, day))
	}
}

func onDayOrText(day string) func(record, string, any) []record {
	return func(before record, pointer string, value any) []record {
		return append(asText(before, pointer, value), before.with(pointer, day))
	}
}

// createdAtTaken is of patches with a createdAt and a first name.
func createdAtTaken(g *group, pairs ...string) *group {
	g.named("createdAt")
	for name, literal := range each(pairs) {
		g.good(name, document(`{"createdAt":`+literal+`,"firstName":"Jane"}`))
		g.last().Flags = []string{freshFlag}
	}
	return g
}

// createdAt is of patches with another createdAt, which other servers may ignore.
func createdAt(requirements, comment string, pairs ...string) *group {
	g := about(requirements, comment).named("createdAt").orStatus(200)
	for name, literal := range each(pairs) {
		g.body("read-only-attribute", "/data/attributes/createdAt", name, document(`{"firstName":"Jane","createdAt":`+literal+`}`))
		g.last().AllowedAfter = []json.RawMessage{g.before.with("/firstName", "Jane").text()}
	}
	return g
}
