//go:build !race

package openapitest

import (
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// A comparison compares what the handler and the document say of requests.
type comparison struct {
	requests requests
	known    []int           // how often each difference explains a refusal
	broken   map[string]bool // the rules that the handler enforces, too
}

func newComparison(t *testing.T, d document) *comparison {
	t.Helper()
	return &comparison{d.requests(t), make([]int, len(differences)), map[string]bool{}}
}

// add compares the two verdicts on a request. All that the handler takes is valid. What it
// refuses is invalid, at the same place of the body, or the difference is known.
func (c *comparison) add(t *testing.T, e exchange) {
	t.Helper()
	broken := c.requests.violations(e)
	switch {
	case e.Status == http.StatusOK && len(broken) > 0:
		t.Errorf("%v\nis taken, although it breaks %v", e, broken)
	case e.Status != http.StatusOK && len(broken) == 0:
		if !explain(e, c.known) {
			t.Errorf("%v\nis valid, and refused for another reason than those known: %.300s", e, e.Answer)
		}
	case e.Status == http.StatusUnprocessableEntity:
		for _, f := range e.faults() {
			for _, v := range broken {
				if f.pointsTo(v.place) {
					c.broken[v.rule] = true
				}
			}
		}
	}
}

// The handler and the document agree on every request of the tables, and each rule of the
// document is broken by one that the handler refuses at that place.
func TestRequests(t *testing.T) {
	t.Parallel()
	d := parse(t)
	c := newComparison(t, d)
	taken := 0
	for _, e := range exchanges(t) {
		if e.Open && e.Method == http.MethodPatch {
			c.add(t, e)
			if e.Status == http.StatusOK {
				taken++
			}
		}
	}
	for _, attributes := range append(formatExamples(t), moreAttributes...) {
		c.add(t, send(attributes))
	}
	for _, rule := range d.rules(t, requestSchema) {
		if !c.broken[rule] {
			t.Errorf("no request breaks the rule %s alone, or the handler takes it", rule)
		}
	}
	for i, times := range c.known {
		if times == 0 {
			t.Errorf("no request shows that %q", differences[i].says)
		}
	}
	t.Logf("%d requests taken, %d rules, known differences %v", taken, len(c.broken), c.known)
}

// moreAttributes show rules and differences that the handler's tables do not.
var moreAttributes = []string{
	`{"locale":"i-nowhere"}`, `{"locale":"sgn-DE-DE"}`, `{"locale":"i-klingon"}`, `{"locale":"sgn-BE-FR"}`, `{"locale":"en_gb_oed"}`,
	`{"pictureUrl":"https://example.com:65536/"}`, `{"pictureUrl":"https://%41.example/"}`, `{"pictureUrl":"https://[example]/"}`, `{"pictureUrl":"https://[x:y]/"}`, `{"pictureUrl":"https://[:::]/"}`,
	`{"pictureUrl":"https://b%c3%bccher.example/%c3%bc?%c3%bc#%c3%bc"}`, `{"pictureUrl":"https://example.com/\u00a0"}`, `{"email":"a\u2003b@example.com"}`,
	`{"address":{"postalCode":-1,"houseNo":1.5}}`,
}

// formatExamples are the examples of docs/formats.md, taken and refused.
func formatExamples(t *testing.T) (attributes []string) {
	t.Helper()
	page, err := os.ReadFile("../../docs/formats.md")
	require.NoError(t, err)
	_, table, _ := strings.Cut(string(page), "\n| attribute | taken | refused |\n|---|---|---|\n")
	table, _, _ = strings.Cut(table, "\n\n")
	for row := range strings.Lines(table) {
		texts := inBackticks.FindAllStringSubmatch(row, -1)
		name := texts[0][1]
		for _, text := range texts[1:] {
			value := text[1] // JSON, or a text
			if name != "address.houseNo" && name != "address.postalCode" {
				quoted, err := json.Marshal(value)
				require.NoError(t, err)
				value = string(quoted)
			}
			if member, ok := strings.CutPrefix(name, "address."); ok {
				attributes = append(attributes, `{"address":{"`+member+`":`+value+`}}`)
			} else {
				attributes = append(attributes, `{"`+name+`":`+value+`}`)
			}
		}
	}
	if len(attributes) < 150 {
		t.Fatalf("only %d examples in docs/formats.md", len(attributes))
	}
	return attributes
}

var inBackticks = regexp.MustCompile("`([^`]+)`")

var fake = httphandler.New(memstore.New(userstore.ExampleUser()), httphandler.InsecureAllowEveryone(), nil)

// send sends a patch of the example user.
func send(attributes string) exchange {
	return sendBody(`{"data":{"type":"User","id":"` + handlertest.ExampleID + `","attributes":` + attributes + `}}`)
}

func sendBody(body string) exchange { return sendTo(fake, body) }

func sendTo(handler http.Handler, body string) exchange {
	e := exchange{Test: "more", Open: true, Method: http.MethodPatch, Path: "/users/" + handlertest.ExampleID, Header: http.Header{"Content-Type": {httphandler.MediaType}}, Body: []byte(body)}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, e.request())
	e.Status, e.AnswerHeader, e.Answer = w.Code, w.Result().Header, w.Body.Bytes()
	return e
}

// The handler and the document agree on values that resemble those of the tables: some
// characters are missing, doubled or replaced.
func TestSimilarValues(t *testing.T) {
	t.Parallel()
	c := newComparison(t, parse(t))
	random := rand.New(rand.NewPCG(1, 2))
	taken, refused := 0, 0
	for _, e := range exchanges(t) {
		body, err := jsonschema.UnmarshalJSON(strings.NewReader(string(e.Body)))
		if err != nil || !strings.HasPrefix(e.Test, "TestValues/") || len(e.Body) > 1000 {
			continue
		}
		values := valueAt(body, attributes).(map[string]any)
		for _, name := range []string{"email", "phoneNumber", "pictureUrl", "birthDate", "locale", "zoneInfo"} {
			text, ok := values[name].(string)
			if !ok {
				continue
			}
			for range 20 {
				value, err := json.Marshal(map[string]string{name: similar(random, text)})
				require.NoError(t, err)
				one := send(string(value))
				if c.add(t, one); one.Status == http.StatusOK {
					taken++
				} else {
					refused++
				}
			}
		}
	}
	if taken < 200 || refused < 200 {
		t.Errorf("%d values were taken and %d refused, want at least 200 of each", taken, refused)
	}
	t.Logf("%d taken, %d refused, known differences %v", taken, refused, c.known)
}

// similar changes some characters of a text.
func similar(random *rand.Rand, text string) string {
	const others = "aZ09 .-_+@/:;#%?[]()\"\\x=\u00e9\u00a0T"
	runes := []rune(text)
	for range 1 + random.IntN(2) {
		at, other := random.IntN(len(runes)+1), []rune(others)[random.IntN(len([]rune(others)))]
		switch end := min(at+1, len(runes)); random.IntN(4) {
		case 0:
			runes = slices.Delete(runes, at, end)
		case 1:
			runes = slices.Insert(runes, at, runes[at:end]...)
		case 2:
			runes = slices.Replace(runes, at, end, other)
		default:
			runes = slices.Insert(runes, at, other)
		}
	}
	return string(runes)
}
