package faulty

import (
	"bytes"
	"context"
	"net/http"
	"strings"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// What goes wrong at first contact: no patch is answered as the page says.
func grossFaults() []Fault {
	return []Fault{
		{"success-201", "A patch is answered with 201 and the record.", answersOf(200, func(a *answer) { a.status = http.StatusCreated })},
		{"success-202-empty", "A patch is answered with 202 and no record.", answersOf(200, func(a *answer) { a.status, a.body = http.StatusAccepted, nil })},
		{"success-405", "No URL takes PATCH.", refusePatch(func(a *answer) { a.refuse(http.StatusMethodNotAllowed); a.header.Set("Allow", "GET, PUT") })},
		{"success-406", "The media type of JSON:API is not offered.", requestHeader(func(h http.Header) { h.Set("Accept", "text/html") })},
		{"success-415", "The media type of JSON:API is not taken.", requestHeader(func(h http.Header) { h.Set("Content-Type", "text/plain") })},
		{"success-redirect", "A patch is redirected.", refusePatch(func(a *answer) {
			a.status, a.body = http.StatusPermanentRedirect, nil
			a.header.Set("Location", "https://api.example.com/v2/users")
		})},
		{"record-bom", "A byte order mark is before the record.", answersOf(200, func(a *answer) { a.body = append([]byte("\ufeff"), a.body...) })},
		{"record-cut-off", "The record is cut off.", answersOf(200, func(a *answer) { a.body = a.body[:len(a.body)/2] })},
		{"record-followed", "A line of text follows the record.", answersOf(200, func(a *answer) { a.body = append(a.body, "\nWarning: headers already sent\n"...) })},
		{"record-twice-named", "The record has two members id.", answersOf(200, func(a *answer) {
			a.body = bytes.Replace(a.body, []byte(`"id":`), []byte(`"id":"1","id":`), 1)
		})},
		{"record-unwrapped", "The resource is the whole document, without data around it.", answersOf(200, func(a *answer) {
			a.body = encode(parse(a.body)["data"])
		})},
		{"record-flat", "The attributes are members of data, beside type and id.", answerResource(func(data object) {
			attributes, _ := data["attributes"].(object)
			delete(data, "attributes")
			for name, v := range attributes {
				data[name] = v
			}
		})},
		{"record-without-attributes", "The record has no attributes.", answerResource(func(data object) { delete(data, "attributes") })},
		{"record-of-patch", "The answer echoes the patch.", changeAnswerTo(func(r *http.Request, a *answer) {
			provided := sent(r)
			a.editAttributes(func(shown object) {
				for name := range shown {
					if _, ok := provided[name]; !ok {
						delete(shown, name)
					}
				}
			})
		})},
		{"omitted-always-cleared", "What a patch omits is cleared, even by a patch without attributes.", storePatch(func(ctx context.Context, next userstore.Store, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
			return next.Patch(ctx, id, whole(patch))
		})},
	}
}

// refusePatch answers each PATCH, and patches nobody.
func refusePatch(answered func(a *answer)) func(*server) {
	return wrapHandler(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPatch || !strings.Contains(r.URL.Path, "/users/") {
			next.ServeHTTP(w, r)
			return
		}
		a := &answer{header: http.Header{}}
		answered(a)
		a.send(w)
	})
}
