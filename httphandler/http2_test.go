package httphandler_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// On HTTP/2 the time limits are those of HTTP/1.1, and a refusal does not wait for the
// body.
func TestHTTP2(t *testing.T) {
	t.Parallel()
	everyone, nobody := httphandler.InsecureAllowEveryone(), httphandler.StaticTokens(nil)
	good := padded(document("{}"), 60_000)
	for _, tt := range []struct {
		name     string
		access   httphandler.Access
		buffered bool
		limit    time.Duration
		body     io.Reader
		want     int
	}{
		{"slow access", slowAccess(), false, shortTime, strings.NewReader(good), 200},
		{"slow access, body read before", slowAccess(), true, shortTime, strings.NewReader(good), 200},
		{"slow body", everyone, false, shortTime, unfinished(), 422},
		{"slow body, read by access", readingAccess(io.ReadAll), false, shortTime, unfinished(), 401},
		{"refused", nobody, false, shortTime, strings.NewReader(strings.Repeat("x", 250_000)), 401},
		{"refused, huge", nobody, false, shortTime, strings.NewReader(strings.Repeat("x", 10_000_000)), 401},
		{"refused, slow body", nobody, false, time.Hour, unfinished(), 401},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := httphandler.New(memstore.New(userstore.ExampleUser()), tt.access, &httphandler.Options{BodyTimeout: tt.limit})
			if tt.buffered {
				h = buffering(h)
			}
			server := httptest.NewUnstartedServer(h)
			server.EnableHTTP2 = true
			server.StartTLS()
			t.Cleanup(server.Close)
			server.Client().Timeout = 10 * time.Second
			r, err := http.NewRequest(http.MethodPatch, server.URL+examplePath, tt.body)
			require.NoError(t, err)
			r.Header.Set("Content-Type", httphandler.MediaType)
			response, err := server.Client().Do(r)
			require.NoError(t, err)
			defer response.Body.Close()
			if text, err := io.ReadAll(response.Body); err != nil || response.StatusCode != tt.want || response.ProtoMajor != 2 {
				t.Errorf("%s %d %s, %v; want %d", response.Proto, response.StatusCode, text, err, tt.want)
			}
		})
	}
}

// unfinished returns a body that never ends.
func unfinished() io.Reader {
	r, w := io.Pipe()
	go w.Write([]byte("{"))
	return r
}
