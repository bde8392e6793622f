package httphandler_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// The time limit holds for all Reads together, by whoever they are: a client that sends
// a byte now and then is answered when it is over.
func TestBodyTimeoutIsOfAllReads(t *testing.T) {
	for name, access := range map[string]httphandler.Access{
		"by the handler": httphandler.InsecureAllowEveryone(),
		"by access":      readingAccess(io.ReadAll),
	} {
		inBubble(t, name, func(t *testing.T) {
			opts := httphandler.Options{BodyTimeout: shortTime, Logger: slog.New(slog.DiscardHandler)}
			conn := dialInMemory(t, httphandler.New(memstore.New(userstore.ExampleUser()), access, &opts))
			start := time.Now()
			fmt.Fprint(conn, head+"Content-Length: 10000\r\n\r\n{")
			go trickle(conn)
			response, _ := answer(t, conn)
			if took := time.Since(start); took < shortTime || took > 2*shortTime {
				t.Errorf("%d after %v, want an answer after %v", response.StatusCode, took, shortTime)
			}
		})
	}
}

// The time that a body from Access takes between its Reads of ours is not the client's.
func TestSlowBodyFromAccess(t *testing.T) {
	access := httphandler.InsecureAllowEveryone()
	access.Authenticate = func(r *http.Request) (context.Context, error) {
		r.Body = slowBody{r.Body}
		return r.Context(), nil
	}
	inBubble(t, "slow", func(t *testing.T) {
		h := httphandler.New(memstore.New(userstore.ExampleUser()), access, &httphandler.Options{BodyTimeout: shortTime})
		conn := dialInMemory(t, h)
		body := padded(document("{}"), 60_000) // more than net/http reads at once
		fmt.Fprintf(conn, "%sContent-Length: %d\r\n\r\n%s", head, len(body), body)
		if response, body := answer(t, conn); response.StatusCode != 200 {
			t.Errorf("%d %s", response.StatusCode, body)
		}
	})
}

type slowBody struct{ io.ReadCloser }

func (b slowBody) Read(p []byte) (int, error) {
	time.Sleep(slowness)
	return b.ReadCloser.Read(p)
}
