package servertest

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// A hider keeps tokens, and the values that users had before the run, out of
// reports, in whatever form a server shows them.
type hider struct {
	tokens hiddenSet
	values hiddenSet
	short  []string // the variables whose tokens are too short to be hidden
	show   bool     // do not hide the values
}

// minToken is how many characters a token has, at least, that is hidden, and of which
// others are made. To replace every occurrence of a shorter one would spoil the report,
// and it protects nothing.
const minToken = 8

func newHider(target *Target, showValues bool) *hider {
	h := &hider{show: showValues}
	for _, t := range target.shellTokens() {
		if len(t.value) < minToken {
			h.short = append(h.short, t.expression)
			continue
		}
		h.addToken(t.value, "["+t.expression+"]")
		for _, form := range encodings(t.value) {
			h.addToken(form, "["+t.expression+", encoded]")
		}
		// What is left of it where a server cuts texts off gives most of it away.
		quarter := len(t.value) / 4
		h.addToken(t.value[:len(t.value)-quarter], "[most of "+t.expression+"]")
		h.addToken(t.value[quarter:], "[most of "+t.expression+"]")
	}
	for _, t := range damagedTokens(target.Token) {
		if !strings.EqualFold(t.value, target.Token) { // found in any case already
			h.addToken(t.value, "[ACCESS_TOKEN, changed]")
		}
	}
	return h
}

func (h *hider) addToken(text, instead string) {
	if len(text) >= minToken {
		h.tokens.add(hiddenText{text: text, instead: instead, anyCase: true})
	}
}

// encodings returns the token as a form reads it, in base16, and in base64 as it stands
// there alone or after other bytes, as in Basic credentials; less the characters that
// depend on its neighbours.
func encodings(token string) []string {
	forms := []string{hex.EncodeToString([]byte(token)), strings.ReplaceAll(token, "+", " ")}
	for before := range 3 {
		text := append(make([]byte, before), token...)
		first, last := (before*8+5)/6, len(text)*8/6
		for _, e := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			forms = append(forms, e.EncodeToString(text)[first:last])
		}
	}
	return forms
}

// notes says which tokens are not hidden.
func (h *hider) notes() (notes []string) {
	for _, variable := range h.short {
		notes = append(notes, fmt.Sprintf("%s has fewer than %d characters, too few to be hidden: this report may show it.", variable, minToken))
	}
	return notes
}

// add hides the values of the record from now on. Values from a short list, single
// characters and words of the operation tell nothing about a person and stay.
func (h *hider) add(r *record) {
	for _, p := range pointers {
		v, ok := lookup(r.attributes, p)
		if _, closed := choices[p]; !ok || closed && p != "/phoneNumber" {
			continue
		}
		text, madeUp := fmt.Sprint(v), madeUpValue(p, v)
		switch {
		case len(text) < 2, slices.Contains(ownWords, text):
		case len(text) < 5:
			// Such as a house number. It is hidden only as a whole value.
			for _, around := range [][2]string{{`"`, `"`}, {":", ","}, {":", "}"}} {
				h.values.add(hiddenText{
					text: around[0] + text + around[1], instead: around[0] + "[hidden]" + around[1],
					madeUp: around[0] + madeUp + around[1], verbatim: true,
				})
			}
		default:
			h.values.add(hiddenText{text: text, instead: "[hidden]", madeUp: madeUp})
		}
	}
}

// ownWords are words of every request, and could be a value too: a street named Street.
var ownWords = []string{"data", "type", "User", "attributes", "address", "country", "locality", "street", "region", "gender", "locale", "errors", "users", "email"}

// text returns s without what the hider hides.
func (h *hider) text(s string) string {
	s = h.tokens.replaceIn(s, func(t *hiddenText) string { return t.instead })
	if h.show {
		return s
	}
	return h.values.replaceIn(s, func(t *hiddenText) string { return t.instead })
}

// body returns the body of a request with values of the same JSON types in place of
// those that the hider hides.
func (h *hider) body(s string) string {
	if h.show {
		return s
	}
	return h.values.replaceIn(s, func(t *hiddenText) string { return t.madeUp })
}
