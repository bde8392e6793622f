package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/userstore"
)

// buffer may be written and read at the same time.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// environment is an environment with those variables.
type environment map[string]string

func (e environment) lookup(name string) (string, bool) {
	value, ok := e[name]
	return value, ok
}

// tokens is the environment with the tokens of the fake.
var tokens = environment{
	"ACCESS_TOKEN":    handlertest.Token,
	"FORBIDDEN_TOKEN": handlertest.ForbiddenToken,
	"UNLINKED_TOKEN":  handlertest.UnlinkedToken,
}

// An ending is how a command ended.
type ending struct {
	status         int
	stdout, stderr string
}

func (e ending) lastLine() string {
	lines := strings.Split(strings.TrimRight(e.stdout, "\n"), "\n")
	return lines[len(lines)-1]
}

func runIn(ctx context.Context, env environment, args ...string) ending {
	var stdout, stderr buffer
	status := run(ctx, args, env.lookup, &stdout, &stderr)
	return ending{status, stdout.String(), stderr.String()}
}

// checkArgs returns the arguments of a check of some requirements of the
// example user.
func checkArgs(url string, args ...string) []string {
	return append([]string{"check", "-url", url, "-user", handlertest.ExampleID, "-run", "success.*,merge.*"}, args...)
}

// fake starts a correct server with the wrapper, if any, around it.
func fake(t *testing.T, wrap func(http.Handler) http.Handler) (url string, server *handlertest.Fake) {
	t.Helper()
	server = handlertest.New()
	var h http.Handler = server
	if wrap != nil {
		h = wrap(h)
	}
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL, server
}

// wrongType is a server that says application/json.
func wrongType(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recorder := httptest.NewRecorder()
		next.ServeHTTP(recorder, r)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(recorder.Code)
		w.Write(recorder.Body.Bytes())
	})
}

// needExample fails unless the example user is as before the run.
func needExample(t *testing.T, server *handlertest.Fake) {
	t.Helper()
	got, err := server.Store.Get(t.Context(), uuid.MustParse(handlertest.ExampleID))
	want, _ := userstore.ExampleUser().Canonical()
	if err != nil || got != want {
		t.Errorf("the user is not restored (%v)", err)
	}
}

func inDir(dir string, names ...string) (args []string) {
	for _, name := range names {
		args = append(args, "-report", filepath.Join(dir, name))
	}
	return args
}

// bodyOf returns the body of the request, and leaves it to be read again.
func bodyOf(r *http.Request) string {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return string(body)
}
