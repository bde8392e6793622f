package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// How long one check of the store may take, and how long its result counts. So probes
// make at most one check at a time, and one in readyFor, however many there are.
const (
	readyTimeout = 5 * time.Second
	readyFor     = 5 * time.Second
)

// A readiness tells probes whether the store works.
type readiness struct {
	ctx    context.Context // done when the server shuts down
	check  func(context.Context) error
	logger *slog.Logger

	mu      sync.Mutex
	running chan struct{} // closed when the check in flight ends; nil if there is none
	at      time.Time     // of the last check
	err     error         // of the last check
}

// addProbes adds /healthz, which is 200 as long as the process answers, and /readyz,
// which is 200 if the store passes its check, or else 503.
func addProbes(ctx context.Context, mux *http.ServeMux, check func(context.Context) error, logger *slog.Logger) {
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { answerProbe(w, http.StatusOK, "ok\n") })
	mux.Handle("GET /readyz", &readiness{ctx: ctx, check: check, logger: logger})
}

func answerProbe(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}

// ServeHTTP does not tell why the server is not ready: the log does.
func (p *readiness) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if p.ctx.Err() != nil || p.result(r.Context()) != nil {
		answerProbe(w, http.StatusServiceUnavailable, "not ready\n")
		return
	}
	answerProbe(w, http.StatusOK, "ok\n")
}

var (
	errNoAnswer = errors.New("the check has not ended in time")
	errPanicked = errors.New("the check panicked")
)

// result returns the error of a check that is recent enough, or of a new one.
func (p *readiness) result(ctx context.Context) error {
	done, lead := p.join()
	switch {
	case lead:
		p.run(done)
	case done != nil:
		select {
		case <-done:
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(readyTimeout): // the store ignores its context
			return errNoAnswer
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.err
}

// join returns the check to wait for, if any, and whether the caller has to run it.
func (p *readiness) join() (done chan struct{}, lead bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running == nil && time.Since(p.at) >= readyFor {
		p.running = make(chan struct{})
		return p.running, true
	}
	return p.running, false
}

// run checks the store. The check does not end with the probe that began it.
func (p *readiness) run(done chan struct{}) {
	err := errPanicked
	defer func() {
		p.end(err)
		close(done)
	}()
	ctx, cancel := context.WithTimeout(p.ctx, readyTimeout)
	defer cancel()
	err = p.check(ctx)
}

// end keeps the result, and logs it if it differs from the last.
func (p *readiness) end(err error) {
	p.mu.Lock()
	before := p.err
	p.err, p.at, p.running = err, time.Now(), nil
	p.mu.Unlock()
	switch {
	case p.ctx.Err() != nil: // because of the shutdown
	case err != nil && before == nil:
		p.logger.Warn("not ready", "err", err)
	case err == nil && before != nil:
		p.logger.Info("ready again")
	}
}
