package httphandler_test

import (
	stdjson "encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/httphandler/handlertest"
)

const (
	exampleID = handlertest.ExampleID
	user      = `"type":"User","id":"` + exampleID + `"`
	jane      = `{"data":{` + user + `,"attributes":{"firstName":"Jane"}}}`
	noSource  = "-" // the error has no source
)

// bodyTests are bodies with the pointers of the errors in the answer, in any order. A
// body without errors is answered with 200, any other with 422.
var bodyTests = []struct {
	name     string
	body     string
	pointers []string
}{
	{"good", jane, nil},
	{"good, members in another order", `{"data":{"attributes":{"firstName":"Jane"},"id":"` + exampleID + `","type":"User"}}`, nil},
	{"good, white space", " \t\r\n" + strings.ReplaceAll(jane, ":", " :\n") + "\r\n\t ", nil},
	{"good, escaped names", `{"\u0064ata":{"t\u0079pe":"\u0055ser","\u0069d":"` + exampleID + `","attributes":{"\u0066irstName":"Jane"}}}`, nil},
	{"no attributes", `{"data":{` + user + `}}`, nil},
	{"the page's example", exampleJSON, nil},

	// Not one JSON text in UTF-8.
	{"empty", "", []string{noSource}},
	{"blank", " \r\n\t", []string{noSource}},
	{"garbage", "sorry", []string{noSource}},
	{"form", "firstName=Jane", []string{noSource}},
	{"opened", `{`, []string{noSource}},
	{"truncated in a name", jane[:20], []string{noSource}},
	{"truncated in a value", jane[:len(jane)-6], []string{noSource}},
	{"truncated by one", jane[:len(jane)-1], []string{noSource}},
	{"brace too many", jane + "}", []string{noSource}},
	{"comma after", jane + ",", []string{noSource}},
	{"garbage after", jane + "x", []string{noSource}},
	{"NUL after", jane + "\x00", []string{noSource}},
	{"two documents", jane + jane, []string{noSource}},
	{"two documents on lines", jane + "\n" + jane, []string{noSource}},
	{"null after", jane + " null", []string{noSource}},
	{"trailing comma", strings.Replace(jane, `"Jane"`, `"Jane",`, 1), []string{noSource}},
	{"leading comma", strings.Replace(jane, `"firstName"`, `,"firstName"`, 1), []string{noSource}},
	{"no comma", strings.Replace(jane, `,"attributes"`, ` "attributes"`, 1), []string{noSource}},
	{"no colon", strings.Replace(jane, `"firstName":`, `"firstName" `, 1), []string{noSource}},
	{"comment", strings.Replace(jane, `"Jane"`, `"Jane"/* x */`, 1), []string{noSource}},
	{"line comment", jane + "// x", []string{noSource}},
	{"single quotes", strings.ReplaceAll(jane, `"`, `'`), []string{noSource}},
	{"name without quotes", strings.Replace(jane, `"firstName"`, `firstName`, 1), []string{noSource}},
	{"NaN", strings.Replace(jane, `"Jane"`, `NaN`, 1), []string{noSource}},
	{"Infinity", strings.Replace(jane, `"Jane"`, `Infinity`, 1), []string{noSource}},
	{"undefined", strings.Replace(jane, `"Jane"`, `undefined`, 1), []string{noSource}},
	{"True", strings.Replace(jane, `"Jane"`, `True`, 1), []string{noSource}},
	{"nul", strings.Replace(jane, `"Jane"`, `nul`, 1), []string{noSource}},
	{"leading zero", document(`{"address":{"houseNo":018}}`), []string{noSource}},
	{"plus sign", document(`{"address":{"houseNo":+18}}`), []string{noSource}},
	{"point at the end", document(`{"address":{"houseNo":18.}}`), []string{noSource}},
	{"hexadecimal", document(`{"address":{"houseNo":0x12}}`), []string{noSource}},
	{"bad escape", strings.Replace(jane, "Jane", `\x41`, 1), []string{noSource}},
	{"short escape", strings.Replace(jane, "Jane", `\u00e`, 1), []string{noSource}},
	{"raw control character", strings.Replace(jane, "Jane", "Ja\x01ne", 1), []string{noSource}},
	{"raw line feed", strings.Replace(jane, "Jane", "Ja\nne", 1), []string{noSource}},
	{"raw NUL", strings.Replace(jane, "Jane", "Ja\x00ne", 1), []string{noSource}},
	{"form feed as white space", "\f" + jane, []string{noSource}},
	{"no-break space as white space", "\u00a0" + jane, []string{noSource}},
	{"BOM", "\ufeff" + jane, []string{noSource}},
	{"BOM only", "\ufeff", []string{noSource}},
	{"UTF-16 BE", inUTF16(jane, true), []string{noSource}},
	{"UTF-16 LE", inUTF16(jane, false), []string{noSource}},
	{"UTF-16 BE with BOM", inUTF16("\ufeff"+jane, true), []string{noSource}},
	{"UTF-32", "\x00\x00\x00{", []string{noSource}},
	{"invalid byte in a value", strings.Replace(jane, "Jane", "J\xff", 1), []string{noSource}},
	{"Latin-1", strings.Replace(jane, "Jane", "Ren\xe9", 1), []string{noSource}},
	{"overlong UTF-8", strings.Replace(jane, "Jane", "\xc0\xaf", 1), []string{noSource}},
	{"surrogate in UTF-8", strings.Replace(jane, "Jane", "\xed\xa0\x80", 1), []string{noSource}},
	{"truncated UTF-8", strings.Replace(jane, "Jane", "\xf0\x9f\x98", 1), []string{noSource}},
	{"beyond Unicode", strings.Replace(jane, "Jane", "\xf4\x90\x80\x80", 1), []string{noSource}},
	{"invalid byte in a name", strings.Replace(jane, "firstName", "first\xff", 1), []string{noSource}},
	{"invalid byte where it is ignored", `{"meta":"` + "\xff" + `",` + jane[1:], []string{noSource}},
	{"invalid byte between", jane[:8] + "\xff" + jane[8:], []string{noSource}},
	{"lone high surrogate", strings.Replace(jane, "Jane", `\ud800`, 1), []string{noSource}},
	{"lone low surrogate", strings.Replace(jane, "Jane", `\udc00`, 1), []string{noSource}},
	{"two high surrogates", strings.Replace(jane, "Jane", `\ud800\ud800`, 1), []string{noSource}},
	{"surrogates the wrong way", strings.Replace(jane, "Jane", `\udc00\ud800`, 1), []string{noSource}},
	{"high surrogate and a letter", strings.Replace(jane, "Jane", `\ud800\u0041`, 1), []string{noSource}},
	{"lone surrogate in a name", strings.Replace(jane, "firstName", `\ud800`, 1), []string{noSource}},
	{"lone surrogate where it is ignored", `{"meta":"\ud800",` + jane[1:], []string{noSource}},

	// Duplicate names in an object, at any level, in any spelling. The error points
	// to the name.
	{"data twice", jane[:len(jane)-1] + "," + jane[1:], []string{"/data"}},
	{"data twice, escaped", jane[:len(jane)-1] + "," + strings.Replace(jane[1:], "data", `\u0064ata`, 1), []string{"/data"}},
	{"type twice", `{"data":{` + user + `,"type":"User"}}`, []string{"/data/type"}},
	{"id twice", `{"data":{` + user + `,"id":"` + exampleID + `"}}`, []string{"/data/id"}},
	{"attributes twice", `{"data":{` + user + `,"attributes":{"firstName":"Jane"},"attributes":{}}}`, []string{"/data/attributes"}},
	{"attribute twice", document(`{"firstName":"Jane","firstName":"Jane"}`), []string{"/data/attributes/firstName"}},
	{"attribute twice, escaped", document(`{"firstName":"Jane","\u0066irstName":"Jim"}`), []string{"/data/attributes/firstName"}},
	{"attribute twice, apart", document(`{"firstName":null,"gender":"male","address":{},"firstName":"Jane"}`), []string{"/data/attributes/firstName"}},
	{"createdAt twice", document(`{"createdAt":"2021-09-01T23:12:56Z","createdAt":"2021-09-01T23:12:56Z"}`), []string{"/data/attributes/createdAt"}},
	{"address twice", document(`{"address":{"street":"a"},"address":{"region":"b"}}`), []string{"/data/attributes/address"}},
	{"member of the address twice", document(`{"address":{"houseNo":1,"houseNo":1}}`), []string{"/data/attributes/address/houseNo"}},
	{"member of the address twice, escaped", document(`{"address":{"houseNo":1,"house\u004eo":1}}`), []string{"/data/attributes/address/houseNo"}},
	{"meta twice", `{"meta":{},"meta":{},` + jane[1:], []string{"/meta"}},
	{"name twice in meta", `{"meta":{"a":{"b":1,"b":2}},` + jane[1:], []string{"/meta/a/b"}},
	{"name twice in an unknown member", `{"data":{` + user + `,"x":[{"b":1,"\u0062":2}]}}`, []string{"/data/x/0/b"}},
	{"name twice in an unknown attribute", document(`{"x":{"b":1,"b":2}}`), []string{"/data/attributes/x/b"}},
	{"unknown attribute twice", document(`{"x":1,"x":1}`), []string{"/data/attributes/x"}},

	// Deep, large and long.
	{"some depth where it is ignored", nested(20, jane), nil},
	{"depth bomb", nested(15000, jane), []string{noSource}},
	{"depth bomb, open", strings.Repeat("[", 60000), []string{noSource}},
	{"depth bomb of objects", strings.Repeat(`{"a":`, 10500), []string{noSource}},
	{"depth bomb in an attribute", document(`{"x":` + strings.Repeat("[", 15000) + strings.Repeat("]", 15000) + `}`), []string{noSource}},
	{"huge numbers where they are ignored", `{"meta":[1e400,-1e-400,` + strings.Repeat("9", 5000) + `],` + jane[1:], nil},
	{"64 KiB", padded(jane, 64<<10), nil},
	{"64 KiB and a byte", padded(jane, 64<<10+1), []string{noSource}},
	{"64 KiB in ignored members", `{"meta":"` + strings.Repeat("x", 64<<10-len(jane)-10) + `",` + jane[1:], nil},
	{"1 MiB", padded(jane, 1<<20), []string{noSource}},

	// The shape of the document.
	{"null", "null", []string{""}},
	{"true", "true", []string{""}},
	{"number", "1", []string{""}},
	{"string", `"x"`, []string{""}},
	{"array", `[` + jane + `]`, []string{""}},
	{"no data", `{}`, []string{""}},
	{"meta only", `{"meta":{}}`, []string{""}},
	{"errors only", `{"errors":[]}`, []string{""}},
	{"DATA", strings.Replace(jane, "data", "DATA", 1), []string{""}},
	{"Data", strings.Replace(jane, "data", "Data", 1), []string{""}},
	{"data with a blank", strings.Replace(jane, "data", "data ", 1), []string{""}},
	{"data null", `{"data":null}`, []string{"/data"}},
	{"data true", `{"data":true}`, []string{"/data"}},
	{"data number", `{"data":1}`, []string{"/data"}},
	{"data string", `{"data":"x"}`, []string{"/data"}},
	{"data array", `{"data":[{` + user + `}]}`, []string{"/data"}},
	{"data empty array", `{"data":[]}`, []string{"/data"}},
	{"data empty", `{"data":{}}`, []string{"/data", "/data"}},
	{"attributes null", `{"data":{` + user + `,"attributes":null}}`, []string{"/data/attributes"}},
	{"attributes true", document(`true`), []string{"/data/attributes"}},
	{"attributes number", document(`1`), []string{"/data/attributes"}},
	{"attributes string", document(`"x"`), []string{"/data/attributes"}},
	{"attributes array", document(`[{"firstName":"Jane"}]`), []string{"/data/attributes"}},
	{"ATTRIBUTES sets nothing", strings.Replace(jane, "attributes", "ATTRIBUTES", 1), nil},

	// Type and id.
	{"no type", `{"data":{"id":"` + exampleID + `"}}`, []string{"/data"}},
	{"TYPE", strings.Replace(jane, "type", "TYPE", 1), []string{"/data"}},
	{"type null", withTypeAndID(`null`, `"`+exampleID+`"`), []string{"/data/type"}},
	{"type number", withTypeAndID(`1`, `"`+exampleID+`"`), []string{"/data/type"}},
	{"type object", withTypeAndID(`{}`, `"`+exampleID+`"`), []string{"/data/type"}},
	{"type array", withTypeAndID(`["User"]`, `"`+exampleID+`"`), []string{"/data/type"}},
	{"type empty", withTypeAndID(`""`, `"`+exampleID+`"`), []string{"/data/type"}},
	{"type in lower case", withTypeAndID(`"user"`, `"`+exampleID+`"`), []string{"/data/type"}},
	{"type in capitals", withTypeAndID(`"USER"`, `"`+exampleID+`"`), []string{"/data/type"}},
	{"type in plural", withTypeAndID(`"users"`, `"`+exampleID+`"`), []string{"/data/type"}},
	{"type with a long s", withTypeAndID(`"Uſer"`, `"`+exampleID+`"`), []string{"/data/type"}},
	{"type with a blank", withTypeAndID(`"User "`, `"`+exampleID+`"`), []string{"/data/type"}},
	{"foreign type", withTypeAndID(`"Car"`, `"`+exampleID+`"`), []string{"/data/type"}},
	{"no id", `{"data":{"type":"User","attributes":{"firstName":"Jane"}}}`, []string{"/data"}},
	{"ID", strings.Replace(jane, `"id"`, `"ID"`, 1), []string{"/data"}},
	{"lid", strings.Replace(jane, `"id"`, `"lid"`, 1), []string{"/data"}},
	{"id null", withTypeAndID(`"User"`, `null`), []string{"/data/id"}},
	{"id number", withTypeAndID(`"User"`, `1`), []string{"/data/id"}},
	{"id object", withTypeAndID(`"User"`, `{}`), []string{"/data/id"}},
	{"id empty", withTypeAndID(`"User"`, `""`), []string{"/data/id"}},
	{"foreign id", withTypeAndID(`"User"`, `"11111111-2222-4333-8444-555555555555"`), []string{"/data/id"}},
	{"id is no UUID", withTypeAndID(`"User"`, `"x"`), []string{"/data/id"}},
	{"id as a URN", withTypeAndID(`"User"`, `"urn:uuid:`+exampleID+`"`), []string{"/data/id"}},
	{"id in braces", withTypeAndID(`"User"`, `"{`+exampleID+`}"`), []string{"/data/id"}},
	{"id of 32 digits", withTypeAndID(`"User"`, `"`+strings.ReplaceAll(exampleID, "-", "")+`"`), []string{"/data/id"}},
	{"id with a blank", withTypeAndID(`"User"`, `"`+exampleID+` "`), []string{"/data/id"}},
	{"id in capitals", withTypeAndID(`"User"`, `"`+strings.ToUpper(exampleID)+`"`), nil},
	{"escaped id", withTypeAndID(`"User"`, `"\u0063`+exampleID[1:]+`"`), nil},
	{"foreign type and id", withTypeAndID(`"Car"`, `"x"`), []string{"/data/type", "/data/id"}},
	{"foreign type, no id", `{"data":{"type":"Car"}}`, []string{"/data/type", "/data"}},

	// Other members of a document are ignored.
	{"meta, links, jsonapi", `{"jsonapi":{"version":"1.1"},"links":{"self":"/x"},"meta":{"a":1},` + jane[1:], nil},
	{"meta after", jane[:len(jane)-1] + `,"meta":{}}`, nil},
	{"null meta and links", `{"meta":null,"links":null,"jsonapi":null,` + jane[1:], nil},
	{"unknown members", `{"foo":[1,{"a":null}],"included":[],"errors":[],` + jane[1:], nil},
	{"@-members", `{"@c":1,"data":{"@t":{"firstName":"x"},` + user + `,"attributes":{"@a":[1],"firstName":"Jane","address":{"@b":null}}}}`, nil},
	{"meta and links of the resource", `{"data":{"meta":{},"links":{"self":"/x"},"lid":"x",` + user + `,"attributes":{"firstName":"Jane"}}}`, nil},
	{"unknown members of the resource", `{"data":{"foo":1,"firstName":"Jim","Attributes":{"firstName":"Jim"},` + user + `,"attributes":{"firstName":"Jane"}}}`, nil},
	{"empty relationships", `{"data":{` + user + `,"relationships":{},"attributes":{"firstName":"Jane"}}}`, nil},
	{"relationships", `{"data":{` + user + `,"relationships":{"car":{"data":null}},"attributes":{"firstName":"Jane"}}}`, []string{"/data/relationships"}},
	{"@-members in relationships", `{"data":{` + user + `,"relationships":{"@a":1},"attributes":{"firstName":"Jane"}}}`, nil},
	{"relationships null", `{"data":{` + user + `,"relationships":null}}`, []string{"/data/relationships"}},
	{"relationships array", `{"data":{` + user + `,"relationships":[]}}`, []string{"/data/relationships"}},
	{"relationships and a bad attribute", `{"data":{` + user + `,"relationships":{"a":{},"b":{}},"attributes":{"gender":"x"}}}`, []string{"/data/relationships", "/data/attributes/gender"}},
	{"relationships at the top", `{"relationships":{"car":{}},` + jane[1:], nil},

	// Several errors at once.
	{"everything", `{"data":{"type":"Car","id":"x","relationships":{"a":{}},"attributes":{"firstName":1,"gender":"x","createdAt":null,"nope":1,"address":{"country":"de","nope":1}}}}`,
		[]string{"/data/type", "/data/id", "/data/relationships", "/data/attributes/firstName", "/data/attributes/gender", "/data/attributes/createdAt", "/data/attributes/nope", "/data/attributes/address/country", "/data/attributes/address/nope"}},
	{"faults before a syntax error", `{"data":{"type":"Car","id":"x","attributes":{"gender":"x"}`, []string{noSource}},
	{"faults before a duplicate", `{"data":{"type":"Car","id":"x","id":"x"}}`, []string{"/data/id"}},
}

