package jsonvalue

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// byTheBook is Parse by what others wrote: encoding/json reads what jsontext finds valid.
func byTheBook(text []byte) (v any, ok bool) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return v, jsontext.Value(text).IsValid() && d.Decode(&v) == nil
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{
		`{"data":{"type":"User","id":"1","attributes":{"firstName":"Ren\u00e9","houseNo":12,"x":[1,"a",null,true,{}]}}}`,
		` [] `, `{}`, `null`, `true`, `false`, `""`, `-0`, `1e400`, `12345678901234567890`, `1.50`, `[[[1],[]],[{}]]`,
		`"\ud83d\ude00 \n\"\\\/ é"`, `{"":{"":[]}}`, `{"a":null}`,

		``, ` `, `{`, `[`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`, `[1`, `[1,`, `[1,]`, `{,}`, `{"a":1,}`, `}`, `]`, `[}`, `{]`,
		`1 2`, `{}{}`, `{} x`, `nul`, `01`, `1.`, `"a`, `"\x"`, "\"\n\"", `{1:2}`, `{"a" "b"}`, "\ufeff{}", `'a'`, `NaN`, `[1]//`,
		"\"\xff\"", "{\"\xff\":1}", `"\ud800"`, `{"a":1,"a":2}`, `{"a":1,"\u0061":2}`, `[{"b":{"c":1,"c":1}}]`,
		strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000), strings.Repeat("[", 10_001) + strings.Repeat("]", 10_001),
		strings.Repeat(`{"a":`, 9_999) + "1" + strings.Repeat("}", 9_999),
		`["` + strings.Repeat("[", 10_001) + `"]`, `["\"` + strings.Repeat("{", 10_001) + `"]`, strings.Repeat("[],", 10_001),
		"[" + strings.Repeat("[],", 10_001) + "[]]",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		before := bytes.Clone(text)
		want, ok := byTheBook(text)
		got, err := Parse(text)
		if (err == nil) != ok {
			t.Fatalf("%.100q: %v, want it to be read: %v", text, err, ok)
		}
		// cmp.Diff would take forever on ten thousand levels.
		if ok && !reflect.DeepEqual(want, got) {
			t.Errorf("%.100q\ngot  %.100v\nwant %.100v", text, got, want)
		}
		if !bytes.Equal(before, text) {
			t.Errorf("%.100q: the text was changed", before)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	text := []byte(`{"data":{"type":"User","id":"c0daf39b-4df5-4241-9e7d-b1b85f829090","attributes":{"firstName":"Ren\u00e9","lastName":"Smith","email":"a@example.com","phoneNumber":"+49 721 1","gender":"male","birthDate":"1997-07-21","address":{"country":"DE","locality":"Karlsruhe","houseNo":12},"locale":"de-DE","zoneInfo":"Europe/Berlin"}}}`)
	for name, parse := range map[string]func([]byte) (any, bool){
		"one pass": func(text []byte) (any, bool) { v, err := Parse(text); return v, err == nil },
		"two":      byTheBook,
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				parse(text)
			}
		})
	}
}
