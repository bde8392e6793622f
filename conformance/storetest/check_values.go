package storetest

import (
	"errors"
	"strings"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/userstore"
)

// Whether values come back exactly as they were provided. A Store may refuse a value for
// a reason of its own, with ErrInvalid; it may not store another.
func valueChecks() []check {
	lossless := func(id, title string, texts []string) check {
		return must(id, title+" come back exactly as provided.", "Patch", func(t *trial) { checkTexts(t, texts) })
	}
	accepts := must("accepts", "Every text that Attributes.Check lets pass is accepted.", "Patch", checkAccepts)
	accepts.Level = conformance.Should
	return []check{
		lossless("unicode", "Letters of every kind, combined and composed, and characters outside the basic plane", unicodeTexts),
		lossless("blanks", "Spaces around, inside and instead of a text", blankTexts),
		lossless("case", "Capitals, and letters that folding would change,", caseTexts),
		lossless("metacharacters", "Characters that mean something to SQL, JSON, formats and shells", metaTexts),
		lossless("digits", "Texts of digits, with leading zeros, signs, points and exponents,", digitTexts),
		must("empty-text", "The empty text is a value: it comes back, and is not absent.", "Patch", func(t *trial) { checkTexts(t, []string{""}) }),
		must("integers", "An integer comes back as an integer and a text of digits as a text, from 0 to 2^53-1.", "Patch", checkIntegers),
		must("longest", "The longest values, of characters that take four bytes in UTF-8, come back whole.", "Patch", checkLongest),
		accepts,
	}
}

var (
	unicodeTexts = []string{
		"Zoë Müller-Ñandú", "Łukasz Żółć", "Ωμέγα", "Иван Ё", "محمد", "שָׁלוֹם", "नमस्ते", "李小龍", "ｶﾀｶﾅ", "각",
		"e\u0301", "\u00e9", "\u1e9b\u0323", "\u212b", "\u00c5", // the same after normalization
		"\U0001f469\u200d\U0001f680", "\U0001f1e9\U0001f1ea", "\U00020000", "\U0010ffff",
		"\ufeffa", "a\u200b", "\u202eabc\u202c", "a\u2028b", "\ufffd", "\uffff", "\u00ad", "ﬁ", "\u0130ı",
	}
	blankTexts = []string{" Ada", "Ada ", "  Ada   King  ", " ", "\u00a0Ada\u00a0", "\u3000", "Ada\u2003King"}
	caseTexts  = []string{"ADA", "ada", "aDa", "Straße", "STRASSE", "\u1e9e", "ſ", "ς"}
	metaTexts  = []string{
		"O'Brien", `"quoted"`, `back\slash`, `\`, `\\`, `\n`, `\u0041`, "''", "'; DROP TABLE users; --", "/* x */", "# x", "100%", "_", "%s%d%n",
		"$1", "?", ":name", "@p1", "${x}", "{{x}}", "$$", "<b>&amp;</b>", "null", "NULL", "true", "{}", `{"a":1}`, "[]", "a,b;c|d", "`x`", "~", "=1+1", "+A1",
	}
	digitTexts = []string{"0", "007", "01067", "-1", "+5", "1.0", "1e3", "0x10", "18", "12345678901234567890", "NaN", "Infinity"}
)

func checkTexts(t *trial, texts []string) {
	u := t.newUser(plainAttributes(0))
	s := t.open(u)
	for _, text := range texts {
		t.setOrRefuse(s, u.ID, everywhere(text))
	}
}

// everywhere returns a patch that sets all scalars without a format.
func everywhere(v string) userstore.Attributes {
	var patch userstore.Attributes
	for _, c := range scalars {
		if c.free {
			patch = c.with(patch, textValue(v))
		}
	}
	return patch
}

// setOrRefuse patches the user, and fails unless the Store sets exactly what the patch
// provides, or refuses it as invalid and changes nothing.
func (t *trial) setOrRefuse(s userstore.Store, id uuid.UUID, patch userstore.Attributes) {
	before := t.get(s, id).Attributes
	got, err := s.Patch(t.ctx, id, patch)
	switch {
	case errors.Is(err, userstore.ErrInvalid):
		t.observef("refused %s", showAttributes(patch))
		t.expect("read after a refused patch", before, t.get(s, id).Attributes)
		return
	case err != nil:
		t.failf("Patch to take "+showAttributes(patch), "the error %q", err)
	}
	want := before.Merge(patch)
	t.expect("returned by Patch", want, got.Attributes)
	t.expect("read after Patch", want, t.get(s, id).Attributes)
}

func checkIntegers(t *trial) {
	u := t.newUser(plainAttributes(0))
	s := t.open(u)
	for _, c := range scalars {
		if c.either == nil {
			continue
		}
		for _, v := range []textOrInt{intValue(18), textValue("18"), intValue(18), intValue(0), textValue("0"), textValue("018"), intValue(1 << 31), intValue(userstore.MaxInt), textValue("9007199254740991")} {
			t.setOrRefuse(s, u.ID, c.with(userstore.Attributes{}, v))
		}
	}
}

// longest returns the longest value of the scalar. All its characters take four bytes,
// and its end differs from the rest, so that a shortened value is another.
func (c scalar) longest() string { return strings.Repeat("\U0001f600", c.max-1) + "\U0001f601" }

func checkLongest(t *trial) {
	u := t.newUser(plainAttributes(0))
	s := t.open(u)
	for _, c := range scalars {
		t.setOrRefuse(s, u.ID, c.to(c.longest()))
	}
	t.setOrRefuse(s, u.ID, everywhere(scalars[0].longest()))
}

// checkAccepts asks for the values to be set that the other checks let a Store refuse.
func checkAccepts(t *trial) {
	u := t.newUser(plainAttributes(0))
	s := t.open(u)
	var patches []userstore.Attributes
	for _, texts := range [][]string{unicodeTexts, blankTexts, caseTexts, metaTexts, digitTexts, {""}} {
		for _, text := range texts {
			patches = append(patches, everywhere(text))
		}
	}
	patches = append(patches, everywhere(scalars[0].longest()))
	for _, patch := range patches {
		if _, err := s.Patch(t.ctx, u.ID, patch); errors.Is(err, userstore.ErrInvalid) {
			t.failf("Patch to take "+showAttributes(patch), "the error %q", err)
		}
	}
}