// valueTests are accepted JSON values of each attribute, and values that are answered
// with 422 and the pointer of the attribute.
var valueTests = []struct {
	pointer   jsontext.Pointer
	good, bad []string
}{
	{"/firstName", []string{`"Jane"`, `""`, `null`, long("x", 1024), long("😀", 1024), long(`\u00e9`, 1024)}, append([]string{long("x", 1025), long("é", 1025), long("😀", 1025), long("x", 60000)}, notText...)},
	{"/lastName", []string{`"Doe"`, `""`, `null`, long("x", 1024)}, append([]string{long("x", 1025)}, notText...)},
	{"/email", []string{`"a@b.example"`, `"user+tag@example.com"`, `"o'brien@example.com"`, `"\"a b\"@example.com"`, `"用户@例え.jp"`, `"a..b@docomo.ne.jp"`, `".a@docomo.ne.jp"`, `"\"\"@example.org"`, `"a@[IPv6:2001:db8::1]"`, `null`,
		long("x", 242, "@example.com")}, append([]string{
		`""`, `" "`, `"no-at"`, `"@example.com"`, `"a@"`, `"a@b@c"`, `" a@b.example"`, `"a@b.example "`, `"a @b.example"`, `"a@ b.example"`, `"<a@b.example>"`, `"Jane <a@b.example>"`,
		`"a@b.example, c@d.example"`, `"a@b.example;c@d.example"`, `"mailto:a@b.example"`, `"a@example..com"`, `"a@.example.com"`, `"a@[nowhere]"`, `"a@example.com(comment)"`, `"a@b.example\r\nBcc: c@d.example"`,
		long("x", 243, "@example.com")}, notText...)},
	{"/phoneNumber", []string{`"+1 (425) 555-1212"`, `"112"`, `"0721.555/12-3"`, `"(0721) 555"`, `"+49721555;ext=12"`, `"+49721555;ext=1-2"`, `"+1 425 555 0123 ext. 5"`, `"0121 234 5678 x5"`, `"02 2123 4567#5"`, `null`}, append([]string{
		`""`, `" "`, `"+"`, `"abc"`, `"()"`, `"123abc"`, `"1+2"`, `"++1"`, `"tel:+1"`, `"1;ext="`, `"1;ext=a"`, `"1;isub=1"`, `"٠١٢"`, `"１２３"`, `"1\t2"`, long("1", 1025)}, notText...)},
	{"/pictureUrl", []string{`"https://x.example/a?b#c"`, `"http://x.example"`, `"http://127.0.0.1:80/"`, `"https://[::1]/"`, `null`, long("x", 2048-18, "https://x.example/")}, append([]string{
		`""`, `"x"`, `"/a"`, `"//x.example/a"`, `"x.example/a"`, `"ftp://x.example/a"`, `"javascript:alert(1)"`, `"data:image/png;base64,AAAA"`, `"file:///etc/passwd"`, `"https:"`, `"https://"`, `"https:///a"`, `"https:x.example"`,
		`"https://:80/"`, `"https://x.example/a b"`, `" https://x.example/"`, `"https://x.example/\u003cscript\u003e"`, `"https://x.example/%zz"`, `"https://x.example:port/"`, long("x", 2048-17, "https://x.example/")}, notText...)},
	{"/gender", []string{`"male"`, `"female"`, `"other"`, `"m\u0061le"`, `null`}, append([]string{`""`, `"Male"`, `"MALE"`, `"m"`, `"male "`, `"unknown"`, `"mаle"`, long("x", 1025)}, notText...)},
	{"/birthDate", []string{`"1997-07-21"`, `"1997-07-21T00:00:00.000Z"`, `"1997-07-21T00:00:00Z"`, `"1997-07-21T12:34:56.789+02:00"`, `"1997"`, `"0000-07-21"`, `"0000-02-29"`, `"2000-02-29"`, `"2999-01-01"`, `null`}, append([]string{
		`""`, `"x"`, `"1997-02-29"`, `"1997-02-30"`, `"1900-02-29"`, `"1997-13-01"`, `"1997-00-01"`, `"1997-01-00"`, `"1997-04-31"`, `"0000-13-01"`, `"0000-00-00"`, `"1997-7-21"`, `"97-07-21"`, `"19970721"`, `"1997-07"`,
		`"1997-202"`, `"1997-W30-1"`, `"21.07.1997"`, `"07/21/1997"`, `"1997-07-21 "`, `" 1997"`, `"+1997-07-21"`, `"-1997-07-21"`, `"1997-07-21T00:00:00"`, `"1997-07-21 00:00:00Z"`, `"1997-07-21T24:00:00Z"`, `"1997-07-21T25:00:00Z"`,
		`"1997-07-21T00:60:00Z"`, `"1997-02-30T00:00:00Z"`, `"1997-07-21T00:00Z"`, `"1997-07-21T00:00:00,5Z"`, `"1997-07-21T00:00:00.Z"`, `"1997-07-21T0:00:00Z"`, `"1997-07-21T00:00:00+24:00"`, `"１９９７-07-21"`, `"869443200"`}, append(notText, `869443200`)...)},
	{"/locale", []string{`"de-DE"`, `"en"`, `"en_US"`, `"zh-Hant-TW"`, `"sr-Latn-RS"`, `"de-CH-1901"`, `"x-private"`, `"en-x-y"`, `"es-419"`, `"de-DE-u-co-phonebk"`, `"DE-de"`, `null`}, append([]string{
		`""`, `"!!"`, `"d"`, `"de-"`, `"-de"`, `"de--DE"`, `"de DE"`, `" de"`, `"de-DE "`, `"de-toolongsubtag"`, `"de;q=0.5"`, `"de,en"`, `"*"`, `"1"`, `"dé"`, `"de.UTF-8"`, long("x", 1025)}, notText...)},
	{"/zoneInfo", []string{`"Europe/Berlin"`, `"UTC"`, `"US/Eastern"`, `"Asia/Calcutta"`, `"Asia/Kolkata"`, `"America/Argentina/Buenos_Aires"`, `"Etc/GMT+5"`, `"EST5EDT"`, `null`}, append([]string{
		`""`, `"Local"`, `"local"`, `"Mars/Phobos"`, `"europe/berlin"`, `"EUROPE/BERLIN"`, `"Europe"`, `"Europe/"`, `"Europe/Berlin "`, `" UTC"`, `"Europe/Berlin\n"`, `"../../etc/passwd"`, `"/usr/share/zoneinfo/UTC"`, `"posixrules"`, `"zone.tab"`, `"GMT+25"`, `"+01:00"`, long("x", 1025)}, notText...)},
	{"/address", []string{`{}`, `null`, `{"street":"x"}`}, []string{`"x"`, `""`, `1`, `true`, `false`, `[]`, `[{"street":"x"}]`}},
	{"/address/country", []string{`"DE"`, `"XX"`, `null`}, append([]string{`""`, `"D"`, `"DEU"`, `"de"`, `"De"`, `"D1"`, `"ÄÖ"`, `"DE "`, `" DE"`, `"Germany"`, `"ＤＥ"`, long("X", 1025)}, notText...)},
	{"/address/locality", []string{`"x"`, `""`, `null`, long("é", 1024)}, append([]string{long("x", 1025)}, notText...)},
	{"/address/street", []string{`"x"`, `""`, `null`, long("é", 1024)}, append([]string{long("x", 1025)}, notText...)},
	{"/address/additionalAddressLink", []string{`"x"`, `""`, `null`, long("é", 1024)}, append([]string{long("x", 1025)}, notText...)},
	{"/address/region", []string{`"x"`, `""`, `null`, long("é", 1024)}, append([]string{long("x", 1025)}, notText...)},
	{"/address/houseNo", []string{`"18a"`, `"018"`, `"-0"`, `""`, `null`, `0`, `18`, `9007199254740991`, long("1", 1024)}, append([]string{long("1", 1025)}, notTextOrInt...)},
	{"/address/postalCode", []string{`"01067"`, `"SW1A 1AA"`, `""`, `null`, `0`, `76131`, `9007199254740991`, long("1", 1024)}, append([]string{long("1", 1025)}, notTextOrInt...)},

	// Not attributes at all.
	{"/nope", nil, []string{`1`, `null`, `"x"`, `{}`, `[]`, `{"a":[1,{"b":"\u0000"}]}`, `1e400`}},
	{"/id", nil, []string{`"` + exampleID + `"`, `null`}},
	{"/type", nil, []string{`"User"`, `null`}},
	{"/role", nil, []string{`"admin"`}},
	{"/password", nil, []string{`"x"`}},
	{"/emailVerified", nil, []string{`true`}},
	{"/updatedAt", nil, []string{`"2021-09-01T23:12:56Z"`}},
	{"/houseNo", nil, []string{`18`}},
	{"/FIRSTNAME", nil, []string{`"x"`, `null`}},
	{"/firstname", nil, []string{`"x"`}},
	{"/firſtName", nil, []string{`"x"`}}, // encoding/json reads this long s as an s
	{"/first_name", nil, []string{`"x"`}},
	{"/firstName ", nil, []string{`"x"`}},
	{"/address.street", nil, []string{`"x"`}},
	{"/", nil, []string{`1`}},
	{"/~0", nil, []string{`1`}},
	{"/a~1b~0c", nil, []string{`1`}},
	{"/%2f\u2028<\"", nil, []string{`1`}},
	{"/address/nope", nil, []string{`1`, `null`, `{}`}},
	{"/address/firstName", nil, []string{`"x"`}},
	{"/address/STREET", nil, []string{`"x"`}},
	{"/address/Country", nil, []string{`"DE"`}},
	{"/address/address", nil, []string{`{}`}},
	{"/address/~1", nil, []string{`1`}},
	{"/address/", nil, []string{`1`}},
}

