package servertest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"unicode/utf16"
)

// Whether values come back exactly as provided. A server may refuse a value by a rule
// of its own; it may not change one.
func losslessChecks() []check {
	return family("lossless",
		must("letters", "Letters beyond ASCII are kept.", pageProvided, losslessLetters),
		should("combining", "Precomposed and combining characters are kept as they are, or refused.", pageProvided, exactly("Zo\u00eb", "Zoe\u0308", "a\u0323\u0302", "\u1ead", "\u212b")),
		must("astral", "Characters beyond the basic plane are kept, or refused.", pageProvided, exactly("\U00020bb7\u91ce\u5bb6", "\U0001f600", "\U0001f469\u200d\U0001f469\u200d\U0001f467", "\U0001d11e")),
		must("separators", "Line separators, direction marks and other invisible characters are kept, or refused.", pageProvided, exactly("a\u2028b", "a\u2029b", "a\u200fb", "a\u202eb\u202cc", "a\u00a0b", "a\u200bb", "a\u00adb")),
		must("escapes", "JSON escapes, in names and in values, mean the characters that they stand for.", "page: fields get set to the provided values; RFC 8259, sections 7 and 8.3", losslessEscapes),
		must("metacharacters", "Characters that mean something to HTML, SQL, shells or templates are kept, or refused.", pageProvided, exactly(`O'Brien`, `a"b`, `<b>x</b>`, `a & b &amp; c`, `100 %s %d %%`, `a\b\\n`, `${x} {{x}} #{x}`, `x'; -- y`, "`x`", `a+b%20c`)),
		must("leading-zeros", "A postal code keeps its leading zeros, or is refused.", pageProvided, exactlyAt("/address/postalCode", "01067", "00501")),
		must("house-number", "A house number with a letter is kept, or refused.", pageProvided, exactlyAt("/address/houseNo", "18a", "18-20")),
		must("digits", "A house number of digits is accepted, as a text or as a number, and comes back as either.", "page, response example", losslessDigits),
		must("long", "A long text is kept whole, or refused.", pageProvided, losslessLong),
		must("control", "Control characters, NUL included, are kept, or refused.", pageProvided, exactly("a\x00b", "a\x01b", "a\x1b[31mb", "a\tb", "a\nb", "a\r\nb", "a\x7fb", "a\u0085b")),
		must("number", "A house number or postal code given as a number is kept, in either form, or refused.", "page, response example", losslessNumber),
		should("odd-number", "A number that is no house number is refused, or kept without rounding.", "RFC 8259, section 6", losslessOddNumber),
		observe("blanks", "Blanks around a text are kept, trimmed or refused.", pageProvided, losslessBlanks),
	)
}

// exactly asks for the values of free texts to be set exactly, or refused.
func exactly(values ...string) func(*trial) {
	return func(t *trial) {
		for rest := values; len(rest) > 0; {
			rest = t.setNext(t.freeTexts(), rest)
		}
	}
}

// exactlyAt asks for the values of one scalar to be set exactly, or refused.
func exactlyAt(pointer string, values ...string) func(*trial) {
	return func(t *trial) {
		t.needWritable(pointer)
		for _, v := range values {
			t.setOrRefuse(pointer, v)
		}
	}
}

// losslessLetters asks for the street of the page's example to be set.
func losslessLetters(t *trial) {
	exactly("M\u00fcller-Wei\u00df", "Fran\u00e7ois \u0141uk\u00e1\u0161", "\u0418\u0432\u0430\u043d", "\u7530\u4e2d", "\u05d3\u05d5\u05d3", "\u0130\u0131\u017f")(t)
	if t.notWritable("/address/street") == "" {
		t.mustSet("/address/street", "Haid-und-Neu-Stra\u00dfe")
	}
}

// losslessEscapes asks for a plain word to be set when it, and every name, is written
// in escapes.
func losslessEscapes(t *trial) {
	for i, v := range []any{t.word(), "Stra\u00dfe", "a\U0001f600b", `a/b"c\d`} {
		p, before := t.freeTexts()[0], t.read()
		a := t.send(t.escaped(t.setting(map[string]any{p: v})))
		if i == 0 || !t.refusedWhole(a, before, p, v) {
			t.expectSet(a, before, p, v)
		}
	}
}

var jsonString = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// escaped returns a patch in which every character of a name or a text is
// written as an escape.
func (t *trial) escaped(attributes object) *message {
	m := t.patchOf(t.target.User, attributes)
	m.body = jsonString.ReplaceAllFunc(m.body, func(literal []byte) []byte {
		var text string
		if err := json.Unmarshal(literal, &text); err != nil {
			panic(err) // encoding/json wrote it
		}
		var b bytes.Buffer
		for _, unit := range utf16.Encode([]rune(text)) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
		return []byte(`"` + b.String() + `"`)
	})
	return m
}

// losslessDigits asks for one of two forms to be set: the page shows numbers, and
// clients may send texts.
func losslessDigits(t *trial) {
	const p = "/address/houseNo"
	t.needWritable(p)
	t.mayOverwrite()
	asText := t.setOrRefuse(p, "18")
	asNumber := t.setOrRefuse(p, 19)
	if !asText && !asNumber {
		t.failf(`the house number "18" or 19 to be accepted`, "both refused")
	}
}

// losslessLong sets a short text afterwards, to keep later answers short. The upload of
// the longest text may be cut off.
func losslessLong(t *trial) {
	p := t.freeTexts()[0]
	for _, length := range []int{1 << 10, 64 << 10} {
		v := strings.Repeat("x", length-1) + "y"
		before := t.read()
		a := t.upload(t.patchOf(t.target.User, t.setting(map[string]any{p: v})))
		switch {
		case a == nil:
			t.expectState("after an upload that was cut off", before)
		case t.refusedWhole(a, before, p, v):
			t.observef("%d characters are refused with %d", length, a.status)
		default:
			t.expectSet(a, before, p, v)
			t.mustSet(p, t.fresh(p))
		}
	}
}

func losslessNumber(t *trial) {
	t.needWritable("/address/houseNo", "/address/postalCode")
	t.setOrRefuse("/address/houseNo", 24)
	t.setOrRefuse("/address/postalCode", 76135)
}

// losslessOddNumber compares by value: 1e3 may come back as 1000.
func losslessOddNumber(t *trial) {
	const p = "/address/houseNo"
	t.needWritable(p)
	t.mayOverwrite()
	for _, v := range []json.Number{"18.5", "1e3", "-1", "12345678901234567890"} {
		want, _ := rational(v.String())
		before := t.read()
		a := t.patch(t.setting(map[string]any{p: v}))
		if t.refusedWhole(a, before, p, v) {
			continue
		}
		t.observef("%s is accepted", v)
		t.expectTaken(a, before, p, v, func(text string, has bool) bool {
			got, ok := rational(text)
			return has && ok && got.Cmp(want) == 0
		})
	}
}

func losslessBlanks(t *trial) {
	p := t.freeTexts()[0]
	word := t.word()
	a := t.patch(t.setting(map[string]any{p: " " + word + " "}))
	r, err := a.record()
	if a.status != http.StatusOK || err != nil {
		t.observef("blanks around a text are answered with %d", a.status)
		return
	}
	switch r.state[p] {
	case " " + word + " ":
		t.observef("blanks around a text are kept")
	case word:
		t.observef("blanks around a text are trimmed")
	default:
		t.observef("blanks around a text are changed")
	}
}
