package httphandler

import (
	cryptorand "crypto/rand"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/userrecord/userrecord/userstore"
	"github.com/userrecord/userrecord/userstore/plain"
)

// A text is known to be plain only if it is the one in the patch.
func TestKnownTextIsTheSame(t *testing.T) {
	var e encoder
	value, known := userstore.Value(`a"c`), userstore.Value("abc")
	e.text(`"x":"`, &value, &known)
	either, knownEither := userstore.Value(userstore.Text(`a"c`)), userstore.Value(userstore.Text("abc"))
	e.textOrInt(`,"y":"`, &either, &knownEither)
	if got, want := string(e.buf), `"x":"a\"c","y":"a\"c"`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// A text is written as jsontext writes it, or fails as there.
func TestMemberIsQuotedAsInJSONText(t *testing.T) {
	parts := []string{"a", "~", "/", "<&>", "\x7f", "é", "漢", "😀", "\u2028", "\ufffd", `"`, `\`, "\n", "\x00", "\xff", "\xc3", "\xed\xa0\x80"}
	random := rand.New(rand.NewPCG(1, 1))
	seen := map[bool]int{}
	for range 20_000 {
		var text strings.Builder
		for range random.IntN(6) {
			text.WriteString(parts[random.IntN(len(parts))])
		}
		want, wantErr := jsontext.AppendQuote([]byte(`"x":`), text.String())
		var e encoder
		e.member(`"x":"`, text.String())
		if (e.err == nil) != (wantErr == nil) || wantErr == nil && string(e.buf) != string(want) {
			t.Fatalf("%q is written %s, %v; want %s, %v", text.String(), e.buf, e.err, want, wantErr)
		}
		seen[wantErr == nil]++
	}
	if seen[true] < 1000 || seen[false] < 1000 {
		t.Errorf("%d good texts and %d bad ones", seen[true], seen[false])
	}
}

// The titles and ids, which appendErrors writes as they are, are plain.
func TestOurTextsArePlain(t *testing.T) {
	texts := slices.AppendSeq([]string{cryptorand.Text()}, maps.Values(titles))
	for _, text := range texts {
		if _, ok := plain.Runes(text); !ok {
			t.Errorf("%q is not plain", text)
		}
	}
}