// notText are refused for every text. No value may contain a control character.
var (
	notText      = append([]string{`18`, `1.5`}, notTextOrInt[len(notInt):]...)
	notInt       = []string{`-1`, `-0`, `1.0`, `18.5`, `1e3`, `1E3`, `0e0`, `1e400`, `-1e400`, `9007199254740992`, `12345678901234567890`, strings.Repeat("9", 5000)}
	notTextOrInt = append(slices.Clone(notInt), `true`, `false`, `[]`, `{}`, `["x"]`, `{"a":"x"}`,
		`"a\u0000b"`, `"\u0000"`, `"a\u0007"`, `"\b"`, `"\t"`, `"\n"`, `"\f"`, `"\r"`, `"\u001f"`, `"\u007f"`, `"`+"\u007f"+`"`, `"\u0085"`, `"`+"\u009f"+`"`)
)

// long returns a JSON string of a repeated character, with a text before or after it.
func long(char string, n int, around ...string) string {
	s := strings.Repeat(char, n)
	for _, a := range around {
		if strings.HasPrefix(a, "http") {
			s = a + s
		} else {
			s += a
		}
	}
	return `"` + s + `"`
}

func TestValues(t *testing.T) {
	rows := 0
	for _, tt := range valueTests {
		send := func(value string, pointers ...string) {
			rows++
			t.Run(string(tt.pointer)+" "+value[:min(len(value), 60)], func(t *testing.T) { testBody(t, patchAt(t, tt.pointer, value), pointers) })
		}
		for _, value := range tt.good {
			send(value)
		}
		for _, value := range tt.bad {
			send(value, "/data/attributes"+string(tt.pointer))
		}
	}
	t.Logf("%d values", rows)
}

