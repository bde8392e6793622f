package observetest

import (
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/userstore"
)

// patchRequest returns a patch of the example user.
func patchRequest(attributes string) *http.Request {
	id := userstore.ExampleUser().ID.String()
	r := httptest.NewRequest(http.MethodPatch, "/users/"+id, strings.NewReader(`{"data":{"type":"User","id":"`+id+`","attributes":`+attributes+`}}`))
	r.Header.Set("Content-Type", httphandler.MediaType)
	return r
}

// patchExample patches the example user and returns the status.
func patchExample(h http.Handler, attributes string) int {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, patchRequest(attributes))
	return w.Code
}

// scrape returns what Prometheus would read.
func scrape(h http.Handler) string {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	return w.Body.String()
}
