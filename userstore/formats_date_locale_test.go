package userstore_test

import (
	"testing"
	"time"

	"github.com/userrecord/userrecord/userstore"
)

// Texts that RFC 3339, section 5.6, allows, and similar ones that it does not.
var goodTimes = []string{
	"2021-09-01T23:12:56Z", "1997-07-21T00:00:00.000Z", "1997-07-21t00:00:00z", "1997-07-21T00:00:00z", "1997-07-21t00:00:00Z",
	"1997-07-21T00:00:00+02:00", "1997-07-21T23:59:59-12:30", "1997-07-21T00:00:00-00:00", "1997-07-21T00:00:00+23:59",
	"2000-02-29T12:00:00Z", "0000-02-29T00:00:00Z", "9999-12-31T23:59:59.999999999Z", "2021-09-01T23:12:56.5Z", "2021-09-01T23:12:56.123456789Z",
}

var badTimes = []string{
	"2021-09-01 23:12:56Z", "2021-09-01T23:12:56", "2021-09-01T23:12Z", "2021-09-01T23Z", "2021-09-01T", "2021-09-01Z", "20210901T231256Z",
	"2021-09-01T3:12:56Z", "2021-09-01T23:1:56Z", "2021-09-01T23:12:5Z", "2021-9-01T23:12:56Z", "2021-09-1T23:12:56Z", "21-09-01T23:12:56Z",
	"2021-09-01T23:12:56,5Z", "2021-09-01T23:12:56.1234567890Z", "2021-09-01T23:12:56.Z", "2021-09-01T23:12:56.5", "2021-09-01T23:12:56. 5Z",
	"2021-09-01T24:00:00Z", "2021-09-01T23:60:00Z", "2021-09-01T23:12:61Z", "2021-02-29T00:00:00Z", "2021-13-01T00:00:00Z", "2021-00-01T00:00:00Z", "2021-09-31T00:00:00Z", "2021-09-00T00:00:00Z",
	"2021-09-01T23:12:56+0200", "2021-09-01T23:12:56+02", "2021-09-01T23:12:56+2:00", "2021-09-01T23:12:56+24:00", "2021-09-01T23:12:56+23:60", "2021-09-01T23:12:56 +02:00", "2021-09-01T23:12:56Z+02:00",
	"2021-09-01T23:12:56CEST", "2021-09-01T23:12:56ZZ", " 2021-09-01T23:12:56Z", "2021-09-01T23:12:56Z ", "10000-01-01T00:00:00Z", "-001-01-01T00:00:00Z", "+2021-09-01T23:12:56Z", "２021-09-01T23:12:56Z",
}

func TestBirthDate(t *testing.T) {
	format{"/birthDate", append([]string{
		"1997-07-21", "2000-02-29", "1996-02-29", "0001-01-01", "9999-12-31", "0000-07-21", "0000-02-29", "0000-12-31", "1997", "2026", "9999",
	}, goodTimes...), append([]string{
		"", " ", "1997-02-29", "1900-02-29", "1997-04-31", "1997-02-30", "1997-13-01", "1997-00-01", "1997-07-00", "1997-07-32", "0000-00-00", "0000-02-30", "0000-13-01",
		"1997-7-21", "1997-07-1", "1997-7-1", "97-07-21", "1997-07", "--07-21", "-07-21", "19970721", "1997/07/21", "1997.07.21", "21.07.1997", "07/21/1997", "21-07-1997", "1997-202", "1997-W30-1",
		"0000", "97", "997", "+997", "-997", "19 7", "1e10", "0x7b", "19971", "10000-01-01", "+1997-07-21", "-1997-07-21",
		"1997-07-21 ", " 1997-07-21", "1997-07-21Z", "1997-07-21+02:00", "１９９７", "1997‐07‐21", "yesterday", "July 21, 1997",
	}, badTimes...)}.test(t)
}

func TestParseTime(t *testing.T) {
	for _, s := range goodTimes {
		if _, err := userstore.ParseTime(s); err != nil {
			t.Errorf("%q: %v", s, err)
		}
	}
	for _, s := range append([]string{"", "1997-07-21", "1997", "now"}, badTimes...) {
		if got, err := userstore.ParseTime(s); err == nil || !got.IsZero() {
			t.Errorf("%q is taken as %v", s, got)
		}
	}
}

func TestParseTimeKeepsTheInstant(t *testing.T) {
	want := time.Date(2021, 9, 1, 21, 12, 56, 500_000_000, time.UTC)
	for _, s := range []string{"2021-09-01T21:12:56.5Z", "2021-09-01t21:12:56.500z", "2021-09-01T23:12:56.5+02:00", "2021-09-01T20:42:56.500000-00:30"} {
		if got, err := userstore.ParseTime(s); err != nil || !got.Equal(want) {
			t.Errorf("%s: got %v, %v; want %v", s, got, err, want)
		}
	}
}

func TestLocale(t *testing.T) {
	format{"/locale", []string{
		"de", "de-DE", "en-US", "en_US", "DE-de", "zh-Hant-TW", "sr_Latn_RS", "es-419", "zh-cmn-Hans-CN", "zh-yue", "de-CH-1901", "sl-rozaj-biske-1994",
		"de-u-co-phonebk", "en-a-bbb-x-a", "en-US-x-twain", "x-private", "x-a-b-c", "i-klingon", "en-GB-oed", "art-lojban", "und", "mul", "qaa-Qaaa-QM-x-southern",
		"xx-YY", "zz", "de-ZZ", // well-formed but not registered
	}, []string{
		"", " ", "!!", "-", "_", "--", "de-", "de_", "-de", "_DE", "de--DE", "de-DE-", "de DE", "de-DE ", " de", "de/DE", "de.DE", "de–DE",
		"d", "a-DE", "x", "x-", "i", "i-", "de-x", "de-u", "de-DE-DE", "de-12", "de-DEUTSCHLAND", "toolongsubtag", "de-DE.UTF-8", "de_DE@euro", "C", "1234", "*", "de-*", "dé", "\u212ao", "日本語", // the Kelvin sign folds to k
		"en,de", "en;q=1", "en-US-u", "x-toolongsubtag",
	}}.test(t)
}

// BCP 47 fixes the order of the subtags: language, script, region, variants.
func TestLocaleSubtagOrder(t *testing.T) {
	format{"/locale", []string{"de-Latn-DE-1996"}, []string{"de-DE-Latn", "de-Latn-Latn", "sl-rozaj-SI"}}.test(t)
}