// patchAt returns a document that sets the attribute at the pointer, and another one
// that must not be set if the first is refused.
func patchAt(t *testing.T, pointer jsontext.Pointer, value string) string {
	t.Helper()
	name, err := stdjson.Marshal(pointer.LastToken())
	require.NoError(t, err)
	member := string(name) + ":" + value
	if pointer.Parent() == "/address" {
		member = `"address":{` + member + `}`
	}
	before, after := `"lastName":"Doe",`, `,"gender":"female"`
	if pointer == "/lastName" {
		before = ""
	}
	if pointer == "/gender" {
		after = ""
	}
	return document("{" + before + member + after + "}")
}

func withTypeAndID(typ, id string) string {
	return `{"data":{"type":` + typ + `,"id":` + id + `,"attributes":{"firstName":"Jane"}}}`
}

// nested inserts an array of this depth before the first member.
func nested(depth int, doc string) string {
	return `{"meta":` + strings.Repeat("[", depth) + strings.Repeat("]", depth) + "," + doc[1:]
}

func padded(doc string, size int) string { return doc + strings.Repeat(" ", size-len(doc)) }

func inUTF16(s string, bigEndian bool) string {
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune(s)) {
		high, low := byte(unit>>8), byte(unit)
		if !bigEndian {
			high, low = low, high
		}
		b.Write([]byte{high, low})
	}
	return b.String()
}

