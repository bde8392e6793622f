package httphandler_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Objects and arrays may nest 64 levels deep, in ignored members too.
func TestDepth(t *testing.T) {
	nested := func(levels int) string {
		return strings.Repeat(`[{"a":`, levels/2) + "0" + strings.Repeat("}]", levels/2)
	}
	meta := func(levels int) string {
		return `{"meta":` + nested(levels) + `,"data":{` + user + `,"meta":` + nested(levels-2) + `,"attributes":{"@note":` + nested(levels-2) + `}}}`
	}
	tests := []struct {
		name, body string
		codes      []string
	}{
		{"62 levels in the document", meta(62), nil},
		{"64 levels in the document", meta(64), []string{"body-too-deep"}},
		{"62 levels below attributes", document(`{"@note":` + nested(62) + `}`), []string{"body-too-deep"}},
		{"60 levels in an attribute", document(`{"firstName":` + nested(60) + `}`), []string{"wrong-json-type"}},
		{"62 levels in an attribute", document(`{"firstName":` + nested(62) + `}`), []string{"body-too-deep"}},
		{"62 levels in the address", document(`{"address":{"houseNo":` + nested(62) + `}}`), []string{"body-too-deep"}},
		{"62 levels in an unknown attribute", document(`{"x":` + nested(62) + `}`), []string{"body-too-deep"}},
		{"no document", nested(64), []string{"wrong-json-type"}},
		{"no document, deeper", nested(66), []string{"body-too-deep"}},
		{"never closed", strings.Repeat("[", 50<<10), []string{"body-too-deep"}},
		{"malformed before it is too deep", `{"a":1,,"b":` + nested(66) + `}`, []string{"malformed-json"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := openEndpoint().send(t, exampleRequest(tt.body))
			if d := cmp.Diff(tt.codes, got.codes()); d != "" || (got.status == 200) != (tt.codes == nil) {
				t.Errorf("status %d, codes (-want +got):\n%s", got.status, d)
			}
		})
	}
}

// The error about malformed JSON tells the place: the pointer of a duplicate name, even
// within an array.
func TestMalformedSaysWhere(t *testing.T) {
	tests := []struct{ body, code, place, detail string }{
		{`{"data":{"id":1,"id":2}}`, "duplicate-member", "pointer /data/id", ""},
		{`{"meta":[{},[0,{"a/b":1,"a/b":2}]]}`, "duplicate-member", "pointer /meta/1/1/a~1b", ""},
		{`{"` + strings.Repeat("x", 300) + `":{"a":1,"a":2}}`, "duplicate-member", "pointer ", ""},
		{`{"meta":{"` + strings.Repeat("~", 200) + `":1,"` + strings.Repeat("~", 200) + `":2}}`, "duplicate-member", "pointer /meta", ""},
		{` {"data":tru}`, "malformed-json", "", "see byte 9."},
		{`{"data":"` + "\n" + `"}`, "malformed-json", "", "see byte 8."},
		{`{"data":"\x"}`, "malformed-json", "", "see byte 8."},
		{`{"data":"\`, "malformed-json", "", "see byte 8."},
		{`{"data":1.}`, "malformed-json", "", "see byte 8."},
		{`{"data":1 "a"`, "malformed-json", "", "see byte 10."},
		{`{`, "malformed-json", "", "see byte 1."},
		{"\ufeff{}", "malformed-json", "", "see byte 0."},
		{`{} {}`, "malformed-json", "", "There is more in the body after the JSON text."},
		{" \r\n", "malformed-json", "", "The body is empty."},
		{"", "malformed-json", "", "The body is empty."},
	}
	for _, tt := range tests {
		t.Run(tt.body[:min(len(tt.body), 40)], func(t *testing.T) {
			got := openEndpoint().send(t, exampleRequest(tt.body))
			if got.status != 422 || len(got.errors) != 1 {
				t.Fatalf("status %d, %s", got.status, got.body)
			}
			e := got.errors[0]
			if e.Code != tt.code || e.place() != tt.place || !strings.HasSuffix(*e.Detail, tt.detail) {
				t.Errorf("%s at %q: %s", e.Code, e.place(), *e.Detail)
			}
		})
	}
}
