package servertest

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// A hiddenText is a text that no report shows.
type hiddenText struct {
	text     string
	instead  string
	madeUp   string // a value of the same JSON type, for a line that can be run
	anyCase  bool   // of ASCII letters
	verbatim bool   // not in other forms
}

// lengthAt returns the length of the text, in any of its forms, at the beginning of s,
// or 0.
func (t *hiddenText) lengthAt(s string) int {
	if !t.verbatim {
		return matchForm(s, t.text, t.anyCase)
	}
	if strings.HasPrefix(s, t.text) {
		return len(t.text)
	}
	return 0
}

// A hiddenSet holds the texts by their first byte, each list with the longest text first.
// Texts are found in one pass.
type hiddenSet struct {
	beginning [256][]hiddenText
	mayBegin  [256]bool // a form of a text
}

func (h *hiddenSet) add(t hiddenText) {
	bytes := t.text[:1]
	if t.anyCase && bytes[0] < utf8.RuneSelf {
		bytes = strings.ToLower(bytes) + strings.ToUpper(bytes)
	}
	for i := range len(bytes) {
		list := h.beginning[bytes[i]]
		at := slices.IndexFunc(list, func(other hiddenText) bool { return len(other.text) <= len(t.text) })
		switch {
		case at < 0:
			list = append(list, t)
		case !slices.ContainsFunc(list, func(other hiddenText) bool { return other.text == t.text && other.verbatim == t.verbatim }):
			list = slices.Insert(list, at, t)
		}
		h.beginning[bytes[i]], h.mayBegin[bytes[i]] = list, true
	}
	for _, escape := range []byte(`\%&+`) {
		h.mayBegin[escape] = true
	}
}

// replaceIn returns s with something else instead of each text.
func (h *hiddenSet) replaceIn(s string, instead func(*hiddenText) string) string {
	var b strings.Builder
	done := 0
	for i := 0; i < len(s); {
		if !h.mayBegin[s[i]] { // most bytes
			i++
			continue
		}
		t, n := h.at(s[i:])
		if n == 0 {
			i++
			continue
		}
		b.WriteString(s[done:i] + instead(t))
		i += n
		done = i
	}
	if done == 0 {
		return s
	}
	return b.String() + s[done:]
}

// at returns the text at the beginning of s, and the length of its form there, or 0.
func (h *hiddenSet) at(s string) (*hiddenText, int) {
	found, n := longest(h.beginning[s[0]], s)
	if plain, _ := unescape(s); plain != "" {
		escaped, size := longest(h.beginning[plain[0]], s)
		if n == 0 || size > 0 && cmp.Or(len(escaped.text)-len(found.text), size-n) > 0 {
			return escaped, size
		}
	}
	return found, n
}

// longest returns the first text of the list that is at the beginning of s, and the length
// of its form there, or 0.
func longest(list []hiddenText, s string) (*hiddenText, int) {
	for i := range list {
		if n := list[i].lengthAt(s); n > 0 {
			return &list[i], n
		}
	}
	return nil, 0
}
