//go:build !race

package httphandler_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/memstore"
)

// A hostile request is made to be expensive. It is refused with the status.
type hostile struct {
	name   string
	body   string
	accept string
	status int
}

const limit = httphandler.DefaultMaxBodyBytes

// wrongGender is the start of a document that is refused because of its gender, after all
// of it has been read.
const wrongGender = `{"data":{"type":"User","id":"` + exampleID + `","attributes":{"gender":"x"`

// The refusals that others are compared with: of a small body, and of a typical body of
// the largest size.
var (
	smallRefusal = hostile{"small", wrongGender + `}}}`, "*/*", 422}
	largeRefusal = hostile{"large", filled(wrongGender+`}},"meta":[0`, `,{"name":"some value","at":"2021-09-01T23:12:56Z","n":123}`, `]}`), "*/*", 422}
)

// earlyRefusals need not read the body. They are compared with the small one.
var earlyRefusals = []hostile{
	{"nested arrays", filled("", "[", ""), "*/*", 422},
	{"nested objects", filled("", `{"a":`, ""), "*/*", 422},
	{"nested in meta", filled(wrongGender+`}},"meta":`, `[`, ""), "*/*", 422},
	{"nested in an attribute", filled(wrongGender+`,"locale":`, `[{"a":`, ""), "*/*", 422},
	{"nested in an address", filled(wrongGender+`,"address":{"street":`, `{"":`, ""), "*/*", 422},
	{"1 MB of media ranges", "", strings.Repeat("text/html;q=0.1,", 1<<16), 406},
	{"1 MB of parameters", "", "*/*" + strings.Repeat(";a=1", 1<<18), 406},
	{"1 MB of semicolons", "", "*/*" + strings.Repeat(";", 1<<20), 406},
	{"1 MB of commas", "", strings.Repeat(",", 1<<20), 406},
	{"1 MB of quotes", "", strings.Repeat(`"\`, 1<<19), 406},
	{"as many media ranges as are read", "", strings.Repeat(httphandler.MediaType+";a=1,", 30), 406},
	{"as many parameters as are read", "", numbered("text/html", ";a%d*=u''%%41", "", 1<<10), 406},
}

// lateRefusals are large and slow to read. They are compared with the large one.
var lateRefusals = []hostile{
	{"numbers", filled(wrongGender+`}},"meta":[0`, ",0", "]}"), "*/*", 422},
	{"numbers, malformed", filled(wrongGender+`}},"meta":[0`, ",0", "]"), "*/*", 422},
	{"objects", filled(wrongGender+`}},"meta":[0`, ",{}", "]}"), "*/*", 422},
	{"nesting", filled(wrongGender+`}},"meta":[0`, ","+strings.Repeat("[", 60)+strings.Repeat("]", 60), "]}"), "*/*", 422},
	{"escapes", filled(wrongGender+`}},"meta":"`, `\u0041`, `"}`), "*/*", 422},
	{"escaped texts", filled(wrongGender+`}},"meta":[0`, `,"\n"`, "]}"), "*/*", 422},
	{"escaped names", filled(wrongGender+`}},"meta":[0`, `,{"\n":0}`, "]}"), "*/*", 422},
	{"names", numbered(wrongGender+`}},"meta":{"":0`, `,"%d":0`, "}}", limit), "*/*", 422},
	{"names, the last twice", numbered(wrongGender+`}},"meta":{"":0`, `,"%d":0`, `,"1":0}}`, limit), "*/*", 422},
	{"names in many objects", filled(wrongGender+`}},"meta":[0`, ","+objectWith(32), "]}"), "*/*", 422},
	{"names in many larger objects", filled(wrongGender+`}},"meta":[0`, ","+objectWith(33), "]}"), "*/*", 422},
	{"unknown attributes", numbered(wrongGender, `,"%d":0`, "}}}", limit), "*/*", 422},
	{"unknown members of the address", numbered(wrongGender+`,"address":{"":0`, `,"~%d":0`, "}}}}", limit), "*/*", 422},
	{"long names", numbered(wrongGender, `,"`+strings.Repeat("~", 120)+`%d":0`, "}}}", limit), "*/*", 422},
	{"one long name", filled(wrongGender+`,"`, "~", `":0}}}`), "*/*", 422},
	{"long names of many levels", strings.Repeat(`{"`+strings.Repeat("/", limit/61-6)+`":`, 60), "*/*", 422},
	{"a long text", filled(wrongGender+`,"firstName":"`, "é", `"}}}`), "*/*", 422},
	{"a long e-mail address", filled(wrongGender+`,"email":"`, "a.", `a@example.org"}}}`), "*/*", 422},
	{"a long phone number", filled(wrongGender+`,"phoneNumber":"`, "1 ", `"}}}`), "*/*", 422},
	{"a long URL", filled(wrongGender+`,"pictureUrl":"https://example.org/`, "%41", `"}}}`), "*/*", 422},
	{"a long locale", filled(wrongGender+`,"locale":"de`, "-abcde", `"}}}`), "*/*", 422},
	{"a long time zone", filled(wrongGender+`,"zoneInfo":"A`, "/a", `"}}}`), "*/*", 422},
	{"a long date", filled(wrongGender+`,"birthDate":"1997-07-21T00:00:00.`, "0", `Z"}}}`), "*/*", 422},
	{"a long createdAt", filled(wrongGender+`,"createdAt":"1997-07-21T00:00:00.`, "0", `Z"}}}`), "*/*", 422},
	{"a long number", filled(wrongGender+`,"address":{"houseNo":`, "9", `}}}}`), "*/*", 422},
	{"blanks", filled("", " \n\t", ""), "*/*", 422},
}

// filled returns a text of the largest allowed size.
func filled(begin, part, end string) string {
	return begin + strings.Repeat(part, (limit-len(begin)-len(end))/len(part)) + end
}

// numbered returns a text of that size, made of numbered parts.
func numbered(begin, part, end string, size int) string {
	var b strings.Builder
	b.WriteString(begin)
	for i := 1; b.Len()+len(part)+len(strconv.Itoa(i))+len(end) < size; i++ {
		fmt.Fprintf(&b, part, i)
	}
	return b.String() + end
}

func objectWith(names int) string {
	return numbered(`{"a":0`, `,"%d":0`, "}", names*7)
}

// BenchmarkRefusals measures what a hostile request costs: in ns, and as a multiple
// of the refusal that it is compared with, in the same run. None may be above 20.
func BenchmarkRefusals(b *testing.B) {
	h := httphandler.New(memstore.New(), httphandler.InsecureAllowEveryone(), nil)
	compare := func(name string, all []hostile, with hostile) {
		for _, request := range all {
			b.Run(name+"/"+request.name, func(b *testing.B) {
				serve, usual := request.server(h), with.server(h)
				var usually time.Duration
				for b.Loop() { // in turn, so that both run under the same conditions
					b.StopTimer()
					start := time.Now()
					usual()
					usually += time.Since(start)
					b.StartTimer()
					serve()
				}
				b.ReportMetric(float64(b.Elapsed())/float64(usually), "x-"+with.name)
			})
		}
	}
	compare("early", earlyRefusals, smallRefusal)
	compare("late", lateRefusals, largeRefusal)
}

// server returns a function that serves the request again and again.
func (h hostile) server(handler http.Handler) func() int {
	body := strings.NewReader(h.body)
	request := httptest.NewRequest(http.MethodPatch, examplePath, body)
	request.Header.Set("Content-Type", httphandler.MediaType)
	request.Header.Set("Accept", h.accept)
	w := &discard{header: make(http.Header)}
	return func() int {
		body.Reset(h.body)
		clear(w.header)
		handler.ServeHTTP(w, request)
		return w.status
	}
}

// The requests are refused as intended, or the benchmark would be meaningless.
func TestHostileRequests(t *testing.T) {
	for _, all := range [][]hostile{{smallRefusal, largeRefusal}, earlyRefusals, lateRefusals} {
		for _, request := range all {
			r := exampleRequest(request.body)
			r.Header.Set("Accept", request.accept)
			if got := openEndpoint().send(t, r); got.status != request.status {
				t.Errorf("%s: status %d, want %d", request.name, got.status, request.status)
			} else if len(request.body) > limit || request.status == 422 && got.codes()[0] == "body-too-large" {
				t.Errorf("%s: the body has %d bytes", request.name, len(request.body))
			}
		}
	}
}
