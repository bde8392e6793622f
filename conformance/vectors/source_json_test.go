package vectors_test

import (
	"encoding/json"
	"strings"

	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/vectors"
)

var jane = document(`{"firstName":"Jane"}`)

// edited returns the body that sets the first name to Jane, with one thing changed.
func edited(old, new string) string {
	if !strings.Contains(jane, old) {
		panic(old)
	}
	return strings.Replace(jane, old, new, 1)
}

func jsonTheme() theme {
	malformed := []vectors.Error{at("malformed-json", noSource)}
	groups := []*group{
		about("json.whitespace", "Blanks, tabs and line ends between the tokens make no difference.").good(
			"before and after", " \t\r\n"+jane+"\r\n\t ", "around every colon", strings.ReplaceAll(jane, ":", " :\n"), "around every comma", strings.ReplaceAll(jane, ",", "\t,\r\n"), "within the braces", strings.NewReplacer("{", "{ ", "}", " }").Replace(jane),
		),
		about("lossless.escapes", "Names may be written with escapes.").good(
			"the name of the attribute", edited(`"firstName"`, `"\u0066irstName"`), "the names of the document", edited(`"data":{"type":"User"`, `"\u0064ata":{"t\u0079pe":"\u0055ser"`),
		),
		about("json.empty-body", "A body without a JSON text is refused.").bodyErrors(malformed, "empty", "", "blanks only", " \r\n\t"),
		about("json.malformed json.choice", "What is not JSON is refused.").orStatus(415).bodyErrors(malformed,
			"a word", "sorry", "a form", "firstName=Jane", "XML", "<data/>", "YAML", "data:\n  type: User\n",
			"only the beginning", `{`, "cut off in a name", jane[:20], "cut off in a value", jane[:len(jane)-6], "cut off by one", jane[:len(jane)-1], "cut off after a colon", `{"data":`, "cut off after a backslash", `{"data":"\`,
			"no comma", edited(`,"attributes"`, ` "attributes"`), "no colon", edited(`"firstName":`, `"firstName" `), "no value", edited(`"Jane"`, ``), "a colon twice", edited(`"firstName":`, `"firstName"::`), "the wrong bracket", edited(`"Jane"}`, `"Jane"]`), "a value without a name", edited(`"firstName":"Jane"`, `"Jane"`), "a comma first", edited(`"firstName"`, `,"firstName"`),
			"a text that does not end", edited(`Jane"`, `Jane`), "a literal that is cut off", edited(`"Jane"`, `nul`), "a literal with more behind it", edited(`"Jane"`, `nulls`),
		),
		about("json.malformed json.choice", "Escapes that JSON has not are refused, or read.").only(conformance.Observe).orStatus(200).bodyErrors(malformed,
			"an escape of JavaScript", edited("Jane", `\x41`), "an escape of three digits", edited("Jane", `\u00e`), "an escape with a capital U", edited("Jane", `\U0041`), "an escape with a sign", edited("Jane", `\u+041`), "a backslash before a letter", edited("Jane", `\Jane`),
		),
		about("json.malformed json.choice", "Literals of other languages are refused.").only(conformance.Should).bodyErrors(malformed,
			"a literal with a capital", edited(`"Jane"`, `True`), "undefined", edited(`"Jane"`, `undefined`),
			"zeros before a number", document(`{"address":{"houseNo":018}}`), "a plus before a number", document(`{"address":{"houseNo":+18}}`), "a number that ends with a point", document(`{"address":{"houseNo":18.}}`), "a number that begins with a point", document(`{"address":{"houseNo":.5}}`), "a hexadecimal number", document(`{"address":{"houseNo":0x12}}`), "a minus alone", document(`{"address":{"houseNo":-}}`), "an exponent without digits", document(`{"address":{"houseNo":1e}}`), "underscores in a number", document(`{"address":{"houseNo":1_000}}`),
		),
		about("json.malformed lossless.control", "A control character in a text must be an escape; other servers may read it.").named("control").orLeaves(nil).unescaped(
			"NUL", "Ja\x00ne", "the first after NUL", "Ja\x01ne", "a tab", "Ja\tne", "a line feed", "Ja\nne", "carriage return", "Ja\rne",
		),
		about("json.extensions", "What some readers take beside JSON is refused, or read.").orLeaves(toJane).extension(
			"a comma last in an object", edited(`"Jane"`, `"Jane",`), "a comma last in the document", edited(`"}}}`, `"}},}`), "a comment", edited(`"Jane"`, `"Jane"/* x */`), "a comment to the end of the line", edited(`{"data"`, "{//x\n\"data\""), "single quotes", strings.ReplaceAll(jane, `"`, `'`), "a name without quotes", edited(`"firstName"`, `firstName`),
			"NaN", document(`{"firstName":"Jane","address":{"houseNo":NaN}}`), "Infinity", document(`{"firstName":"Jane","address":{"houseNo":Infinity}}`), "a form feed as white space", "\f"+jane, "a no-break space as white space", "\u00a0"+jane, "a byte order mark", "\ufeff"+jane, "a record separator first (RFC 7464)", "\x1e"+jane,
		),
		about("json.trailing", "Anything after the document is refused.").named("trailing").bodyErrors(malformed,
			"a brace", jane+"}", "a comma", jane+",", "a letter", jane+"x", "NUL", jane+"\x00", "the document again", jane+jane, "the document again on a line of its own", jane+"\n"+jane, "null", jane+" null", "a comment", jane+"// x", "a byte order mark", jane+"\ufeff",
		),
		about("json.malformed", "A byte order mark alone is no JSON text.").bodyErrors(malformed, "byte order mark alone", "\ufeff"),
	}
	return theme{"json", "The body is one strict JSON text (RFC 8259).", append(groups, append(duplicateGroups(), sizeGroups()...)...)}
}