func TestBodies(t *testing.T) {
	for _, tt := range bodyTests {
		t.Run(tt.name, func(t *testing.T) { testBody(t, tt.body, tt.pointers) })
	}
}

// testBody sends the body, with and without a Content-Length.
func testBody(t *testing.T, body string, pointers []string) {
	t.Helper()
	status, places := 200, []string(nil)
	for _, p := range pointers {
		status = 422
		if p == noSource {
			places = append(places, "")
		} else {
			places = append(places, "pointer "+p)
		}
	}
	slices.Sort(places)
	for _, length := range []int64{int64(len(body)), -1} {
		r := exampleRequest(body)
		r.ContentLength = length
		if length < 0 {
			r.Body = io.NopCloser(strings.NewReader(body))
		}
		got := openEndpoint().send(t, r)
		wantReply(t, got, status, places...)
		checkPointers(t, body, got)
	}
}

// checkPointers checks that each pointer is valid (RFC 6901) and points to a value in
// the body, as JSON:API 1.1 requires. It skips bodies with duplicate names, in which
// pointers are ambiguous.
func checkPointers(t testing.TB, body string, got reply) {
	t.Helper()
	var doc any
	ambiguous := !jsontext.Value(body).IsValid() || stdjson.Unmarshal([]byte(body), &doc) != nil
	for _, e := range got.errors {
		if e.Source == nil || e.Source.Pointer == nil {
			continue
		}
		if p := jsontext.Pointer(*e.Source.Pointer); !p.IsValid() || !ambiguous && !resolves(doc, p) {
			t.Errorf("%q points to nothing in the body", p)
		}
	}
}

