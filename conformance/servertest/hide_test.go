package servertest

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// escapedJSON writes each character as an escape of JSON, with the backslash and the
// digits as given.
func escapedJSON(s, format string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, format, c)
	}
	return b.String()
}

// A token is found however a server writes it.
func TestTokensAreHidden(t *testing.T) {
	const token = "abC/d+E.f~9-_Zy=="
	target := Target{URL: "http://127.0.0.1:1", User: uuid.New(), Token: token, ForbiddenToken: "forbidden-token"}
	h := newHider(&target, false)
	for name, form := range map[string]string{
		"as it is":              token,
		"slashes escaped":       strings.ReplaceAll(token, "/", `\/`),
		"JSON escapes":          strings.NewReplacer("+", `\u002b`, "/", `\u002F`, "=", `\u003d`).Replace(token),
		"JSON escapes of all":   escapedJSON(token, `\u%04x`),
		"JSON in JSON":          escapedJSON(token, `\\u%04X`),
		"a slash, twice":        strings.ReplaceAll(token, "/", `\\\/`),
		"in a URL":              url.QueryEscape(token),
		"in a URL, lower case":  strings.ToLower(url.QueryEscape(token)),
		"in a URL, all":         escapedJSON(token, "%%%02X"),
		"in a URL in a URL":     url.QueryEscape(url.QueryEscape(token)),
		"read as a form":        strings.ReplaceAll(token, "+", " "),
		"in HTML":               escapedJSON(token, "&#%d;"),
		"in HTML, hexadecimal":  escapedJSON(token, "&#x%x;"),
		"in HTML, by names":     strings.NewReplacer("/", "&sol;", "+", "&plus;", "=", "&equals;").Replace(token),
		"upper case":            strings.ToUpper(token),
		"lower case":            strings.ToLower(token),
		"base64":                base64.StdEncoding.EncodeToString([]byte(token)),
		"base64 of credentials": base64.StdEncoding.EncodeToString([]byte(":" + token)),
		"base64 of a field":     base64.URLEncoding.EncodeToString([]byte("Bearer " + token + "\n")),
		"hexadecimal":           hex.EncodeToString([]byte(token)),
		"without its end":       token[:len(token)-4],
		"without its beginning": token[4:],
		"the other token":       "FORBIDDEN-token",
	} {
		got := h.text(`{"a":"` + form + `"}`)
		if !strings.Contains(got, "_TOKEN") || strings.Contains(strings.ToLower(got), "d+e.f") || len(got) > 60 {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// The value of a header field may begin beyond ASCII.
func TestOtherLettersAreHidden(t *testing.T) {
	h := newHider(&Target{Token: "good-token", Header: http.Header{"X-Api-Key": {"\u043a\u043b\u044e\u0447-of-a-gateway"}}}, false)
	for _, form := range []string{"\u043a\u043b\u044e\u0447-of-a-gateway", `\u043a\u043B\u044e\u0447-OF-a-gateway`, "%d0%ba%D0%BB%D1%8E%D1%87-of-a-gateway"} {
		if got, want := h.text("no "+form+"."), "no [HEADER_X_API_KEY]."; got != want {
			t.Errorf("%s became %s, want %s", form, got, want)
		}
	}
}

// What only looks like a part of a token stays, and so does everything beside it.
func TestNothingElseIsHidden(t *testing.T) {
	target := Target{URL: "http://127.0.0.1:1", User: uuid.New(), Token: "good-token", UnlinkedToken: "t", ForbiddenToken: "a"}
	h := newHider(&target, false)
	for _, s := range []string{"a good token", `{"data":{"type":"User"}}`, "%", "&", `\`, `\u`, "%2", "&#;", "100 %s", `a\`, "&amp;", "good-to", ""} {
		if got := h.text(s); got != s {
			t.Errorf("%s became %s", s, got)
		}
	}
	if got, want := fmt.Sprint(h.notes()), "[FORBIDDEN_TOKEN has fewer than 8 characters, too few to be hidden: this report may show it. UNLINKED_TOKEN has fewer than 8 characters, too few to be hidden: this report may show it.]"; got != want {
		t.Errorf("notes are %s", got)
	}
}

// Values that users had are found in the forms in which servers write them.
func TestValuesAreHidden(t *testing.T) {
	h := newHider(&Target{Token: "good-token"}, false)
	h.add(&record{attributes: object{
		"firstName": "Zo\u00eb M\u00fcller", "lastName": "O'Brien \U0001F600", "address": object{"houseNo": json.Number("181"), "street": "Rue \"Cler\"", "locality": "street"},
	}})
	for s, want := range map[string]string{
		"Zo\u00eb M\u00fcller":                     "[hidden]",
		`"Zo\u00eb M\u00FCller"`:                   `"[hidden]"`,
		url.QueryEscape("Zo\u00eb M\u00fcller"):    "[hidden]",
		html.EscapeString("O'Brien \U0001F600"):    "[hidden]",
		`O'Brien \ud83d\ude00`:                     "[hidden]",
		`{"houseNo":181,"street":"Rue \"Cler\""}`:  `{"houseNo":[hidden],"street":"[hidden]"}`,
		`{"houseNo":"181"}`:                        `{"houseNo":"[hidden]"}`,
		`1811 and o'brien and "street":"a street"`: `1811 and o'brien and "street":"a street"`,
	} {
		if got := h.text(s); got != want {
			t.Errorf("%s became %s, want %s", s, got, want)
		}
	}
	shown := newHider(&Target{Token: "good-token"}, true)
	shown.add(&record{attributes: object{"firstName": "Somebody"}})
	if got := shown.text("Somebody with good-token"); got != "Somebody with [ACCESS_TOKEN]" {
		t.Errorf("with its values shown: %s", got)
	}
}

// A body is cut only after what is hidden was found in it.
func TestShortenedHidesAcrossTheCut(t *testing.T) {
	const token = "good-token-of-some-length"
	trial := &trial{session: &session{hide: newHider(&Target{Token: token}, false)}}
	for _, at := range []int{maxShown - 10, 2*maxShown - 10, 0} {
		body := strings.Repeat("x", at) + strings.Repeat(token, 2) + strings.Repeat("y", 2*maxShown)
		got := trial.shortened([]byte(body))
		if strings.Contains(got, "good-") || len(got) > maxShown+30 || !strings.HasSuffix(got, fmt.Sprintf("... (%d bytes)", len(body))) {
			t.Errorf("cut at %d: ...%s", at, got[max(0, len(got)-100):])
		}
	}
}

// However a server tries to keep the hider busy, a long answer takes no time to speak of.
func TestHidingIsLinear(t *testing.T) {
	h := newHider(&Target{Token: "good-token-of-some-length", ForbiddenToken: "forbidden-token"}, false)
	h.add(&record{attributes: object{"firstName": "Somebody", "lastName": `\\\\\\`, "address": object{"street": "%%%%%%"}}})
	for _, unit := range []string{`\`, "%", "%25", "25", "&", "&#", "+", "g", "good-", `\u005c`, ";", "\xff"} {
		begin := time.Now()
		h.text(strings.Repeat(unit, 1<<17/len(unit)))
		if took := time.Since(begin); took > 20*time.Second {
			t.Errorf("128 KiB of %q took %v", unit, took)
		}
	}
}

// Of the texts that begin at one place, the longest is hidden, and as much of the answer as
// it may stand for.
func TestLongestIsHidden(t *testing.T) {
	for name, test := range map[string]struct {
		texts    []hiddenText
		in, want string
	}{
		"longer in an escape": {[]hiddenText{{text: `\u0061bcdefg`, instead: "[short]"}, {text: "abcdefghijklmnopq", instead: "[long]"}}, `x\u0061bcdefghijklmnopqz`, "x[long]z"},
		"as long in escapes":  {[]hiddenText{{text: `\u0061bcdef`, instead: "[raw]"}, {text: "abcdefghijk", instead: "[escaped]"}}, `x\u0061bcdefghijkz`, "x[escaped]z"},
		"in its form too":     {[]hiddenText{{text: "55b#0&ab", verbatim: true, instead: "[as it is]"}, {text: "55b#0&ab", instead: "[any form]"}}, `x5\u0035b#0&abz`, "x[any form]z"},
	} {
		var h hiddenSet
		for _, text := range test.texts {
			h.add(text)
		}
		if got := h.replaceIn(test.in, func(t *hiddenText) string { return t.instead }); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}
