package routertest

import (
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gofiber/fiber/v3"
	"github.com/stretchr/testify/require"
)

// A router serves the operations of a user.
type router struct {
	name string

	// mount is what docs/routers.md recommends: one handler for all methods of
	// /users/{userId}.
	mount func(user http.Handler) served

	// byMethod leaves the methods to the router.
	byMethod func(get, patch http.Handler) served
}

// routers are in the order of docs/routers.md.
func routers() []router {
	return []router{
		{"http.ServeMux", mountServeMux, serveMuxByMethod},
		{"chi v5", mountChi, chiByMethod},
		{"gin", mountGin, ginByMethod},
		{"echo v4", mountEchoV4, echoV4ByMethod},
		{"echo v5", mountEchoV5, echoV5ByMethod},
		{"gorilla/mux", mountGorilla, gorillaByMethod},
		{"httprouter", mountHTTPRouter, httpRouterByMethod},
		{"fiber v3", mountFiber, fiberByMethod},
	}
}

// served is a router that can be served on a port: nearly all are http.Handlers.
type served interface {
	// start serves on a port of loopback until the test ends, and returns the base URL.
	start(t *testing.T) string
}

type onNetHTTP struct{ http.Handler }

func (h onNetHTTP) start(t *testing.T) string {
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}

type onFiber struct{ *fiber.App }

func (f onFiber) start(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan error, 1)
	go func() { done <- f.Listener(listener, fiber.ListenConfig{DisableStartupMessage: true}) }()
	t.Cleanup(func() {
		if err := f.Shutdown(); err != nil {
			t.Error(err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return "http://" + listener.Addr().String()
}
