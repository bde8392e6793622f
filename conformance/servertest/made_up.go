package servertest

// madeUp are values to send in place of those that a user had before the run.
var madeUp = map[string]string{
	"/firstName":                     "Ada",
	"/lastName":                      "Lovelace",
	"/email":                         "ada@example.com",
	"/phoneNumber":                   "+1 (425) 555-1212",
	"/pictureUrl":                    "https://example.com/ada.png",
	"/birthDate":                     "1906-12-09",
	"/address/locality":              "Karlsruhe",
	"/address/street":                "Waldstrasse",
	"/address/houseNo":               "18",
	"/address/additionalAddressLink": "Hinterhaus",
	"/address/region":                "BW",
	"/address/postalCode":            "76131",
}

// madeUpValue returns a value in place of v: digits for a number, and for a date one of
// the same form.
func madeUpValue(pointer string, v any) string {
	if text, _ := v.(string); pointer == "/birthDate" && len(text) > len("2006-01-02") {
		return madeUp[pointer] + "T00:00:00.000Z"
	}
	return madeUp[pointer]
}
