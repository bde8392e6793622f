package routertest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/middleware/adaptor"
	"github.com/stretchr/testify/require"
)

// slow sends a patch whose body does not end, and returns what comes back until the server
// closes the connection.
func slow(t *testing.T, base string) string {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
	require.NoError(t, err)
	defer conn.Close()
	_, err = fmt.Fprintf(conn, "PATCH /users/%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer test-token\r\n"+
		"Content-Type: application/vnd.api+json\r\nContent-Length: 100\r\n\r\n{", exampleID)
	require.NoError(t, err)
	got, err := io.ReadAll(bufio.NewReader(conn))
	require.NoError(t, err)
	return string(got)
}

// deadline says whether the ResponseWriter that the handler gets has a read deadline, which
// BodyTimeout needs.
func deadline(t *testing.T, mount func(http.Handler) served) string {
	t.Helper()
	probe := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		err := http.NewResponseController(w).SetReadDeadline(time.Time{})
		fmt.Fprint(w, !errors.Is(err, http.ErrNotSupported))
	})
	got := send(t, http.MethodGet, mount(probe).start(t)+"/users/x").body
	return map[string]string{"true": "works", "false": "does nothing"}[got]
}

// Where BodyTimeout does nothing, ReadTimeout of the server ends a body that is too slow,
// with an answer that is not the handler's. (BodyTimeout has its default of 10 s here, and
// nothing else ends it.)
func TestReadTimeoutInsteadOfBodyTimeout(t *testing.T) {
	t.Parallel()
	// Long enough for the request to come in: a server that closes before it has read
	// what is there resets the connection.
	const readTimeout = 2 * time.Second
	inTimeoutHandler := func(h http.Handler) served {
		return onNetHTTP{http.TimeoutHandler(h, time.Hour, "")}
	}
	if got := deadline(t, inTimeoutHandler); got != "does nothing" {
		t.Errorf("http.TimeoutHandler: BodyTimeout %s", got)
	}
	t.Run("http.TimeoutHandler", func(t *testing.T) {
		t.Parallel()
		server := httptest.NewUnstartedServer(inTimeoutHandler(newUsers()).(http.Handler))
		server.Config.ReadTimeout = readTimeout
		server.Start()
		t.Cleanup(server.Close)
		// The failed read ends the request's context too: it is first there or here.
		if got := slow(t, server.URL); !strings.HasPrefix(got, "HTTP/1.1 503 ") && !strings.HasPrefix(got, "HTTP/1.1 422 ") {
			t.Errorf("%s", got)
		}
	})
	t.Run("fiber v3", func(t *testing.T) {
		t.Parallel()
		app := fiber.New(fiber.Config{ReadTimeout: readTimeout})
		app.All("/users/:userId", adaptor.HTTPHandler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			t.Error("the handler runs before the body is there")
		})))
		if got := slow(t, onFiber{app}.start(t)); !strings.HasPrefix(got, "HTTP/1.1 408 ") {
			t.Errorf("%s", got)
		}
	})
}
