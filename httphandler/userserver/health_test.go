package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// get returns the status and the body.
func get(t *testing.T, url string) (int, string) {
	t.Helper()
	response, err := http.Get(url)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(body)
}

// Probes need no token.
func TestProbes(t *testing.T) {
	file := filepath.Join(t.TempDir(), "users.db")
	for _, args := range [][]string{{"-db", dbMemory}, {"-db", file}} {
		s := startServer(t, nil, args...)
		for _, path := range []string{"/healthz", "/readyz"} {
			if status, body := get(t, s.base+path); status != 200 || body != "ok\n" {
				t.Errorf("%s of %q: %d %q, want 200 ok", path, args, status, body)
			}
		}
	}
}

// A server whose database is gone is alive and not ready; the log says why.
func TestNotReady(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("an open file cannot be removed here")
	}
	file := filepath.Join(t.TempDir(), "users.db")
	s := startServer(t, nil, "-db", file)
	require.NoError(t, os.Remove(file))
	if status, body := get(t, s.base+"/readyz"); status != 503 || body != "not ready\n" {
		t.Errorf("/readyz: %d %q, want 503", status, body)
	}
	if status, _ := get(t, s.base+"/healthz"); status != 200 {
		t.Errorf("/healthz: %d, want 200", status)
	}
	s.stderr.await(t, `level=WARN msg="not ready" err="userserver: a file of the database was removed`)
}

// probed returns the status of /readyz.
func probed(mux *http.ServeMux) int {
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/readyz", nil))
	return w.Code
}

// However many probes there are, the store is checked once at a time and at most once in
// readyFor; the log has only changes.
func TestProbesDoNotOverloadTheDatabase(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var checks atomic.Int32
		var broken atomic.Bool
		log := new(buffer)
		mux := http.NewServeMux()
		addProbes(t.Context(), mux, func(context.Context) error {
			checks.Add(1)
			time.Sleep(time.Second)
			if broken.Load() {
				return errors.New("broken")
			}
			return nil
		}, slog.New(slog.NewTextHandler(log, nil)))
		for round, want := range []int{200, 503, 503, 200} {
			broken.Store(want == 503)
			var group sync.WaitGroup
			for range 100 {
				group.Go(func() {
					if got := probed(mux); got != want {
						t.Errorf("round %d: %d, want %d", round, got, want)
					}
				})
			}
			group.Wait()
			time.Sleep(readyFor - time.Second)
			probed(mux) // still the same result
			time.Sleep(time.Second)
		}
		if got := checks.Load(); got != 4 {
			t.Errorf("%d checks, want 4", got)
		}
		got := []int{strings.Count(log.String(), `msg="not ready" err=broken`), strings.Count(log.String(), `msg="ready again"`)}
		if d := cmp.Diff([]int{1, 1}, got); d != "" {
			t.Errorf("log (-want +got):\n%s\n%s", d, log)
		}
	})
}

// A probe is answered in time: a check has a limit, and one that ignores it is not waited
// for by others.
func TestProbesAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		mux := http.NewServeMux()
		addProbes(t.Context(), mux, func(ctx context.Context) error {
			if limit, ok := ctx.Deadline(); !ok || time.Until(limit) > readyTimeout {
				t.Errorf("the check has the limit %v, %t", limit, ok)
			}
			<-release
			return nil
		}, slog.New(slog.DiscardHandler))
		go probed(mux)
		synctest.Wait()
		begin := time.Now()
		if got := probed(mux); got != 503 || time.Since(begin) != readyTimeout {
			t.Errorf("%d after %v, want 503 after %v", got, time.Since(begin), readyTimeout)
		}
		close(release)
		synctest.Wait()
		if got := probed(mux); got != 200 {
			t.Errorf("%d, want 200", got)
		}
	})
}

// The check goes on for others if the probe that began it leaves, and ends with the
// server.
func TestCheckOutlivesItsProbe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, shutDown := context.WithCancel(t.Context())
		mux := http.NewServeMux()
		addProbes(ctx, mux, func(ctx context.Context) error {
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
			}
			return ctx.Err()
		}, slog.New(slog.DiscardHandler))
		left, leave := context.WithCancel(t.Context())
		go mux.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/readyz", nil).WithContext(left))
		synctest.Wait()
		leave()
		if got := probed(mux); got != 200 {
			t.Errorf("%d, want 200", got)
		}
		shutDown()
		if got := probed(mux); got != 503 {
			t.Errorf("%d during the shutdown, want 503", got)
		}
	})
}

// A check that panics leaves nobody waiting.
func TestCheckPanics(t *testing.T) {
	mux := http.NewServeMux()
	addProbes(t.Context(), mux, func(context.Context) error { panic("x") }, slog.New(slog.DiscardHandler))
	func() {
		defer func() { _ = recover() }() // as net/http does
		probed(mux)
	}()
	if got := probed(mux); got != 503 {
		t.Errorf("%d, want 503", got)
	}
}
