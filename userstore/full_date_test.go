package userstore

import (
	"fmt"
	"testing"
	"time"
)

// Every date, and every text that is nearly one, is a birthDate exactly if time.Parse
// accepts it.
func TestFullDatesAreThoseOfTime(t *testing.T) {
	check := func(layout, s string) {
		_, err := time.Parse(layout, s)
		if got, want := isBirthDate(s), err == nil && s != "0000"; got != want {
			t.Fatalf("%q is a date: %t, want %t", s, got, want)
		}
	}
	for year := 0; year < 10_000; year++ {
		check("2006", fmt.Sprintf("%04d", year))
		if year > 410 && year%100 > 1 {
			continue // the calendar repeats after 400 years
		}
		for month := range 14 {
			for day := 27; day < 33; day++ {
				check(time.DateOnly, fmt.Sprintf("%04d-%02d-%02d", year, month, day))
			}
			check(time.DateOnly, fmt.Sprintf("%04d-%02d-00", year, month))
		}
	}
	for _, s := range []string{"1997-07-21", "2000-02-29", "1997", "0000"} {
		for i := range s {
			for c := range 256 {
				changed := s[:i] + string([]byte{byte(c)}) + s[i+1:]
				layout := time.DateOnly[:len(s)]
				check(layout, changed)
			}
		}
	}
}
