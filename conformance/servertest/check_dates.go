package servertest

import (
	"net/http"
	"slices"
	"time"
)

// A birth date is a day. A server shows it as YYYY-MM-DD or as a midnight.
func dateChecks() []check {
	const source = "page, response example"
	return family("dates",
		must("own-output", "The birth date that a server shows is accepted, and unchanged by that.", source, datesOwn),
		must("one-form", "A birth date is accepted as YYYY-MM-DD or as a midnight in UTC.", source, datesOneForm),
		must("same-day", "A birth date that is accepted comes back as the same day, in any form.", pageProvided, datesSameDay),
		observe("day", "A birth date of the form YYYY-MM-DD is accepted or refused.", "RFC 3339, section 5.6: full-date", datesForm(time.DateOnly)),
		observe("date-time", "A birth date that is a midnight, as the page shows it, is accepted or refused.", source, datesForm(midnight)),
		should("nonsense", "A birth date that is no date at all is refused.", "page, response example and response 422", datesNonsense).together(),
		should("impossible", "A day that is not in the calendar is refused.", "RFC 3339, section 5.7", datesImpossible).together(),
		observe("partial", "A year without a day, and a day without a year, are set or refused.", "OpenID Connect Core 1.0, section 5.1", datesPartial),
	)
}

const birthDate = "/birthDate"

// midnight is the layout of the page's example.
const midnight = "2006-01-02T15:04:05.000Z"

// sampleDays are days that careless code gets wrong: by time zones, by changes of the
// clocks, by leap years, or by years of two digits.
var sampleDays = []time.Time{
	time.Date(1997, 7, 21, 0, 0, 0, 0, time.UTC),
	time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC),
	time.Date(1980, 4, 6, 0, 0, 0, 0, time.UTC),
	time.Date(1996, 2, 29, 0, 0, 0, 0, time.UTC),
	time.Date(1931, 12, 31, 0, 0, 0, 0, time.UTC),
}

// sendDate patches the birth date and returns the status. It fails unless the day is
// set, in any form, or the patch is refused.
func (t *trial) sendDate(layout string, date time.Time) int {
	text := date.Format(layout)
	if status, known := t.dates[text]; known && t.quick != nil {
		return status
	}
	before := t.read()
	a := t.patch(object{"birthDate": text})
	if !t.refusedWhole(a, before, birthDate, text) {
		t.expectTaken(a, before, birthDate, text, func(got string, _ bool) bool {
			return len(got) >= len(time.DateOnly) && got[:len(time.DateOnly)] == date.Format(time.DateOnly)
		})
	}
	t.dates[text] = a.status
	return a.status
}

// datesOwn sends the date that the server showed at the start of the run, or shows now.
func datesOwn(t *trial) {
	t.needWritable(birthDate)
	shown, had := lookup(t.original.attributes, birthDate)
	if !had {
		t.ensure(birthDate)
		shown = t.readWhole().attributes["birthDate"]
	}
	t.mustSet(birthDate, shown)
}

func datesOneForm(t *trial) {
	t.needWritable(birthDate)
	t.mayOverwrite()
	day, dateTime := t.sendDate(time.DateOnly, sampleDays[2]), t.sendDate(midnight, sampleDays[3])
	if day != http.StatusOK && dateTime != http.StatusOK {
		t.failf("200 for a birth date in one of two forms", "%d for YYYY-MM-DD and %d for a midnight", day, dateTime)
	}
}

func datesSameDay(t *trial) {
	t.needWritable(birthDate)
	accepted := 0
	for i, day := range sampleDays {
		t.mayOverwrite()
		layouts := []string{midnight, "2006-01-02T15:04:05Z", time.DateOnly}
		if t.quick != nil && i > 0 {
			layouts = slices.Delete(layouts, 1, 2) // it is read as midnight is
		}
		for _, layout := range layouts {
			if t.sendDate(layout, day) == http.StatusOK {
				accepted++
			}
		}
	}
	if accepted == 0 {
		t.skipf("no birth date was accepted")
	}
}

func datesForm(layout string) func(*trial) {
	return func(t *trial) {
		t.needWritable(birthDate)
		status := t.sendDate(layout, sampleDays[2])
		t.observef("%s is answered with %d", sampleDays[2].Format(layout), status)
	}
}

// datesNonsense tries a text in which no reader of dates finds one. Of single letters,
// many are names of time zones, and mean now.
func datesNonsense(t *trial) {
	t.needWritable(birthDate)
	t.refuseValue(birthDate, "not a date")
}

func datesImpossible(t *trial) {
	t.needWritable(birthDate)
	for _, day := range []string{"1997-02-30", "1997-13-01", "1997-02-29"} {
		for _, form := range t.some("", "T00:00:00.000Z") {
			t.refuseValue(birthDate, day+form)
		}
	}
}

func datesPartial(t *trial) {
	t.needWritable(birthDate)
	t.mayOverwrite()
	for _, text := range []string{"1997", "0000-07-21"} {
		a := t.patch(object{"birthDate": text})
		t.observef("%s is answered with %d", text, a.status)
	}
}
