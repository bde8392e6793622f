package vectors_test

import (
	"fmt"
	"strings"

	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/vectors"
)

func textTheme() theme {
	th := theme{name: "text", comment: "A text comes back exactly, code point by code point, or is refused."}
	name := func(requirements, comment string) *group { return about(requirements, comment).orRefused() }
	th.groups = append(th.groups,
		about("lossless.letters", "The street of the page's example has a letter beyond ASCII.").on("empty").orRefused().orLeaves(replacingAddress).set("/address/street", "of the page", `"Haid-und-Neu-Straße"`),
		name("lossless.letters", "Letters of every script.").set("/firstName",
			"Latin with accents", `"Zoë Müller-Ñandú"`, "Polish", `"Łukasz Żółć"`, "Turkish dotted and dotless i", `"İıIi"`, "sharp s, small and capital", `"ßẞ"`, "long s", `"ſ"`, "Greek, with both sigmas", `"Ωμέγα Σς"`, "Cyrillic", `"Иван Ё"`, "Hebrew with points", `"שָׁלוֹם"`, "Arabic", `"محمد"`, "Devanagari", `"नमस्ते"`, "Thai", `"สวัสดี"`, "Han", `"李小龍"`, "Kana of half width", `"ｶﾀｶﾅ"`, "Hangul", `"각"`, "Cherokee", `"ᏣᎳᎩ"`, "Ethiopic", `"አማርኛ"`, "Vietnamese", `"Nguyễn"`, "Maltese", `"Ġorġ"`, "Icelandic", `"Þóra Ægisdóttir"`,
		),
		name("lossless.combining", "Precomposed and combining characters are not exchanged.").set("/firstName",
			"precomposed", "\"Zo\u00eb\"", "combining", "\"Zoe\u0308\"", "two marks, the lower first", "\"a\u0323\u0302\"", "two marks, the upper first", "\"a\u0302\u0323\"", "precomposed with two marks", "\"\u1ead\"", "long s with dots", "\"\u1e9b\u0323\"", "the ångström sign", "\"\u212b\"", "Hangul in parts", "\"\u1100\u1161\u11a8\"", "a mark alone", "\"\u0301\"",
		),
		name("lossless.compatibility", "Ligatures, superscripts and wide letters are not replaced by what they look like.").set("/firstName",
			"a ligature", `"ﬁ"`, "a superscript", `"x²"`, "wide letters", `"Ａｄａ"`, "a Roman numeral", `"Ⅷ"`, "a symbol for a company", `"㈱"`, "a fraction", `"½"`, "an ideograph for compatibility", "\"\ufa19\"",
		),
		name("lossless.astral", "Characters beyond the basic plane.").set("/firstName",
			"an emoji", `"😀"`, "an ideograph", `"𠮷野家"`, "a musical sign", `"𝄞"`, "a family of emoji with joiners", "\"\U0001f469\u200d\U0001f469\u200d\U0001f467\"", "a skin tone", `"👧🏽"`, "a flag of two letters", `"🇩🇪"`, "a flag of tags", "\"\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f\"", "the last code point", "\"\U0010ffff\"", "for private use", "\"\U000f0000\"",
		),
		name("lossless.separators", "Characters that cannot be seen.").set("/firstName",
			"line separator", "\"a\u2028b\"", "paragraph separator", "\"a\u2029b\"", "a mark for right to left", "\"a\u200fb\"", "an override of the direction", "\"a\u202eb\u202cc\"", "isolates of the direction", "\"\u2066a\u2069\"", "no-break space", "\"a\u00a0b\"", "zero-width space", "\"a\u200bb\"", "zero-width joiner", "\"a\u200db\"", "soft hyphen", "\"a\u00adb\"", "byte order mark inside", "\"a\ufeffb\"", "byte order mark first", "\"\ufeffa\"", "variation selector", "\"❤\ufe0f\"", "replacement character", "\"\ufffd\"", "a noncharacter", "\"\uffff\"", "private use", "\"\ue000\"", "ideographic space", "\"a\u3000b\"",
		),
		name("lossless.escapes", "Escapes mean the characters that they stand for.").set("/firstName",
			"a letter", `"J\u0061ne"`, "a letter beyond ASCII", `"Stra\u00dfe"`, "hexadecimal digits in capitals", `"Stra\u00DFe"`, "a surrogate pair", `"\ud83d\ude00"`, "a surrogate pair in capitals", `"\uD83D\uDE00"`, "a combining mark", `"e\u0301"`, "line separator as an escape", `"\u2028"`, "a slash", `"a\/b"`, "a slash that is not escaped", `"a/b"`, "quotes", `"a\"b"`, "a backslash", `"a\\b"`, "an escape that is escaped", `"\\u0041"`, "two backslashes", `"\\\\"`, "angle brackets", `"\u003cb\u003e\u0026"`, "a quote by its number", `"\u0022"`, "a backslash by its number", `"\u005c"`,
		).named("firstName").set("/firstName", "every character", `"\u004a\u0061\u006e\u0065"`),
		name("lossless.metacharacters", "Characters that mean something to other languages.").set("/firstName",
			"an apostrophe", `"O'Brien"`, "a typographic apostrophe", `"O’Brien"`, "double quotes", `"\"quoted\""`, "a backslash at the end", `"back\\"`, "a backslash and n", `"a\\nb"`, "HTML", `"<b>x</b>"`, "an entity", `"a & b &amp; c"`, "a script", `"<script>alert(1)</script>"`, "SQL", `"x'; DROP TABLE users; --"`, "a comment of SQL", `"/* x */ -- y"`, "wildcards of SQL", `"100%_"`, "placeholders", `"? $1 :name @p1"`, "formats", `"%s %d %n %%"`, "templates", `"${x} {{x}} #{x} <%= x %>"`, "backquotes", "\"`x`\"", "two dollars", `"$$"`, "percent-encoding", `"a+b%20c"`, "a formula", `"=1+1"`, "JSON", `"{\"a\":[1]}"`, "a lookup", `"${jndi:ldap://x}"`, "a path", `"../../etc/passwd"`, "a tilde", `"~0~1"`,
		),
		name("lossless.looks", "Texts that look like values of other types.").set("/firstName",
			"a number", `"42"`, "a number with zeros before", `"007"`, "an exponent", `"1e3"`, "true", `"true"`, "false", `"FALSE"`, "yes", `"yes"`, "Norway", `"NO"`, "a date", `"2001-02-03"`, "an object", `"{}"`, "an array", `"[]"`, "not a number", `"NaN"`, "a tilde alone", `"~"`, "zero", `"0"`, "a number with an underscore", `"1_000"`, "a number with a comma", `"1,000"`, "a number with a zero at the end", `"1.10"`, "minutes", `"1:30"`, "not available", `"N/A"`, "NA", `"NA"`, "a date-time", `"2001-02-03T04:05:06+02:00"`, "a date with slashes", `"01/02/2024"`, "a version", `"1.2.3"`, "null in Go", `"nil"`, "on", `"on"`,
		),
		about("lossless.blanks", "Blanks are kept, trimmed or refused.").orRefused().orLeaves(trimmed).set("/firstName",
			"blank before", `" Jane"`, "blank after", `"Jane "`, "several around", `"  Jane  "`, "a blank alone", `" "`, "several alone", `"   "`, "no-break spaces around", "\"\u00a0Jane\u00a0\"", "an ideographic space alone", "\"\u3000\"",
		),
		about("lossless.blanks", "Blanks inside are kept.").orRefused().orLeaves(oneBlank).set("/firstName", "several inside", `"Anna   Maria"`, "an em space inside", "\"Anna\u2003Maria\""),
		name("lossless.case", "A change of case or accents alone is made.").set("/lastName", "capitals", `"SMITH"`, "lower case", `"smith"`, "mixed", `"sMITH"`, "an accent", `"Smíth"`).named("firstName").set("/firstName", "capitals", `"JOHN"`),
	)
	street := about("lossless.case", "A change of sharp s alone is made.").orRefused().orLeaves(replacingAddress)
	th.groups = append(th.groups, street.set("/address/street", "sharp s becomes ss", `"Haid-und-Neu-Strasse"`, "capital sharp s", `"HAID-UND-NEU-STRAẞE"`))
	th.groups = append(th.groups, lengthGroups()...)
	th.groups = append(th.groups, controlGroups()...)
	th.groups = append(th.groups, utf8Groups()...)
	return th
}

