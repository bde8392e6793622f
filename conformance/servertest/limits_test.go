package servertest

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/internal/linear"
)

func TestCut(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{strings.Repeat("x", 40), strings.Repeat("x", 40)},
		{strings.Repeat("x", 41), strings.Repeat("x", 26) + "... (41 bytes)"},
		{strings.Repeat("x", 25) + strings.Repeat("\u20ac", 9), strings.Repeat("x", 25) + "... (52 bytes)"},
		{strings.Repeat("\x80", 100), strings.Repeat("\x80", 21) + "... (100 bytes)"},
	} {
		if diff := cmp.Diff(tt.want, cut(tt.text, 40)); diff != "" {
			t.Errorf("cut (-want +got):\n%s", diff)
		}
	}
}

// What a trial keeps of a long answer is short, and has not even half of a token.
func TestKeptAnswersAreShort(t *testing.T) {
	target := Target{Token: "a-token-that-nobody-may-see"}
	tr := &trial{session: &session{target: target, hide: newHider(&target, false)}}
	long := strings.Repeat(target.Token+" ", 1000)
	a := &answer{status: 200, header: http.Header{"A": {long}, "B": {"b"}}, body: []byte(long)}
	for i := range 2000 {
		a.header[strings.Repeat("N", 1+i%500)+"X"] = []string{"x"}
	}
	tr.note(tr.patchOf(target.User, object{}), a, nil)
	got := tr.transcript(false)[0].Response
	if len(got) > 2*maxShown+maxFields {
		t.Errorf("%d bytes are kept", len(got))
	}
	if strings.Contains(got, "a-token") || !strings.Contains(got, "[ACCESS_TOKEN]") || !strings.Contains(got, "A: ") || !strings.Contains(got, "...: (") {
		t.Errorf("kept: %s", got)
	}
	short := &answer{status: 200, header: http.Header{"A": {"a"}}, body: []byte("{}")}
	if tr.kept(short) != short || tr.kept(nil) != nil {
		t.Error("a short answer, or none, is not kept as it is")
	}
}

// Checks that run together share a short answer, and ask again for a long one.
func TestMemoKeepsShortAnswers(t *testing.T) {
	for _, tt := range []struct {
		length int
		want   int64 // requests
	}{{maxShown, 1}, {maxShown + 1, 2}} {
		synctest.Test(t, func(t *testing.T) {
			var requests atomic.Int64
			tr := trialAgainst(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				requests.Add(1)
				w.WriteHeader(http.StatusUnprocessableEntity)
				io.WriteString(w, strings.Repeat(" ", tt.length))
			}))
			tr.quick = &quick{memo: &memo{calls: map[string]*call{}}}
			for range 2 {
				if a := tr.patch(object{}); len(a.body) != tt.length {
					t.Errorf("an answer has %d bytes, want %d", len(a.body), tt.length)
				}
			}
			if got := requests.Load(); got != tt.want {
				t.Errorf("%d requests for answers of %d bytes, want %d", got, tt.length, tt.want)
			}
		})
	}
}

// What concurrent patches keep of an answer is the scalars that they are about, each cut.
func TestSeenIsShort(t *testing.T) {
	digits := strings.Repeat("9", 2*maxText)
	body := `{"data":{"attributes":{"firstName":"a","lastName":"b","address":{"postalCode":` + digits + `}}}}`
	l := &link{write: write{answer: &answer{status: 200, header: http.Header{"A": {"a"}}, body: []byte(body)}}}
	l.shorten([]*chain{{pointer: "/lastName"}, {pointer: "/address/postalCode"}, {pointer: "/gender"}})
	want := state{"/lastName": "b", "/address/postalCode": cut(digits, maxText)}
	if diff := cmp.Diff(want, l.seen); diff != "" {
		t.Errorf("what is kept (-want +got):\n%s", diff)
	}
	if a := l.answer; a.status != 200 || a.header != nil || a.body != nil || a.parsed != nil {
		t.Errorf("the answer is kept: %d, %d fields, %d bytes", a.status, len(a.header), len(a.body))
	}
	pair := pairSeen([2]string{"/lastName", "/address/postalCode"}, state{"/lastName": "b", "/address/postalCode": digits})
	if diff := cmp.Diff(linear.Pair{"b", cut(digits, maxText)}, pair); diff != "" {
		t.Errorf("what a call keeps (-want +got):\n%s", diff)
	}
}

// However much each check has to say, the report has an end.
func TestResultsFit(t *testing.T) {
	long := strings.Repeat("<", 20<<10)
	s := &session{room: maxResults}
	total := 0
	for range 300 {
		r := conformance.Result{Status: conformance.Failed, Obstacle: long, Observed: []string{long}}
		for range 17 {
			r.Failures = append(r.Failures, failure{Where: long, Expected: long, Got: long, Detail: long})
		}
		for range maxExchanges {
			r.Exchanges = append(r.Exchanges, conformance.Exchange{Request: long[:maxShown], Response: long[:maxShown+maxFields], Curl: long[:4*maxShown]})
		}
		text, err := json.Marshal(s.fit(r))
		if err != nil {
			t.Fatal(err)
		}
		total += len(text)
	}
	if total > 10<<20 {
		t.Errorf("300 results have %d bytes", total)
	}
}

// A document that would take much memory is not read.
func TestParseObjectIsBounded(t *testing.T) {
	for want, text := range map[string]string{
		"": `{"x":[` + strings.Repeat("{},", maxValues/2-2) + `{}]}`,
		"the body has more than 20000 values, or is not JSON": `{"x":[` + strings.Repeat("{},", maxValues/2) + `{}]}`,
		"the body is longer than 512 KiB":                     `{"x":"` + strings.Repeat("x", maxAnswer) + `"}`,
	} {
		got := ""
		if _, err := parseObject([]byte(text)); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Numbers that take minutes to compute with are compared as they are written.
func TestRational(t *testing.T) {
	for text, want := range map[string]string{
		"0": "0", "-1": "-1", "1e3": "1000", "1E+2": "100", "18.50": "37/2", "12345678901234567890": "12345678901234567890",
		"1e999999": "", "1e-999999": "", "1e100": "", strings.Repeat("9", 41): "", "1/3": "", "0x10": "", "1_0": "", "Inf": "", "": "", "1.": "",
	} {
		got := ""
		if r, ok := rational(text); ok {
			got = r.RatString()
		}
		if got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	begin := time.Now()
	for range 1000 {
		if got := normal("/address/postalCode", json.Number("1e999999")); got != "1e999999" {
			t.Fatalf("the normal form of 1e999999 has %d bytes", len(got))
		}
	}
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("1000 comparisons take %v", took)
	}
}
