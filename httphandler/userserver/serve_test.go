package main

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
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

func TestShutdownIsBounded(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
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
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	logger := slog.New(slog.NewTextHandler(io.Discard, nil))
	err = serve(t.Context(), newServer(nil, logger), listener, time.Second, logger)
	if err == nil || !strings.HasPrefix(err.Error(), "cannot serve: ") {
		t.Errorf("serve = %v, want an error", err)
	}
}
