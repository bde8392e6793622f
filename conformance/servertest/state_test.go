package servertest

import "testing"

// What databases and frameworks make of a day is that day, and nothing else is one.
func TestNormalFormOfDays(t *testing.T) {
	const day = "1968-04-17"
	for _, tt := range []struct{ text, want string }{
		{"1968-04-17", day},
		{"1968-04-17T00:00:00Z", day},
		{"1968-04-17T00:00:00.000Z", day},
		{"1968-04-17T00:00:00", day},
		{"1968-04-17T00:00:00.000000", day},
		{"1968-04-17 00:00:00", day},
		{"1968-04-17 00:00:00+00:00", day},
		{"1968-04-17T00:00:00+0000", day},
		{"1968-04-17T00:00:00+02:00", day},
		{"1968-04-17T02:00:00+02:00", day},
		{"1968-04-16T20:00:00-04:00", day},
		{"1968-04-17T00:00:01", "1968-04-17T00:00:01"},
		{"1968-04-17T02:00:00Z", "1968-04-17T02:00:00Z"},
		{"17.04.1968", "17.04.1968"},
		{"1968", "1968"},
	} {
		if got := normal(birthDate, tt.text); got != tt.want {
			t.Errorf("normal(birthDate, %q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}
