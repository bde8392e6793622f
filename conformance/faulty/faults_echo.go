package faulty

import (
	"net/http"
	"strings"
	"time"
)

// What goes wrong behind an answer that shows what was sent: the record in memory and not
// the one that was stored.
func echoFaults() []Fault {
	return []Fault{
		{"echo-mojibake", "UTF-8 is stored as Latin-1; the answer to the patch shows the text that was sent.", echoing(storeTexts(func(_, s string) string { return mojibake(s) }))},
		{"echo-date-shifted", "A birth date is stored a day early; the answer to the patch shows the day that was sent.", echoing(storeAttributes(attributeText("birthDate", dayEarlier)))},
		{"echo-null-kept", "null clears nothing; the answer to the patch shows no value.", echoing(storeAttributes(func(a object) { dropWhere(a, func(v any) bool { return v == nil }) }))},
		{"echo-picture-cut", "The URL of a picture is stored up to its query; the answer to the patch shows all of it.", echoing(storeAttributes(attributeText("pictureUrl", func(s string) string { return before(s, "?#") })))},
	}
}

// echoing lays the attributes of each patch over the record in its answer.
func echoing(spoil func(*server)) func(*server) {
	return inTurn(spoil, changeAnswerTo(func(r *http.Request, a *answer) {
		provided := sent(r)
		a.editAttributes(func(shown object) { lay(shown, provided) })
	}))
}

func lay(shown, provided object) {
	for name, v := range provided {
		inner, isObject := v.(object)
		old, wasObject := shown[name].(object)
		if isObject && wasObject {
			lay(old, inner)
			continue
		}
		if _, known := shown[name]; known {
			shown[name] = v
		}
	}
}

func dayEarlier(s string) string {
	t, ok := parseDate(s)
	if !ok {
		return s
	}
	return strings.Replace(s, t.Format(time.DateOnly), t.AddDate(0, 0, -1).Format(time.DateOnly), 1)
}