func resolves(doc any, pointer jsontext.Pointer) bool {
	for name := range pointer.Tokens() {
		switch container := doc.(type) {
		case map[string]any:
			value, ok := container[name]
			if !ok {
				return false
			}
			doc = value
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(container) {
				return false
			}
			doc = container[i]
		default:
			return false
		}
	}
	return true
}

// At most 32 errors are shown; the last one says how many are left out.
func TestManyErrors(t *testing.T) {
	for _, n := range []int{1, 31, 32, 33, 40, 500} {
		var names []string
		for i := range n {
			names = append(names, fmt.Sprintf(`"unknown%d":%d`, i, i))
		}
		got := openEndpoint().patch(t, "{"+strings.Join(names, ",")+"}")
		if got.status != 422 || len(got.errors) != min(n, 32) {
			t.Fatalf("%d faults: status %d, %d errors", n, got.status, len(got.errors))
		}
		last := got.errors[len(got.errors)-1]
		for i, e := range got.errors[:len(got.errors)-1] {
			if want := fmt.Sprintf("pointer /data/attributes/unknown%d", i); e.place() != want {
				t.Errorf("error %d is at %s, want %s", i, e.place(), want)
			}
		}
		leftOut := last.Source == nil && last.Detail != nil && strings.HasPrefix(*last.Detail, fmt.Sprintf("%d ", n-31))
		if leftOut != (n > 32) {
			t.Errorf("%d faults: the last error is %s, %q", n, last.Code, last.place())
		}
	}
}