func toJane(before record, _ string, _ any) []record {
	return []record{before.with("/firstName", "Jane")}
}

// extension adds vectors of bodies that are no JSON, but read as such somewhere.
func (g *group) extension(pairs ...string) *group {
	for name, body := range each(pairs) {
		g.bodyErrors([]vectors.Error{at("malformed-json", noSource)}, name, body)
		if g.elsewhere != nil {
			g.allow(g.last(), "/firstName", "Jane")
		}
	}
	return g
}

// unescaped adds vectors of a first name with a control character as it is.
func (g *group) unescaped(pairs ...string) *group {
	for name, value := range each(pairs) {
		g.bodyErrors([]vectors.Error{at("malformed-json", noSource)}, name, edited("Jane", value))
		g.last().AllowedAfter = []json.RawMessage{g.before.with("/firstName", value).text()}
	}
	return g
}

// A twice is a body with a name twice, and the records that it may leave elsewhere.
type twice struct {
	name, body, pointer string
	patches             []string // one for each way to read it
}

func duplicateGroups() []*group {
	const both = `"type":"User","id":"` + userID + `"`
	g := about("json.duplicate", "A name twice in an object is refused, or one of the two counts.").orStatus(200)
	for _, d := range []twice{
		{"an attribute", document(`{"firstName":"Jane","firstName":"Jim"}`), "/data/attributes/firstName", []string{`{"firstName":"Jane"}`, `{"firstName":"Jim"}`}},
		{"an attribute with the same value", document(`{"firstName":"Jane","firstName":"Jane"}`), "/data/attributes/firstName", []string{`{"firstName":"Jane"}`}},
		{"an attribute, once with an escape", document(`{"firstName":"Jane","\u0066irstName":"Jim"}`), "/data/attributes/firstName", []string{`{"firstName":"Jane"}`, `{"firstName":"Jim"}`}},
		{"an attribute, once null", document(`{"firstName":null,"gender":"female","firstName":"Jane"}`), "/data/attributes/firstName", []string{`{"firstName":null,"gender":"female"}`, `{"firstName":"Jane","gender":"female"}`}},
		{"a member of the address", document(`{"address":{"street":"Rue Cler","street":"Rue X"}}`), "/data/attributes/address/street", []string{`{"address":{"street":"Rue Cler"}}`, `{"address":{"street":"Rue X"}}`}},
		{"the address", document(`{"address":{"street":"Rue Cler"},"address":{"region":"IDF"}}`), "/data/attributes/address", []string{`{"address":{"street":"Rue Cler"}}`, `{"address":{"region":"IDF"}}`, `{"address":{"street":"Rue Cler","region":"IDF"}}`}},
		{"attributes", `{"data":{` + both + `,"attributes":{"firstName":"Jane"},"attributes":{"lastName":"Doe"}}}`, "/data/attributes", []string{`{"firstName":"Jane"}`, `{"lastName":"Doe"}`, `{"firstName":"Jane","lastName":"Doe"}`}},
		{"data", `{"data":{` + both + `,"attributes":{"firstName":"Jane"}},"data":{` + both + `,"attributes":{"firstName":"Jim"}}}`, "/data", []string{`{"firstName":"Jane"}`, `{"firstName":"Jim"}`}},
		{"type", `{"data":{"type":"User",` + both + `,"attributes":{"firstName":"Jane"}}}`, "/data/type", []string{`{"firstName":"Jane"}`}},
		{"id", `{"data":{` + both + `,"id":"` + userID + `","attributes":{"firstName":"Jane"}}}`, "/data/id", []string{`{"firstName":"Jane"}`}},
		{"meta", `{"meta":{},"meta":{},` + jane[1:], "/meta", []string{`{"firstName":"Jane"}`}},
		{"a name deep in meta", `{"meta":{"a":[0,{"b/c":1,"b/c":2}]},` + jane[1:], "/meta/a/1/b~1c", []string{`{"firstName":"Jane"}`}},
		{"an unknown attribute", document(`{"firstName":"Jane","nope":1,"nope":2}`), "/data/attributes/nope", []string{`{"firstName":"Jane"}`}},
	} {
		g.body("duplicate-member", d.pointer, "twice "+d.name, d.body)
		for _, patch := range d.patches {
			p := parseRecord(patch)
			g.last().AllowedAfter = append(g.last().AllowedAfter, g.before.merged(p).text())
			if _, ok := p["address"]; ok {
				g.last().AllowedAfter = append(g.last().AllowedAfter, g.before.replaced(p).text())
			}
		}
	}
	return []*group{g}
}

