package vectors_test

import (
	"encoding/json"
	"strings"
)

func numbersTheme() theme {
	th := theme{name: "numbers", comment: "houseNo and postalCode are texts or integers. A number stays a number and a text a text; other servers may show either as the other."}
	for _, pointer := range []string{"/address/houseNo", "/address/postalCode"} {
		number := func(requirements, comment string) *group {
			return about(requirements, comment).orRefused().orLeaves(replacingAddress)
		}
		th.groups = append(th.groups,
			number("lossless.number", "An integer from 0 to 2^53-1 is kept.").set(pointer,
				"one digit", `5`, "five digits", `76131`, "zero", `0`, "a hundred", `100`, "more than 31 bits", `3000000000`, "more than 32 bits", `4294967296`, "2^53-1, the largest", `9007199254740991`),
			number("lossless.leading-zeros lossless.digits", "A text of digits is kept as a text.").set(pointer,
				"digits", `"18"`, "a leading zero", `"01067"`, "only zeros", `"000"`, "more digits than a number has", `"12345678901234567890"`, "2^53 as a text", `"9007199254740992"`),
			number("lossless.looks", "A text that looks like another number is kept as a text.").set(pointer,
				"a minus", `"-1"`, "a point", `"1.0"`, "an exponent", `"1e3"`, "hexadecimal", `"0x12"`, "a plus", `"+5"`, "minus zero", `"-0"`, "infinity", `"Infinity"`, "not a number", `"NaN"`),
			number("lossless.house-number", "A text with letters, blanks and signs is kept.").set(pointer,
				"a letter", `"18a"`, "a letter after a blank", `"18 a"`, "a range", `"18-20"`, "a fraction", `"18 1/2"`, "a postal code of Britain", `"SW1A 1AA"`, "wide digits", `"１８"`, "a letter beyond ASCII", `"18ä"`),
			about("lossless.odd-number", "A number that is no house number is refused, or kept without rounding.").orLeaves(sameNumber).refuse(pointer, "invalid-attribute",
				"negative", `-1`, "minus zero as a number", `-0`, "a fraction that is zero", `1.0`, "a fraction that is not", `1.5`, "an exponent as a number", `1e3`, "an exponent in capitals", `1E3`, "an exponent of zero", `0e0`, "a negative exponent", `10e-1`,
				"2^53", `9007199254740992`, "2^63", `9223372036854775808`, "twenty digits", `12345678901234567890`),
			about("lossless.odd-number", "A number that no reader can hold is refused.").refuse(pointer, "invalid-attribute",
				"an exponent beyond a double", `1e400`, "a negative number beyond a double", `-1e400`, "five thousand digits", strings.Repeat("9", 5000)),
		)
	}
	th.groups = append(th.groups,
		about("lossless.digits lossless.number", "A number can be replaced by the same digits as a text, and the other way round.").named("form").orRefused().orLeaves(replacingAddress).
			merge("both numbers become texts", `{"address":{"houseNo":"18","postalCode":"76131"}}`, "one of them", `{"address":{"houseNo":18,"postalCode":"76131"}}`),
	)
	text := about("lossless.digits lossless.number", "A number can be replaced by the same digits as a text, and the other way round.").named("form").orRefused().orLeaves(replacingAddress)
	text.before = records["house"].with("/address/houseNo", "18")
	th.groups = append(th.groups, text.merge("a text becomes a number", `{"address":{"houseNo":18}}`))
	return th
}

// sameNumber is the record of servers that keep the value of a number, perhaps in its
// plainest form, as a number or as a text.
func sameNumber(before record, pointer string, value any) (kept []record) {
	literal := string(value.(json.Number))
	forms := []any{value, literal}
	if plain := map[string]string{"-0": "0", "1.0": "1", "1e3": "1000", "1E3": "1000", "0e0": "0", "10e-1": "1"}[literal]; plain != "" {
		forms = append(forms, json.Number(plain), plain, plain+".0")
	}
	for _, form := range forms {
		kept = append(kept, setInEither(before, pointer, form)...)
	}
	return kept
}