// Several relationships are one error, even if there is no room to show it.
func TestManyErrorsAreCountedOnce(t *testing.T) {
	var names []string
	for i := range 33 {
		names = append(names, fmt.Sprintf(`"unknown%d":1`, i))
	}
	body := `{"data":{` + user + `,"attributes":{` + strings.Join(names, ",") + `},"relationships":{"a":1,"b":2,"c":3}}}`
	got := openEndpoint().send(t, exampleRequest(body))
	if len(got.errors) != 32 || !strings.HasPrefix(*got.errors[31].Detail, "3 ") { // 34 errors, of which 31 are shown
		t.Errorf("%d errors, the last says %q", len(got.errors), *got.errors[len(got.errors)-1].Detail)
	}
}

// The answer repeats names. A small request must not cause a large answer.
func TestLongNamesMakeNoLongAnswer(t *testing.T) {
	chars := map[string]string{
		"letter": "x", "slash": "/", "tilde": "~", "less": "<", "quote": `\"`, "control": `\u0001`, "two bytes": "é", "four bytes": "😀", "escaped": `\u00e9`, "line separator": "\u2028",
	}
	for what, char := range chars {
		for _, n := range []int{1, 3, 31, 60} {
			length := 60000 / n / len(char)
			var members []string
			for i := range n {
				members = append(members, fmt.Sprintf(`"%d%s":1`, i, strings.Repeat(char, length-5)))
			}
			for _, attributes := range []string{"{" + strings.Join(members, ",") + "}", `{"address":{` + strings.Join(members, ",") + `}}`} {
				got := openEndpoint().patch(t, attributes)
				if limit := 2 << 10 * min(n, 32); got.status != 422 || len(got.body) > limit {
					t.Errorf("%d names of a %s: status %d, %d bytes, want at most %d", n, what, got.status, len(got.body), limit)
				}
				if len(got.errors) == 0 || len(got.errors) > 32 {
					t.Errorf("%d names of a %s: %d errors", n, what, len(got.errors))
				}
				checkPointers(t, document(attributes), got)
			}
		}
	}
}

