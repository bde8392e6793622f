package servertest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// A hider keeps tokens, and the values that users had before the run, out of
// reports.
type hider struct {
	tokens []string
	values []string // as JSON has them, longest first
	show   bool     // do not hide the values
}

func newHider(target *Target, showValues bool) *hider {
	h := &hider{show: showValues}
	for _, token := range target.tokens() {
		if token != "" {
			h.tokens = append(h.tokens, token, url.QueryEscape(token))
		}
	}
	for _, token := range damagedTokens(target.Token) { // they give most of it away
		h.tokens = append(h.tokens, token.value)
	}
	return h
}

// add hides the values of the record from now on. Values from a short list, and single
// characters, tell nothing about a person and stay.
func (h *hider) add(r *record) {
	for _, p := range pointers {
		v, ok := lookup(r.attributes, p)
		if _, closed := choices[p]; !ok || closed && p != "/phoneNumber" {
			continue
		}
		text := fmt.Sprint(v)
		switch {
		case len(text) < 2:
		case len(text) < 5:
			// Such as a house number. It is hidden only as a whole value.
			h.values = append(h.values, `"`+text+`"`, ":"+text+",", ":"+text+"}")
		default:
			h.values = append(h.values, text, jsonText(text))
		}
	}
	slices.SortFunc(h.values, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	h.values = slices.Compact(h.values)
}

// jsonText returns s as it stands between the quotes of a JSON string.
func jsonText(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(s) != nil {
		return s
	}
	return strings.Trim(b.String(), "\"\n")
}

// text returns s without what the hider hides.
func (h *hider) text(s string) string {
	for _, token := range h.tokens {
		s = strings.ReplaceAll(s, token, "[token]")
	}
	if h.show {
		return s
	}
	for _, value := range h.values {
		s = strings.ReplaceAll(s, value, hidden(value))
	}
	return s
}

// hidden returns the replacement of a value, with the punctuation around a short one.
func hidden(value string) string {
	switch first, last := value[0], value[len(value)-1]; {
	case first == '"' && last == '"':
		return `"[hidden]"`
	case first == ':' && (last == ',' || last == '}'):
		return ":[hidden]" + string(last)
	}
	return "[hidden]"
}