func sizeGroups() []*group {
	const limit = 64 << 10
	padded := func(size int) string { return jane + strings.Repeat(" ", size-len(jane)) }
	nested := func(levels int) string {
		return `{"meta":` + strings.Repeat("[", levels) + strings.Repeat("]", levels) + "," + jane[1:]
	}
	return []*group{
		about("json.large", "A body of 64 KiB is taken.").orStatus(400, 413, 422).good("64 KiB", padded(limit)),
		about("json.large", "A longer body is refused, or read.").orLeaves(toJane).orStatus(413).large("64 KiB and a byte", padded(limit+1)),
		about("json.depth", "64 levels are taken.").orStatus(400, 413, 422).good("20 levels where they are ignored", nested(19), "64 levels where they are ignored", nested(63)),
		about("json.depth", "More levels are refused, or read.").orLeaves(toJane).orStatus(413).deep("65 levels where they are ignored", nested(64), "a thousand levels where they are ignored", nested(999), "eight thousand levels where they are ignored", nested(7999)),
		about("json.depth", "More levels are refused as an attribute, too.").named("unknown").orLeaves(unchanged).body("body-too-deep", noSource, "many levels", document(`{"nope":`+strings.Repeat("[", 500)+strings.Repeat("]", 500)+`}`)),
		about("json.depth", "Levels that are not closed are refused.").body("body-too-deep", noSource, "arrays that are not closed", strings.Repeat("[", 1000), "objects that are not closed", strings.Repeat(`{"a":`, 1000)),
		about("lossless.odd-number json.depth", "Numbers that are ignored may be of any size.").only("OBSERVE").orRefused().good("huge numbers where they are ignored", `{"meta":[1e400,-1e-400,`+strings.Repeat("9", 5000)+`],`+jane[1:]),
	}
}

func (g *group) large(name, body string) *group {
	g.body("body-too-large", noSource, name, body)
	g.allow(g.last(), "", nil)
	return g
}

func (g *group) deep(pairs ...string) *group {
	for name, body := range each(pairs) {
		g.body("body-too-deep", noSource, name, body)
		g.allow(g.last(), "", nil)
	}
	return g
}