// A host can choose to ignore unknown attributes. Nothing else changes then.
func TestIgnoreUnknownAttributes(t *testing.T) {
	options := httphandler.Options{IgnoreUnknownAttributes: true}
	tests := map[string][]string{
		`{"nope":1,"firstName":"Jane","address":{"nope":{},"street":"x"}}`: nil,
		`{"FIRSTNAME":"Jim","firſtName":"Jim","firstName":"Jane"}`:         nil,
		`{"nope":1,"gender":"x","address":{"nope":1,"country":"x"}}`:       {"pointer /data/attributes/address/country", "pointer /data/attributes/gender"},
		`{"nope":1,"createdAt":null}`:                                      {"pointer /data/attributes/createdAt"},
		`{"nope":{"a":1,"a":1}}`:                                           {"pointer /data/attributes/nope/a"},
	}
	for attributes, places := range tests {
		e := newEndpoint(httphandler.InsecureAllowEveryone(), options)
		got := e.patch(t, attributes)
		if d := cmp.Diff(append([]string{}, places...), got.places()); d != "" || (got.status == 200) != (places == nil) {
			t.Errorf("%s: status %d, places (-want +got):\n%s", attributes, got.status, d)
		}
		if name := e.exampleUser(t).Attributes.FirstName; got.status == 200 && name != text("Jane") {
			t.Errorf("%s: another first name", attributes)
		}
	}
}
