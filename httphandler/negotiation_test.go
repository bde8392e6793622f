package httphandler_test

import (
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// J is the media type, abbreviated for the tables.
const J = "application/vnd.api+json"

// acceptTests are the Accept fields of a request and whether they admit the handler's
// media type.
var acceptTests = []struct {
	fields []string
	ok     bool
}{
	{nil, true},
	{[]string{J}, true},
	{[]string{"*/*"}, true},
	{[]string{"application/*"}, true},
	{[]string{"Application/*"}, true},
	{[]string{"APPLICATION/VND.API+JSON"}, true},
	{[]string{" " + J + " "}, true},
	{[]string{"text/html"}, false},
	{[]string{"image/png"}, false},
	{[]string{"application/json"}, false}, // what the mobile clients of the vendor send
	{[]string{"application/vnd.api"}, false},
	{[]string{"application/vnd.api+jsonx"}, false},
	{[]string{J + "/x"}, false},
	{[]string{"application/json; profile=\"" + J + "\""}, false},
	{[]string{"text/*"}, false},
	{[]string{"*/json"}, false},
	{[]string{"*/vnd.api+json"}, false},
	{[]string{"*"}, false},
	{[]string{`"` + J + `"`}, false},
	{[]string{J + "\u00a0"}, false},

	// Lists, in one field or in several.
	{[]string{"text/html, " + J}, true},
	{[]string{"text/html," + J}, true},
	{[]string{"text/html\t,\t" + J}, true},
	{[]string{", " + J + " ,"}, true}, // a list may have empty elements
	{[]string{""}, true},              // and if all are, it admits everything
	{[]string{","}, true},
	{[]string{"text/html", J}, true},
	{[]string{J + ";q=0, " + J}, true}, // one of the most specific admits it
	{[]string{J + ", " + J + ";q=0"}, true},
	{[]string{"text/html", "image/png"}, false},
	{[]string{"application/json, text/plain, */*"}, true}, // axios
	{[]string{"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"}, true},

	// At most 32 media ranges and 1,024 bytes, each line counted with its end. A
	// longer field admits nothing.
	{[]string{strings.Repeat("text/html,", 31) + J}, true},
	{[]string{strings.Repeat("text/html,", 31) + ",,, ," + J}, true},
	{[]string{strings.Repeat("text/html,", 32) + J}, false},
	{[]string{J + strings.Repeat(",text/html", 31)}, true},
	{[]string{J + strings.Repeat(",text/html", 32)}, false},
	{append(slices.Repeat([]string{"text/html"}, 31), J), true},
	{append(slices.Repeat([]string{"text/html"}, 32), J), false},
	{[]string{"text/html;a=" + strings.Repeat("x", 1010-len(J)) + "," + J}, true},
	{[]string{"text/html;a=" + strings.Repeat("x", 1011-len(J)) + "," + J}, false},
	{slices.Repeat([]string{""}, 1024), true},
	{slices.Repeat([]string{""}, 1025), false},
	{[]string{strings.Repeat("text/html,", 5000) + J}, false},
	{[]string{strings.Repeat("text/html,", 5000)}, false},

	// Weights.
	{[]string{J + ";q=0.5"}, true},
	{[]string{"text/html, *; q=.2, */*; q=.2"}, true}, // java.net.HttpURLConnection
	{[]string{"*/*;q=.0"}, false},
	{[]string{"*/*;q=."}, false},
	{[]string{J + " ; q=0.001"}, true},
	{[]string{J + ";q=1.000"}, true},
	{[]string{J + ";Q=1"}, true},
	{[]string{"text/html, " + J + ";q=0.1"}, true},
	{[]string{"text/html, */*;q=0.1"}, true},
	{[]string{J + ";q=0"}, false},
	{[]string{J + ";q=0."}, false},
	{[]string{J + ";q=0.000"}, false},
	{[]string{J + " ; Q=0"}, false},
	{[]string{J + ";q=1.001"}, false},
	{[]string{J + ";q=2"}, false},
	{[]string{J + ";q=-1"}, false},
	{[]string{J + ";q=1e0"}, false},
	{[]string{J + ";q=x"}, false},
	{[]string{J + ";q="}, false},
	{[]string{J + ";q=2, */*"}, true},
	{[]string{"*/*;q=0"}, false},
	{[]string{"application/*;q=0"}, false},
	{[]string{"text/html;q=0.5, " + J + ";q=0.0"}, false},

	// The most specific range decides, wherever it is.
	{[]string{J + ";q=0, */*"}, false},
	{[]string{"*/*, " + J + ";q=0"}, false},
	{[]string{"*/*", J + ";q=0"}, false},
	{[]string{"application/*;q=0, */*"}, false},
	{[]string{"application/*, */*;q=0"}, true},
	{[]string{"*/*;q=0, " + J}, true},
	{[]string{"application/*;q=0, " + J}, true},
	{[]string{"text/html;q=0, */*"}, true},

	// Parameters. Only profile is allowed. Commas and semicolons may be in quotes.
	{[]string{J + `;profile="https://x.invalid/p"`}, true},
	{[]string{J + ` ; PROFILE="https://x.invalid/p https://x.invalid/q"`}, true},
	{[]string{J + `;profile=token`}, true},
	{[]string{J + `;profile="p";q=0.5`}, true},
	{[]string{J + `;profile="p";q=0`}, false},
	{[]string{J + `;profile="p";q=0, */*`}, true}, // only the profile is excluded
	{[]string{J + `;profile="a,b"`}, true},
	{[]string{J + `;profile="a;q=0"`}, true},
	{[]string{J + `;profile="a\";q=0"`}, true},
	{[]string{J + `;profile="p";q=0`}, false},
	{[]string{J + `;profile="p";q=0, ` + J}, true}, // only the profile is excluded here too
	{[]string{J + `, ` + J + `;profile="p";q=0`}, true},
	{[]string{J + `;profile="p";charset=utf-8`}, false},
	{[]string{J + `;charset=utf-8`}, false},
	{[]string{J + `;charset=utf-8, ` + J}, true},
	{[]string{J, J + `;charset=utf-8`}, true},
	{[]string{J + `;charset=utf-8, text/html`}, false},
	{[]string{J + `;charset=utf-8, */*`}, true},
	{[]string{J + `;`}, true}, // a parameter may be empty: RFC 9110, section 5.6.6
	{[]string{J + `;;q=1`}, true},
	{[]string{J + `; ;charset=utf-8`}, false},
	{[]string{J + `;ext="https://x.invalid/e"`}, false},
	{[]string{J + `;ext="https://x.invalid/e", ` + J + `;profile="p"`}, true},
	{[]string{J + `;ext="e";profile="p"`}, false},
	{[]string{J + `;version=1`}, false},
	{[]string{`text/html;x="a, ` + J + `"`}, false},

	// A malformed range matches nothing and does not affect the others.
	{[]string{";;"}, false},
	{[]string{"/"}, false},
	{[]string{"application/"}, false},
	{[]string{J + ` ext=https://a b`}, false},
	{[]string{J + `;ext=https://a b`}, false}, // as WarpDrive writes it
	{[]string{J + ` x`}, false},
	{[]string{J + `;profile="unfinished`}, false},
	{[]string{"\x00\xff"}, false},
	{[]string{";;, " + J}, true},
}

func TestAccept(t *testing.T) {
	for _, tt := range acceptTests {
		name := strings.Join(tt.fields, " | ")
		t.Run(name[:min(len(name), 80)], func(t *testing.T) {
			r := exampleRequest(document(`{"firstName":"Jane"}`))
			r.Header["Accept"] = tt.fields
			if tt.fields == nil {
				r.Header.Del("Accept")
			}
			status, places := 200, []string{}
			if !tt.ok {
				status, places = 406, []string{"header Accept"}
			}
			wantReply(t, openEndpoint().send(t, r), status, places...)
		})
	}
}

// wantReply checks the status and the places of the errors, in any order.
func wantReply(t testing.TB, got reply, status int, places ...string) {
	t.Helper()
	d := cmp.Diff(append([]string{}, places...), got.places())
	if got.status != status || d != "" {
		t.Errorf("status %d, want %d; places (-want +got):\n%s", got.status, status, d)
	}
}

// contentTypeTests are the Content-Type fields of a request with a valid body.
var contentTypeTests = []struct {
	fields []string
	ok     bool
}{
	{[]string{J}, true},
	{[]string{"APPLICATION/VND.API+JSON"}, true},
	{[]string{"Application/Vnd.Api+Json"}, true},
	{[]string{" " + J + "\t"}, true},
	{[]string{J + `;profile="https://x.invalid/p"`}, true},
	{[]string{J + ` ; profile="https://x.invalid/p https://x.invalid/q"`}, true},
	{[]string{J + `;PROFILE="https://x.invalid/p"`}, true},
	{[]string{J + `;profile=token`}, true},
	{[]string{J + `;profile="a;charset=utf-8"`}, true},
	{[]string{J + `;`}, true}, // a parameter may be empty: RFC 9110, section 5.6.6
	{[]string{J + `; ;profile=token`}, true},
	{[]string{J + `;profile=` + strings.Repeat("x", 1023-len(J+";profile="))}, true},

	{[]string{J + `;profile=` + strings.Repeat("x", 1024-len(J+";profile="))}, false}, // longer than the limit
	{nil, false},
	{[]string{""}, false},
	{[]string{J, J}, false},
	{[]string{J, "text/plain"}, false},
	{[]string{J + ", " + J}, false},
	{[]string{"application/json"}, false},
	{[]string{"application/json;charset=utf-8"}, false},
	{[]string{"text/plain"}, false},
	{[]string{"text/plain;charset=UTF-8"}, false},
	{[]string{"text/html"}, false},
	{[]string{"application/xml"}, false},
	{[]string{"application/merge-patch+json"}, false},
	{[]string{"application/json-patch+json"}, false},
	{[]string{"application/x-www-form-urlencoded"}, false},
	{[]string{"multipart/form-data; boundary=x"}, false},
	{[]string{"application/octet-stream"}, false},
	{[]string{"*/*"}, false},
	{[]string{"application/*"}, false},
	{[]string{"application/vnd.api"}, false},
	{[]string{J + "x"}, false},
	{[]string{J + "/x"}, false},
	{[]string{"x" + J}, false},
	{[]string{`"` + J + `"`}, false},
	{[]string{J + ";charset=utf-8"}, false},
	{[]string{J + ";charset="}, false},
	{[]string{J + `;ext="https://x.invalid/e"`}, false},
	{[]string{J + `;ext="e";profile="p"`}, false},
	{[]string{J + `;profile="p";charset=utf-8`}, false},
	{[]string{J + ";q=1"}, false},
	{[]string{J + ";version=1"}, false},
	{[]string{J + ";profile"}, false},
	{[]string{J + `;profile="unfinished`}, false},
	{[]string{J + " x"}, false},
	{[]string{J + "\u00a0"}, false},
	{[]string{"\x00\xff"}, false},
}

func TestContentType(t *testing.T) {
	for _, tt := range contentTypeTests {
		name := strings.Join(tt.fields, " | ")
		t.Run(name[:min(len(name), 80)], func(t *testing.T) {
			r := exampleRequest(document(`{"firstName":"Jane"}`))
			r.Header["Content-Type"] = tt.fields
			if tt.fields == nil {
				r.Header.Del("Content-Type")
			}
			status, places := 200, []string{}
			if !tt.ok {
				status, places = 415, []string{"header Content-Type"}
			}
			wantReply(t, openEndpoint().send(t, r), status, places...)
		})
	}
}

// headerTests are other header fields, with a valid Accept and Content-Type.
var headerTests = []struct {
	name   string
	fields []string
	status int
}{
	{"Content-Encoding", []string{"identity"}, 200},
	{"Content-Encoding", []string{"IDENTITY"}, 200},
	{"Content-Encoding", []string{" identity "}, 200},
	{"Content-Encoding", []string{"identity, identity"}, 200},
	{"Content-Encoding", []string{strings.Repeat("identity,", 113)}, 200},
	{"Content-Encoding", []string{strings.Repeat("identity,", 114)}, 415}, // longer than the limit
	{"Content-Encoding", slices.Repeat([]string{""}, 1025), 415},
	{"Content-Encoding", []string{"identity\u00a0"}, 415},
	{"Content-Encoding", []string{"gzip"}, 415},
	{"Content-Encoding", []string{"x-gzip"}, 415},
	{"Content-Encoding", []string{"br"}, 415},
	{"Content-Encoding", []string{"zstd-nope"}, 415},
	{"Content-Encoding", []string{"identity, gzip"}, 415},
	{"Content-Encoding", []string{"identity", "gzip"}, 415},
	{"Content-Encoding", []string{"gzip", "identity"}, 415},
	{"Content-Encoding", []string{"*"}, 415},
	{"Content-Encoding", []string{"\x00\xff"}, 415},

	{"If-Match", []string{"*"}, 200},
	{"If-Match", []string{" * "}, 200},
	{"If-Match", []string{`"abc"`}, 422},
	{"If-Match", []string{`W/"abc"`}, 422},
	{"If-Match", []string{`"*"`}, 422},
	{"If-Match", []string{`"a", "b"`}, 422},
	{"If-Match", []string{`*, "a"`}, 422},
	{"If-Match", []string{"*", `"a"`}, 422},
	{"If-Match", []string{`"a"`, "*"}, 422},
	{"If-Match", []string{"x"}, 422},
	{"If-Match", []string{""}, 422},
	{"If-Match", []string{"*\u00a0"}, 422},
	{"If-None-Match", []string{"*"}, 422},
	{"If-None-Match", []string{`"abc"`}, 200},
	{"If-Unmodified-Since", []string{"Wed, 01 Sep 2021 23:12:56 GMT"}, 422},
	{"If-Unmodified-Since", []string{"Fri, 01 Jan 2100 00:00:00 GMT"}, 422},
	{"If-Unmodified-Since", []string{"*"}, 422},
	{"If-Unmodified-Since", []string{"yesterday"}, 422},
	{"If-Unmodified-Since", []string{""}, 422},

	// These do not concern a PATCH.
	{"If-Modified-Since", []string{"Wed, 01 Sep 2021 23:12:56 GMT"}, 200},
	{"If-Range", []string{`"abc"`}, 200},
	{"Range", []string{"bytes=0-1"}, 200},
	{"Accept-Encoding", []string{"gzip, identity;q=0"}, 200},
	{"Accept-Charset", []string{"iso-8859-1"}, 200},
	{"Accept-Language", []string{"tlh"}, 200},
	{"Content-Language", []string{"tlh"}, 200},
	{"Prefer", []string{"return=minimal"}, 200},
	{"X-HTTP-Method-Override", []string{"DELETE"}, 200},
}

func TestOtherHeaderFields(t *testing.T) {
	for _, tt := range headerTests {
		t.Run(tt.name+" "+strings.Join(tt.fields, " | "), func(t *testing.T) {
			r := exampleRequest(document(`{"firstName":"Jane"}`))
			r.Header[textproto.CanonicalMIMEHeaderKey(tt.name)] = tt.fields
			var places []string
			if tt.status != 200 {
				places = []string{"header " + tt.name}
			}
			wantReply(t, openEndpoint().send(t, r), tt.status, places...)
		})
	}
}

// Of several errors the first in the order of the contract decides: Accept, Content-Type
// and Content-Encoding, then those with 422.
func TestNegotiationOrder(t *testing.T) {
	good := http.Header{"Accept": {J}, "Content-Type": {J}}
	faults := []struct {
		name  string
		apply func(h http.Header)
		want  string
	}{
		{"Accept", func(h http.Header) { h.Set("Accept", "text/html") }, "406 header Accept"},
		{"Content-Type", func(h http.Header) { h.Del("Content-Type") }, "415 header Content-Type"},
		{"Content-Encoding", func(h http.Header) { h.Set("Content-Encoding", "gzip") }, "415 header Content-Encoding"},
		{"If-Match", func(h http.Header) { h.Set("If-Match", `"a"`) }, "422 header If-Match"},
	}
	for mask := range 1 << len(faults) {
		for _, body := range []string{document(`{"gender":"x"}`), "", "{", document(`{"firstName":"Jane"}`)} {
			r := exampleRequest(body)
			r.Header = good.Clone()
			name, want := "", ""
			for i, f := range faults {
				if mask&(1<<i) == 0 {
					continue
				}
				f.apply(r.Header)
				if name += f.name + " "; want == "" {
					want = f.want
				}
			}
			got := openEndpoint().send(t, r)
			if want == "" { // only the body can be wrong, which other tables test
				continue
			}
			if first := http.StatusText(got.status); len(got.errors) != 1 || want[:3] != got.errors[0].Status || want[4:] != got.errors[0].place() {
				t.Errorf("%swith body %.20q: %s %q, want %s", name, body, first, got.places(), want)
			}
		}
	}
}

// The page's own curl line has no body and no Content-Type.
func TestCurlLineOfThePage(t *testing.T) {
	r := httptest.NewRequest(http.MethodPatch, examplePath, nil)
	r.Header.Set("Accept", "*/*")
	r.Header.Set("User-Agent", "curl/8.5.0")
	if got := openEndpoint().send(t, r); got.status != 415 {
		t.Errorf("status %d, want 415", got.status)
	}
}

func TestEveryOtherMethodIs405(t *testing.T) {
	for _, method := range []string{"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "patch", "Patch", "PATCHX", "FOO", "QUERY"} {
		r := exampleRequest(document(`{"firstName":"Jane"}`))
		r.Method = method
		// JSON:API recommends overriding the method; the page does not have it.
		r.Header.Set("X-HTTP-Method-Override", "PATCH")
		if got := openEndpoint().send(t, r); got.status != 405 || got.errors[0].Code != "method-not-allowed" {
			t.Errorf("%s: status %d", method, got.status)
		}
	}
}

// The query is ignored.
func TestQueryIsIgnored(t *testing.T) {
	for _, query := range []string{"?", "?foo=1", "?fooBar=1", "?include=x", "?fields[User]=email", "?userId=x", "?%zz", "?a;b", "?access_token=x"} {
		r := exampleRequest(document(`{"firstName":"Jane"}`))
		r.URL.RawQuery = strings.TrimPrefix(query, "?")
		if got := openEndpoint().send(t, r); got.status != 200 {
			t.Errorf("%s: status %d", query, got.status)
		}
	}
}
