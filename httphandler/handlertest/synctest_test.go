package handlertest_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/httphandler/handlertest"
)

// testInBubble injects delays of up to an hour, which take no time in a bubble.
func testInBubble(t *testing.T, client *http.Client, f *handlertest.Fake, base string) {
	f.Inject(handlertest.Delay(5 * time.Second))
	begin := time.Now()
	if got, want := do(t, client, f, patch(t.Context(), base, handlertest.Token, "Joan")), (outcome{200, "", "Joan"}); got != want {
		t.Errorf("outcome %+v, want %+v", got, want)
	}
	if took := time.Since(begin); took != 5*time.Second {
		t.Errorf("answered after %v", took)
	}

	f.Inject(handlertest.FailAfterWrite.Delayed(time.Hour))
	begin = time.Now()
	if got, want := do(t, client, f, patch(t.Context(), base, handlertest.Token, "Jane")), (outcome{501, "internal-error", "Jane"}); got != want {
		t.Errorf("outcome %+v, want %+v", got, want)
	}
	if took := time.Since(begin); took != time.Hour {
		t.Errorf("failed after %v", took)
	}

	f.Inject(handlertest.Delay(time.Hour))
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	response, err := client.Do(patch(ctx, base, handlertest.Token, "Jim"))
	if err == nil {
		response.Body.Close()
	}
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v, want %v", err, context.DeadlineExceeded)
	}
	synctest.Wait() // for the handler, which notices later than the client
	if calls := f.Calls(); len(calls) != 3 || calls[2].Status != 0 {
		t.Errorf("calls %v, want 3, the last without an answer", calls)
	}
	user, err := f.Store.Get(t.Context(), exampleID)
	if name, _ := user.Attributes.FirstName.Get(); name != "Jane" || err != nil {
		t.Errorf("the first name is %q, %v: written after the client gave up", name, err)
	}

	f.Inject(handlertest.SlowBody(10 * time.Second))
	begin = time.Now()
	response, err = client.Do(patch(t.Context(), base, handlertest.Token, "Jim"))
	require.NoError(t, err)
	if took := time.Since(begin); took != 0 {
		t.Errorf("the header came after %v", took)
	}
	_, err = io.Copy(io.Discard, response.Body)
	require.NoError(t, err)
	response.Body.Close()
	if took := time.Since(begin); took != 10*time.Second {
		t.Errorf("the body came after %v", took)
	}
}

// The timeouts of the server that a fake is mounted on do not end a delay.
func TestDelayBeyondTheTimeoutsOfAServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := handlertest.New()
		server := &http.Server{Handler: f, ReadTimeout: time.Second, WriteTimeout: time.Second}
		client, accepted := net.Pipe()
		defer client.Close()
		go server.Serve(handlertest.NewSingleListener(accepted))
		transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return client, nil }}
		for _, fault := range []handlertest.Fault{handlertest.Delay(time.Hour), handlertest.SlowBody(time.Hour), handlertest.Status(503, nil).Delayed(time.Hour)} {
			f.Inject(fault)
			if o := observe(t, transport, f, "http://users.test", unchanged); o.Error != "" || o.BodyError != "" {
				t.Errorf("%v: errors %q %q", fault, o.Error, o.BodyError)
			}
		}
	})
}

// A client that stalls in its body waits no longer than without a fault.
func TestStalledUpload(t *testing.T) {
	const timeout = 3 * time.Second
	opts := &httphandler.Options{BodyTimeout: timeout, MaxBodyBytes: 4 << 20}
	const unprocessable = "HTTP/1.1 422 Unprocessable Entity"
	const small, large = 1, 3 << 19 // less and more than is read before a fault
	for name, test := range map[string]struct {
		fault handlertest.Fault
		sent  int64
		want  string
		after time.Duration
	}{
		"none":           {handlertest.Fault{}, small, unprocessable, timeout},
		"none, large":    {handlertest.Fault{}, large, unprocessable, timeout},
		"503":            {handlertest.Status(503, nil), small, "HTTP/1.1 503 Service Unavailable", timeout},
		"503, large":     {handlertest.Status(503, nil), large, "HTTP/1.1 503 Service Unavailable", 0},
		"lost":           {handlertest.LoseAnswer, small, "", timeout},
		"lost, large":    {handlertest.LoseAnswer, large, "", timeout},
		"reset, large":   {handlertest.ResetConnection, large, "", 0},
		"cut":            {handlertest.CutBody, small, unprocessable, timeout},
		"cut, large":     {handlertest.CutBody, large, unprocessable, timeout},
		"delayed":        {handlertest.Delay(time.Hour), small, "", timeout},
		"delayed, large": {handlertest.Delay(time.Hour), large, unprocessable, time.Hour + timeout},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := handlertest.Config{Options: opts}.New()
			f.Inject(test.fault)
			client, accepted := net.Pipe()
			defer client.Close()
			go (&http.Server{Handler: f}).Serve(handlertest.NewSingleListener(accepted))
			go func() {
				fmt.Fprintf(client, "PATCH /users/%s HTTP/1.1\r\nHost: users.test\r\nAuthorization: Bearer %s\r\n", handlertest.ExampleID, handlertest.Token)
				fmt.Fprintf(client, "Content-Type: %s\r\nContent-Length: %d\r\n\r\n", httphandler.MediaType, test.sent+1)
				_, _ = io.Copy(client, io.LimitReader(letters{}, test.sent))
			}()
			begin := time.Now()
			answer := bufio.NewReader(client)
			line, _ := answer.ReadString('\n')
			if got, took := strings.TrimSpace(line), time.Since(begin); got != test.want || took != test.after {
				t.Errorf("%s: %q after %v, want %q after %v", name, got, took, test.want, test.after)
			}
			_, _ = io.Copy(io.Discard, answer)
			if took := time.Since(begin); took > test.after+time.Second { // net/http waits for the client
				t.Errorf("%s: the connection ended after %v", name, took)
			}
		})
	}
}

// The limit of that time ends with the reading before the fault.
func TestHandlerThatReadsLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const size = 2 << 20
		f := handlertest.New()
		f.Inject(handlertest.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			time.Sleep(time.Hour)
			if n, err := io.Copy(io.Discard, r.Body); n != size || err != nil {
				t.Errorf("read %d bytes, %v; want %d", n, err, size)
			}
		})))
		r := patch(t.Context(), "http://users.test", handlertest.Token, "")
		setBody(r, io.LimitReader(letters{}, size), size)
		send(t, f, r)
	})
}

func TestNewInBubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := handlertest.New()
		testInBubble(t, &http.Client{Transport: f}, f, "http://users.test")
	})
}
