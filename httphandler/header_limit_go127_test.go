//go:build go1.27

package httphandler_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// docs/go-releases.md says what a client sees who sends too many header fields.
func TestHeaderValueLimit(t *testing.T) {
	for _, tt := range []struct {
		limit, added, want int
		mediaType          string
	}{
		{0, 490, 200, httphandler.MediaType},
		{0, 500, 431, "text/plain; charset=utf-8"},
		{1000, 900, 200, httphandler.MediaType},
	} {
		server := httptest.NewUnstartedServer(httphandler.New(memstore.New(userstore.ExampleUser()), httphandler.InsecureAllowEveryone(), nil))
		server.Config.MaxHeaderValueCount = tt.limit
		server.Start()
		t.Cleanup(server.Close)
		r := noOp(examplePath)
		out, err := http.NewRequest(r.Method, server.URL+examplePath, r.Body)
		if err != nil {
			t.Fatal(err)
		}
		out.Header = r.Header
		for range tt.added {
			out.Header.Add("X-Forwarded-For", "192.0.2.1")
		}
		response, err := server.Client().Do(out)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if got := response.Header.Get("Content-Type"); response.StatusCode != tt.want || got != tt.mediaType {
			t.Errorf("limit %d, %d fields: %d %s, want %d %s", tt.limit, tt.added, response.StatusCode, got, tt.want, tt.mediaType)
		}
	}
}
