package servertest

import (
	"encoding/json"
	"strings"
)

// Texts that frameworks and databases take for something else.
func textChecks() []check {
	return family("lossless",
		must("looks", "Texts that look like numbers, booleans, dates, null or JSON stay texts, or are refused.", pageProvided, losslessLooks),
		must("case", "A change of nothing but case or accents is made, or refused.", pageProvided, losslessCase),
		must("compatibility", "Ligatures, superscripts and wide letters are kept, or refused.", pageProvided, func(t *trial) {
			t.keepTexts("\ufb01n", "x\u00b2", "\uff21", "\u00bd", "\u2460")
		}),
		must("lengths", "Every text of 300 characters is kept whole, or refused.", pageProvided, losslessLengths),
		must("forms", "Locales, time zones, addresses and numbers of unusual forms are kept, or refused.", pageProvided, losslessForms),
	)
}

// looks are texts that YAML, PHP, JavaScript, spreadsheets, databases and converters of
// JSON take for something else.
var looks = []string{
	"1e3", "007", "010", "0x10", "1_000", "1,000", "1.10", "+1", "-0", "0", "12345678901234567890", "1:30",
	"true", "False", "yes", "no", "on", "off", "y",
	"NULL", "None", "nil", "undefined", "NaN", "Infinity", "NA", "N/A", "~",
	"2024-01-01", "2024-01-01T00:00:00Z", "2024-01-01T01:00:00+01:00", "01/02/2024",
	`{"a":1}`, "[1]", `"x"`,
}

func losslessLooks(t *trial) {
	t.keepTexts(looks...)
	more := map[string]any{"/address/houseNo": "12e1", "/address/country": "NO"}
	for p := range more {
		if t.notWritable(p) != "" {
			delete(more, p)
		}
	}
	if len(more) > 0 {
		t.keepAll(more)
	}
}

// losslessCase sets texts that compare as equal under the collations of many databases.
func losslessCase(t *trial) {
	word := strings.ToLower(t.word())
	for _, v := range []string{"e" + word, "E" + word, "\u00c9" + word} {
		values := map[string]any{}
		for _, p := range t.allTexts() {
			values[p] = v
		}
		t.keepAll(values)
	}
}

func losslessLengths(t *trial) {
	values := map[string]any{}
	for _, p := range t.allTexts() {
		values[p] = strings.Repeat(t.word()+" ", 33) + "end"
	}
	if t.notWritable("/pictureUrl") == "" {
		values["/pictureUrl"] = "https://example.com/img/" + strings.Repeat(t.word(), 34) + "/end"
	}
	t.keepAll(values)
}

// losslessForms tries values that are longer than most of their kind, or have signs that
// most have not.
func losslessForms(t *trial) {
	values := map[string]any{}
	for p, v := range map[string]any{
		"/locale": "zh-Hant-TW", "/zoneInfo": "America/Argentina/ComodRivadavia", "/email": "first.last+tag@mail.example.com", "/address/houseNo": json.Number("3000000000"), "/address/postalCode": "0",
	} {
		if t.notWritable(p) == "" {
			values[p] = v
		}
	}
	if len(values) == 0 {
		t.skipf("needs an attribute that may be written")
	}
	t.keepAll(values)
}
