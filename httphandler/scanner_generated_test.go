package httphandler

import (
	"flag"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

var generated = flag.Int("generated", 20_000, "how many texts TestScannerOnGeneratedTexts makes")

// TestScannerOnGeneratedTexts compares the scanner with jsontext on JSON texts full of
// pitfalls, most of them with a mutation or two.
func TestScannerOnGeneratedTexts(t *testing.T) {
	good := 0
	for i := range *generated {
		g := generator{rand.New(rand.NewPCG(uint64(i), 1))}
		text := g.value(4)
		for range g.IntN(4) {
			text = g.mutated(text)
		}
		checkScanner(t, []byte(text))
		if t.Failed() {
			t.Fatalf("text %d", i)
		}
		if skipAll([]byte(text)) == nil {
			good++
		}
	}
	if good < *generated/5 || good > *generated*4/5 {
		t.Errorf("%d of %d texts are good: they tell little", good, *generated)
	}
}

type generator struct{ *rand.Rand }

func (g generator) oneOf(of []string) string { return of[g.IntN(len(of))] }

var (
	scalars = []string{
		"null", "true", "false", "0", "-0", "1", "-1", "10", "01067", "1.5", "1.", ".5", "-", "1e3", "1E+3", "1e-3", "1e", "1e+", "0x1", "00", "0e0", "-0.0", "9007199254740993", "1e400",
		"nul", "nulll", "True", "NaN",
	}
	strs = []string{
		`""`, `"a"`, `"b"`, `"a"`, `"\u0061"`, `"\u0041"`, `"ab"`, `"é"`, `"\u00e9"`, `"\u00E9"`, `"😀"`, `"\ud83d\ude00"`, `"\uD83D\uDE00"`, `"\""`, `"\\"`, `"\/"`, `"/"`, `"\b\f\n\r\t"`, `"\u0000"`, `"` + "\x7f" + `"`,
		`"\u2028"`, `"` + "\u2028" + `"`, `"<&>"`, `"` + "\ufffd" + `"`, `"` + "\ufeff" + `"`, `"~"`,
	}
	badStrings = []string{
		`"`, `"\`, `"\"`, `"\u`, `"\u00`, `"\u00g0"`, `"\x"`, `"\ud800"`, `"\ud800\u0041"`, `"\ud800\ud800"`, `"\udc00"`, `"\ud800\`, `"\ud800\udc0"`, `"` + "\x00" + `"`, `"` + "\x1f" + `"`, `"` + "\n" + `"`,
		`"` + "\xff" + `"`, `"` + "\xc3" + `"`, `"` + "\xed\xa0\x80" + `"`, `"` + "\xc0\x80" + `"`, `"` + "\xf4\x90\x80\x80" + `"`, `"` + "\xe2\x82" + `"`, `'a'`,
	}
	blanks   = []string{"", "", "", "", "", " ", "\n", "\r\n", "\t ", "\f", "\u00a0"}
	tokensOf = []string{
		"{", "}", "[", "]", ",", ":", `"`, `\`, "\x00", "\ufeff", "\xff", "0", "-", ".", "e", "//", "null", `"a":1`, `,"a":1`, `{}`, `[]`, " ",
	}
)

// blank returns white space, which is rarely invalid.
func (g generator) blank() string {
	if g.IntN(50) > 0 {
		return g.oneOf(blanks[:9])
	}
	return g.oneOf(blanks)
}

func (g generator) str() string {
	if g.IntN(60) == 0 {
		return g.oneOf(badStrings)
	}
	return g.oneOf(strs)
}

func (g generator) value(depth int) string {
	kind := g.IntN(10)
	switch {
	case depth == 0 && kind < 6 || kind < 2:
		return g.str()
	case depth == 0 || kind < 4:
		if g.IntN(8) > 0 {
			return g.oneOf(scalars[:8])
		}
		return g.oneOf(scalars)
	case kind == 4 && g.IntN(20) == 0:
		n := maxCompared - 3 + g.IntN(8)
		return objectOf(n, g.IntN(2*n)-n)
	case kind < 6:
		return g.list("[", "]", func(int) string { return g.value(depth - 1) })
	}
	return g.list("{", "}", func(i int) string {
		name := g.str()
		if g.IntN(10) > 0 {
			name = `"` + strconv.Itoa(i) + name[1:] // most names occur once
		}
		return name + g.blank() + ":" + g.blank() + g.value(depth-1)
	})
}

func (g generator) list(open, end string, element func(int) string) string {
	var b strings.Builder
	b.WriteString(open + g.blank())
	for i := range g.IntN(5) {
		if i > 0 {
			b.WriteString(g.blank() + "," + g.blank())
		}
		b.WriteString(element(i))
	}
	return b.String() + g.blank() + end
}

// mutated removes some bytes and perhaps inserts others.
func (g generator) mutated(text string) string {
	from := g.IntN(len(text) + 1)
	to := min(len(text), from+g.IntN(3))
	switch g.IntN(8) {
	case 0:
		return text[:from]
	case 1:
		return text[:from] + text[to:]
	case 2:
		return text[:from] + g.oneOf(tokensOf) + text[to:]
	case 3:
		return text[:from] + string([]byte{byte(g.IntN(256))}) + text[to:]
	case 4:
		return text[:from] + g.blank() + text[from:]
	}
	return text
}

// objectOf returns an object with n names. The last one is another spelling of the name
// with that number, or a new name if the number is negative.
func objectOf(n, twice int) string {
	var b strings.Builder
	b.WriteString("{")
	for i := range n {
		b.WriteString(`"x` + strconv.Itoa(i) + `":0,`)
	}
	last := `"y`
	if twice >= 0 {
		last = `"\u0078` + strconv.Itoa(twice)
	}
	return b.String() + last + `":0}`
}