func trimmed(before record, pointer string, value any) []record {
	short := strings.TrimSpace(value.(string))
	after := []record{before.with(pointer, short)}
	if short == "" {
		after = append(after, before.with(pointer, nil))
	}
	return after
}

func keptOrTrimmed(before record, pointer string, value any) []record {
	return append(setExactly(before, pointer, value), trimmed(before, pointer, value)...)
}

func oneBlank(before record, pointer string, value any) []record {
	return []record{before.with(pointer, strings.Join(strings.Fields(value.(string)), " "))}
}

// lengthGroups are the limits, in code points, of every attribute without a format: the
// formats have those of the others.
func lengthGroups() (groups []*group) {
	for _, s := range scalars {
		if !s.isFree() {
			continue
		}
		fits := about("lossless.lengths", "1,024 code points are the longest "+s.name()+".").orRefused()
		long := about("lossless.long", "1,025 code points are too long for "+s.name()+", or kept whole.").orSet()
		if s.inAddress() {
			fits.orLeaves(replacingAddress)
			long.orLeaves(setInEither)
		}
		fits.set(s.pointer, "1024 letters", text("x", 1023, "y"))
		long.refuse(s.pointer, "invalid-attribute", "1025 letters", text("x", 1024, "y"))
		groups = append(groups, fits, long)
	}
	groups = append(groups,
		about("lossless.lengths", "The limit counts code points: not bytes, not units of UTF-16, not what a reader sees as one character.").orRefused().set("/lastName",
			"1024 letters of two bytes", text("é", 1024, ""), "1024 characters of four bytes", text("😀", 1024, ""), "1024 escapes", text(`\u00e9`, 1024, ""), "1024 surrogate pairs in escapes", text(`\ud83d\ude00`, 1024, ""),
			"512 letters with combining marks", text("e\u0301", 512, ""), "300 letters", text("x", 299, "y")),
		about("lossless.long", "The limit counts code points.").orSet().refuse("/lastName", "invalid-attribute",
			"1025 letters of two bytes", text("é", 1025, ""), "1025 characters of four bytes", text("😀", 1025, ""), "513 letters with combining marks", text("e\u0301", 513, ""), "5000 letters", text("x", 5000, "")),
		about("lossless.lengths", "Attributes with a format have the limit, too.").orSet().refuse("/gender", "invalid-attribute", "1025 letters", text("x", 1025, "")).named("zoneInfo").refuse("/zoneInfo", "invalid-attribute", "1025 letters", text("x", 1025, "")),
	)
	return groups
}

