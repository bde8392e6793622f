package servertest

import (
	"slices"
	"strings"
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

// A hiddenSet holds the texts by the bytes with which one of their forms can begin, each
// list with the longest text first. Texts are found in one pass.
type hiddenSet struct {
	beginning [256][]hiddenText
	first     [256]bool // the bytes with which a text itself begins
}

func (h *hiddenSet) add(t hiddenText) {
	first := t.text[:1]
	bytes := first
	if t.anyCase {
		bytes = strings.ToLower(first) + strings.ToUpper(first)
	}
	for i := range len(bytes) {
		h.first[bytes[i]] = true
	}
	if !t.verbatim {
		bytes += `\%&+`
	}
	for i := range len(bytes) {
		list := h.beginning[bytes[i]]
		at := slices.IndexFunc(list, func(other hiddenText) bool { return len(other.text) <= len(t.text) })
		switch {
		case at < 0:
			list = append(list, t)
		case !slices.ContainsFunc(list, func(other hiddenText) bool { return other.text == t.text }):
			list = slices.Insert(list, at, t)
		}
		h.beginning[bytes[i]] = list
	}
}

// replaceIn returns s with something else instead of each text.
func (h *hiddenSet) replaceIn(s string, instead func(*hiddenText) string) string {
	var b strings.Builder
	done := 0
	for i := 0; i < len(s); {
		if len(h.beginning[s[i]]) == 0 { // most bytes
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
	if !h.first[s[0]] {
		if plain, _ := unescape(s); plain == "" || !h.first[plain[0]] {
			return nil, 0 // as most escapes
		}
	}
	list := h.beginning[s[0]]
	for i := range list {
		if n := list[i].lengthAt(s); n > 0 {
			return &list[i], n
		}
	}
	return nil, 0
}
