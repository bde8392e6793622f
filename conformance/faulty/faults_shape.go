package faulty

import (
	"fmt"
	"hash/fnv"
	"net/http"
	"strings"
)

// Documents that say more than JSON:API allows, or in another form.
func shapeFaults() []Fault {
	tagged := func(tag func(a *answer) string) func(*server) {
		return changeAnswer(func(a *answer) {
			if a.status == http.StatusOK {
				a.header.Set("ETag", tag(a))
			}
		})
	}
	return []Fault{
		{"record-with-errors", "The record comes with an empty array of errors.", answerDocument(func(o object) { o["errors"] = []any{} })},
		{"id-among-attributes", "The attributes have id and type, too.", answerResource(func(o object) {
			a := o["attributes"].(object)
			a["id"], a["type"] = o["id"], o["type"]
		})},
		{"address-json-text", "The address is shown as a text of JSON.", answerAttributes(func(a object) {
			if address, ok := a["address"].(object); ok {
				a["address"] = strings.TrimSpace(string(encode(address)))
			}
		})},
		{"etag-same", "The ETag stays the same when the record changes.", tagged(func(*answer) string { return `"1"` })},
		{"if-match-ignored", "The answers have an ETag, and If-Match is ignored.", inTurn(requestHeader(func(h http.Header) { h.Del("If-Match") }), tagged(bodyTag))},
	}
}

// bodyTag returns an ETag that changes with the body.
func bodyTag(a *answer) string {
	h := fnv.New64a()
	h.Write(a.body)
	return fmt.Sprintf(`"%x"`, h.Sum64())
}
