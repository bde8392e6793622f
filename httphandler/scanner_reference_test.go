package httphandler

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/userrecord/userrecord/userstore"
	"github.com/userrecord/userrecord/userstore/plain/plaintest"
)

// referenceText is the method text, byte by byte.
func referenceText(s *scanner) ([]byte, error) {
	start := s.at
	for at := start + 1; at < len(s.json); at++ {
		switch c := s.json[at]; {
		case c == '\\':
			at++
		case c == '"':
			text, err := jsontext.AppendUnquote(nil, s.json[start:at+1])
			if err == nil {
				s.at = at + 1
			}
			return text, err
		}
	}
	return nil, errSyntax
}

// Strings are read as the reference reads them, or refused as there. They are plain only
// where no code has to look at them again.
func TestTextOnGeneratedStrings(t *testing.T) {
	good := 0
	for i := range *generated {
		json := []byte(`["` + plaintest.Text(uint64(i)) + `"` + plaintest.Text(uint64(i+1)))
		got, want := scanner{json: json, at: 1}, scanner{json: json, at: 1}
		text, err := got.text()
		wantText, wantErr := referenceText(&want)
		if (err == nil) != (wantErr == nil) || got.at != want.at || err == nil && string(text) != string(wantText) {
			t.Fatalf("%q: %q, %v, at %d; want %q, %v, at %d", json, text, err, got.at, wantText, wantErr, want.at)
		}
		if err != nil {
			continue
		}
		good++
		if got.runes != notPlain && got.runes != utf8.RuneCount(text) {
			t.Fatalf("%q has %d code points", text, got.runes)
		}
		checkWritten(t, string(text), got.runes != notPlain)
	}
	if good < *generated/5 || good > *generated*4/5 {
		t.Errorf("%d of %d strings are good: they tell little", good, *generated)
	}
}

// checkWritten checks that a text is written as jsontext writes it, known to be plain or
// not.
func checkWritten(t *testing.T, text string, plain bool) {
	t.Helper()
	want, err := jsontext.AppendQuote([]byte(`"x":`), text)
	var got, known encoder
	got.member(`"x":"`, text)
	if plain {
		known.plainMember(`"x":"`, text)
	} else {
		known = got
	}
	if err != nil || got.err != nil || string(got.buf) != string(want) || string(got.buf) != string(known.buf) {
		t.Fatalf("%q is written %s, and %s if known; want %s, %v", text, got.buf, known.buf, want, err)
	}
}

// A patch that decode finds plain passes the fixed check, so nothing has to check it
// again. Most patches of plain values are found plain, up to the limits.
func TestPlainPatchesPassCheck(t *testing.T) {
	found := 0
	const runs = 20_000
	for i := range runs {
		text := plaintest.Text(uint64(i))
		if i%8 == 0 {
			text = strings.Repeat("é", userstore.MaxEmail-2+i/8%5)
		} else if i%8 == 1 {
			text = strings.Repeat("漢", userstore.MaxText-2+i/8%5)
		}
		name := memberNames[i%len(memberNames)]
		body := `{"data":{"attributes":{"` + name + `":"` + text + `","address":{"` + name + `":"` + text + `"}}}}`
		buf, d := takeBuffer(), decoder{ignoreUnknown: true}
		buf.bytes = append(buf.bytes[:0], body...)
		if err := d.decode(buf); err != nil || d.unplain {
			continue
		}
		found++
		if err := d.patch.Check(); err != nil {
			t.Fatalf("%s %q is found plain: %v", name, text, err)
		}
	}
	if found < runs/4 {
		t.Errorf("only %d patches are found plain", found)
	}
}

var memberNames = []string{"firstName", "email", "pictureUrl", "zoneInfo", "street", "houseNo", "postalCode"}