// controlGroups are control characters, which no text may have.
func controlGroups() []*group {
	groups := []*group{
		about("lossless.control", "A control character is refused, or kept.").orSet().refuse("/firstName", "invalid-attribute",
			"NUL", `"a\u0000b"`, "NUL alone", `"\u0000"`, "the first after NUL", `"\u0001"`, "bell", `"a\u0007"`, "backspace", `"a\bb"`, "tab", `"a\tb"`, "line feed", `"a\nb"`, "form feed", `"a\fb"`, "carriage return and line feed", `"a\r\nb"`, "escape", `"\u001b[31m"`, "the last of C0", `"\u001f"`, "delete as an escape", `"a\u007fb"`, "delete as it is", "\"a\x7fb\"", "the first of C1", `"\u0080"`, "next line", `"a\u0085b"`, "the last of C1 as it is", "\"\u009f\"",
		),
	}
	for _, s := range scalars[1:] {
		g := about("lossless.control", "A control character in "+s.name()+" is refused, or kept.").orLeaves(setInEither)
		literal := asLiteral(s.value)
		groups = append(groups, g.named(s.pointer[1:]).refuse(s.pointer, "invalid-attribute", "a line feed", literal[:2]+`\n`+literal[1:]))
	}
	return append(groups, about("lossless.blanks", "A line feed around a text is refused, kept or trimmed.").orLeaves(keptOrTrimmed).refuse("/firstName", "invalid-attribute", "line feed at the end", `"Jane\n"`, "line feed first", `"\nJane"`))
}

