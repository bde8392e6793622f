package faulty

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/userrecord/userrecord/conformance/servertest"
	"github.com/userrecord/userrecord/userstore"
)

// Servers whose formats, credentials or gateway are others than ours, where the page
// says nothing of them.
func legalFormats() []legalServer {
	none := servertest.Target{}
	return []legalServer{
		{"dates-without-zone", datesAs("2006-01-02T15:04:05", "", 0), none},
		{"dates-with-blank", datesAs("2006-01-02 15:04:05", "", 0), none},
		{"dates-with-offset", datesAs("2006-01-02T15:04:05", "+02:00", 0), none},
		{"dates-as-instants", datesAs("2006-01-02T15:04:05", "+02:00", 2*time.Hour), none},
		{"dates-anything", rules(func(r *userstore.Rules) { r.BirthDate = userstore.Rule{} }), none},
		{"any-scheme", requestHeader(func(h http.Header) {
			if _, token, ok := strings.Cut(h.Get("Authorization"), " "); ok && len(h["Authorization"]) == 1 {
				h.Set("Authorization", "Bearer "+token)
			}
		}), none},
		{"token-quoted", tokenRead(func(sent string) string { return strings.ReplaceAll(sent, `"`, "") }), none},
		{"regions-only", refuseRequestText("/locale", func(s string) bool { return len(s) != len("de-DE") }), none},
		{"email-in-lower-case", storeAttributes(attributeText("email", strings.ToLower)), none},
		{"pictures-normalized", storeAttributes(attributeText("pictureUrl", normalizedURL)), none},
		{"pictures-of-one-host", refuseRequestText("/pictureUrl", func(s string) bool { return !strings.HasPrefix(s, "https://api.pace.cloud/") }), none},
		{"texts-composed", storeTexts(func(_, s string) string { return composed.Replace(s) }), none},
		{"created-at-set", createdAtWritable, none},
		{"own-attributes-refused", answerAttributes(func(a object) { a["points"] = 7; a["verified"] = object{"email": true} }), none},
		{"large-502", gateway(http.StatusBadGateway), none},
		{"large-503", gateway(http.StatusServiceUnavailable), none},
		{"large-cut-off", gateway(0), none},
	}
}

// datesAs shows birth dates in the layout, as the time of that day, with a zone behind
// it, and takes what it shows.
func datesAs(layout, zone string, at time.Duration) func(*server) {
	return inTurn(requestText("/birthDate", func(s string) string {
		if t, err := time.Parse(layout, strings.TrimSuffix(s, zone)); err == nil && strings.HasSuffix(s, zone) {
			return t.Add(-at).Format(time.DateOnly)
		}
		return s
	}), answerValues(func(p string, v any) any {
		if t, ok := parseDate(v); ok && p == "/birthDate" {
			return t.Add(at).Format(layout) + zone
		}
		return v
	}))
}

// normalizedURL does what parsers of URLs do: the host in lower case, no default port,
// no dots in the path.
func normalizedURL(s string) string {
	u, err := url.Parse(s)
	if err != nil {
		return s
	}
	u.Host = strings.TrimSuffix(strings.ToLower(u.Host), ":443")
	return u.JoinPath().String()
}

// gateway answers a large request itself, or closes its connection if the status is 0:
// the server behind it closes the connection.
func gateway(status int) func(*server) {
	const limit = 48 << 10
	return wrapHandler(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		switch {
		case len(readBody(r)) <= limit:
			next.ServeHTTP(w, r)
		case status == 0:
			panic(http.ErrAbortHandler)
		default:
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(status)
		}
	})
}
