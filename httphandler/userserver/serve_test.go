package main

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

func TestServerHasLimits(t *testing.T) {
	log := new(buffer)
	s := newServer(http.NotFoundHandler(), slog.New(slog.NewTextHandler(log, nil)))
	for name, limit := range map[string]time.Duration{
		"ReadHeaderTimeout": s.ReadHeaderTimeout,
		"ReadTimeout":       s.ReadTimeout,
		"WriteTimeout":      s.WriteTimeout,
		"IdleTimeout":       s.IdleTimeout,
	} {
		if limit <= 0 || limit > 2*time.Minute {
			t.Errorf("%s = %v", name, limit)
		}
	}
	if s.MaxHeaderBytes <= 0 || s.MaxHeaderBytes > http.DefaultMaxHeaderBytes {
		t.Errorf("MaxHeaderBytes = %d", s.MaxHeaderBytes)
	}
	if s.ErrorLog == nil {
		t.Fatal("no ErrorLog")
	}
	s.ErrorLog.Print("trouble")
	log.await(t, `level=WARN msg=trouble`)
}

// A request is answered before the server's own timeouts end it, however slow the client
// and the store are. So it is at a shutdown, once its body has arrived.
func TestEveryRequestIsAnsweredInTime(t *testing.T) {
	t.Parallel()
	const storeGrace = time.Second // how long sqlstore lets a call continue
	store := &limitedStore{Store: memstore.New(userstore.ExampleUser())}
	logger := slog.New(slog.DiscardHandler)
	mux := newMux(store, config{tokens: tokens{grants: map[string]httphandler.Grant{"t": httphandler.GrantWrite}}}, logger)
	r := httptest.NewRequest(http.MethodPatch, "/users/"+exampleID, strings.NewReader(
		`{"data":{"type":"User","id":"`+exampleID+`","attributes":{"createdAt":"2021-09-01T23:12:56Z"}}}`))
	r.Header = http.Header{"Authorization": {"Bearer t"}, "Content-Type": {httphandler.MediaType}}
	mux.ServeHTTP(httptest.NewRecorder(), r)
	if len(store.limits) != 2 {
		t.Fatalf("%d calls of the store with a limit, want 2", len(store.limits))
	}
	var storeTime time.Duration
	for _, limit := range store.limits {
		storeTime += limit + storeGrace
	}
	server := newServer(mux, logger)
	if need := server.ReadHeaderTimeout + httphandler.DefaultBodyTimeout + storeTime; server.WriteTimeout <= need {
		t.Errorf("WriteTimeout is %v, and an answer may take %v", server.WriteTimeout, need)
	}
	if shutdownTimeout <= storeTime {
		t.Errorf("a shutdown waits %v, and the store may take %v", shutdownTimeout, storeTime)
	}
}

// A limitedStore records how long a call may last.
type limitedStore struct {
	userstore.Store
	limits []time.Duration
}

func (s *limitedStore) note(ctx context.Context) {
	if deadline, ok := ctx.Deadline(); ok {
		s.limits = append(s.limits, time.Until(deadline))
	}
}

func (s *limitedStore) Get(ctx context.Context, id uuid.UUID) (userstore.User, error) {
	s.note(ctx)
	return s.Store.Get(ctx, id)
}

func (s *limitedStore) Patch(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	s.note(ctx)
	return s.Store.Patch(ctx, id, patch)
}

func TestShutdownIsBounded(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	release := make(chan struct{})
	defer close(release)
	stuck := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { cancel(); <-release })
	cut := make(chan error, 1)
	go func() {
		_, err := http.Get("http://" + listener.Addr().String())
		cut <- err
	}()
	log := new(buffer)
	logger := slog.New(slog.NewTextHandler(log, nil))
	begin := time.Now()
	if err := serve(ctx, newServer(stuck, logger), listener, 50*time.Millisecond, logger); err != nil {
		t.Errorf("serve: %v", err)
	}
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("the shutdown took %v", took)
	}
	select {
	case err := <-cut:
		if err == nil {
			t.Error("the stuck request was answered, want a closed connection")
		}
	case <-time.After(5 * time.Second):
		t.Error("the stuck request is still open")
	}
	log.await(t, `level=WARN msg="requests in flight were cut off"`)
}

func TestServeReportsFailure(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	listener.Close()
	logger := slog.New(slog.NewTextHandler(io.Discard, nil))
	err = serve(t.Context(), newServer(nil, logger), listener, time.Second, logger)
	if err == nil || !strings.HasPrefix(err.Error(), "cannot serve: ") {
		t.Errorf("serve = %v, want an error", err)
	}
}