// asLiteral returns a JSON string for a literal that may be a number.
func asLiteral(literal string) string { return `"` + strings.Trim(literal, `"`) + `"` }

// utf8Groups are bytes that are no UTF-8, and halves of surrogate pairs.
func utf8Groups() []*group {
	named := func(bytes string) string { return document(`{"firstName":"` + bytes + `"}`) }
	malformed := []vectors.Error{at("malformed-json", noSource)}
	return []*group{
		about("json.utf-8 errors.utf-8", "A body that is not UTF-8 is refused.").orStatus(415).bodyErrors(malformed,
			"a byte that never occurs", named("J\xff"), "Latin-1", named("Ren\xe9"), "an overlong slash", named("\xc0\xaf"), "an overlong NUL", named("\xc0\x80"), "a surrogate", named("\xed\xa0\x80"), "a surrogate pair, as in CESU-8", named("\xed\xa0\xbd\xed\xb8\x80"), "a sequence that is cut off", named("\xf0\x9f\x98"), "a continuation alone", named("a\x80b"), "beyond Unicode", named("\xf4\x90\x80\x80"), "five bytes", named("\xf8\x88\x80\x80\x80"), "a bad byte after a replacement character", named("\ufffd\xff"),
			"in a name", document("{\"first\xff\":\"Jane\"}"), "where it is ignored", "{\"meta\":\"\xff\","+document(`{"firstName":"Jane"}`)[1:], "between tokens", document(`{"firstName":"Jane"}`)[:8]+"\xff"+document(`{"firstName":"Jane"}`)[8:],
			"Windows-1252", named("\x93Jane\x94"),
		),
		about("json.utf-8", "A body in another encoding of Unicode is refused.").orStatus(415).bodyErrors(malformed,
			"UTF-16 with the low byte first", inUTF16(named("Jane"), false), "UTF-16 with the high byte first", inUTF16(named("Jane"), true), "UTF-16 with a byte order mark", inUTF16("\ufeff"+named("Jane"), true), "UTF-32", inUTF32(named("Jane")),
		),
		about("lossless.escapes", "Half of a surrogate pair stands for no character: refused, replaced, or kept as an escape.").only(conformance.Observe).orStatus(200, 415).halfPairs(
			"the high half", `\ud800`, "the low half", `\udc00`, "two high halves", `\ud800\ud800`, "the halves exchanged", `\udc00\ud800`, "the high half and a letter", `\ud800\u0041`, "the high half at the end", `Jane\ud83d`,
		),
		about("json.utf-8", "Half of a surrogate pair is refused in names, and where it is ignored.").orStatus(200).bodyErrors(malformed,
			"the high half in a name", document(`{"\ud800":"Jane"}`), "the high half where it is ignored", `{"meta":"\ud800",`+document(`{}`)[1:],
		),
	}
}

// halfPairs adds vectors of a first name that other servers may keep as U+FFFD.
func (g *group) halfPairs(pairs ...string) *group {
	for name, escapes := range each(pairs) {
		g.bodyErrors([]vectors.Error{at("malformed-json", noSource)}, name, document(`{"firstName":"`+escapes+`"}`))
		// encoding/json replaces each half.
		after := g.before.with("/firstName", parseValue(`"`+escapes+`"`))
		g.last().AllowedAfter = append(g.last().AllowedAfter, after.text())
	}
	return g
}

// inUTF16 returns the text in UTF-16.
func inUTF16(s string, bigEndian bool) string {
	var b strings.Builder
	for _, unit := range unitsOf(s) {
		high, low := byte(unit>>8), byte(unit)
		if !bigEndian {
			high, low = low, high
		}
		b.Write([]byte{high, low})
	}
	return b.String()
}

// inUTF32 returns a text of ASCII in UTF-32, with the high byte first.
func inUTF32(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, "\x00\x00\x00%c", c)
	}
	return b.String()
}
