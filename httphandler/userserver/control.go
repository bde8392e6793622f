package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/userstore"
)

// A control is the choice of -control.
type control struct {
	addr     string // "" if there is none
	host     string // of addr
	listener net.Listener
}

// checkControl refuses what does not go together with -control, which shows every request
// to everybody on this machine, and has its own way to fail.
func (c config) checkControl() error {
	switch {
	case c.control.addr == "":
		return nil
	case !isLoopback(c.control.host):
		return usagef("-control %q is not a loopback address, and it asks for no credentials: use 127.0.0.1 or [::1], such as 127.0.0.1:8081", c.control.addr)
	case !c.db.memory:
		return usagef("-control works only with -db %s: it changes and deletes users", dbMemory)
	case !isLoopback(c.host):
		return usagef("-addr %q is not a loopback address, and -control is for tests: omit it, or listen on loopback, such as 127.0.0.1:8080", c.addr)
	case c.failing != uuid.Nil:
		return usagef("-failing-user and -control do not go together: inject a fault for the user instead")
	}
	return nil
}

// keptCalls is how many calls the control endpoint shows.
const keptCalls = 1000

// openFake opens a store in memory that the control endpoint can change.
func openFake(_ context.Context, cfg config, logger *slog.Logger) (openStore, error) {
	fake := handlertest.Config{
		Users:    exampleUsers(),
		Tokens:   cfg.tokens.named(),
		Options:  &httphandler.Options{Logger: logger},
		MaxCalls: keptCalls,
	}.New()
	s := openStore{Store: fake.Store, fake: fake, check: func(context.Context) error { return nil }, close: func() error { return nil }}
	for _, user := range exampleUsers() {
		s.toTry = append(s.toTry, user.ID)
	}
	return s, nil
}

// named returns the tokens with the names of their grants.
func (t tokens) named() []handlertest.NamedToken {
	var named []handlertest.NamedToken
	for token, grant := range t.grants {
		for name, of := range grantNames {
			if of == grant {
				named = append(named, handlertest.NamedToken{Name: name, Token: token, Grant: grant})
			}
		}
	}
	return named
}

// newHandler returns the handler of the operation: the fake, if there is one.
func newHandler(store userstore.Store, cfg config, logger *slog.Logger) http.Handler {
	if s, ok := store.(openStore); ok && s.fake != nil {
		return s.fake
	}
	return httphandler.New(store, httphandler.StaticTokens(cfg.tokens.grants), &httphandler.Options{Logger: logger})
}

// listen listens for the control endpoint, if there is one.
func (c *control) listen() (err error) {
	if c.addr != "" {
		c.listener, err = listenOn("-control", c.addr, c.host)
	}
	return err
}

func (c *control) close() {
	if c.listener != nil {
		c.listener.Close()
	}
}

// greeting is the line that tells where the control endpoint is.
func (c *control) greeting() string {
	if c.listener == nil {
		return ""
	}
	return fmt.Sprintf("Control %s%s\n", baseURL(c.listener.Addr()), handlertest.ControlPath)
}

// serve serves the control endpoint, if there is one, until ctx is done.
func (c *control) serve(ctx context.Context, fake *handlertest.Fake, logger *slog.Logger) {
	if c.listener == nil {
		return
	}
	server := newServer(fake.Control(), logger)
	server.WriteTimeout = 0 // waiting for calls has a limit of its own
	go func() {
		if err := server.Serve(c.listener); !errors.Is(err, http.ErrServerClosed) {
			logger.Error("the control endpoint has ended", "err", err)
		}
	}()
	context.AfterFunc(ctx, func() {
		server.Close()
		fake.Reset() // so that the shutdown does not wait for delayed requests
	})
}
