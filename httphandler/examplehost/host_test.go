package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/sqlstore/drivertest/engine"
)

var postgreSQL = engine.Share(engine.StartPostgreSQL)

// programName is the name under which the test binary is the program.
const programName = "examplehost"

// linkProgram puts the program in the folder, and returns its path.
func linkProgram(t *testing.T, dir string) string {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	program := filepath.Join(dir, programName)
	require.NoError(t, os.Symlink(self, program))
	return program
}

func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == programName {
		main()
		return
	}
	status := m.Run()
	if err := postgreSQL.Close(); err != nil {
		fmt.Fprintln(os.Stderr, "examplehost:", err)
		status = 1
	}
	os.Exit(status)
}

var testKey = []byte("a key that only the tests know of")

// A host is the application on an empty database.
type host struct {
	*testing.T
	db       database
	accounts accounts
	logs     logBuffer

	url, contentType string
}

// logBuffer keeps what is logged.
type logBuffer struct {
	mu     sync.Mutex
	text   bytes.Buffer
	wanted string
	seen   chan struct{}
}

// await closes the channel when the text has been logged. Call it before that.
func (b *logBuffer) await(text string, seen chan struct{}) { b.wanted, b.seen = text, seen }

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.text.Write(p)
	if b.seen != nil && strings.Contains(b.text.String(), b.wanted) {
		close(b.seen)
		b.seen = nil
	}
	return len(p), nil
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// onEach runs the test on both engines, with more parameters of the PostgreSQL.
func onEach(t *testing.T, parameters string, test func(t *testing.T, h *host)) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		test(t, newHost(t, ""))
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		test(t, newHost(t, postgreSQL.Server(t).NewDatabase(t).DSN+parameters))
	})
}

func newHost(t *testing.T, dsn string) *host {
	t.Helper()
	db, err := openDatabase(t.Context(), dsn, filepath.Join(t.TempDir(), "accounts & more.db"))
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	accounts, err := newAccounts(db)
	require.NoError(t, err)
	h := &host{T: t, db: db, accounts: accounts}
	require.NoError(t, accounts.Check(t.Context(), h.logger()))
	require.Empty(t, h.logs.String(), "Check proves all columns")
	h.serve(&httphandler.Options{Logger: h.logger()})
	return h
}

func (h *host) logger() *slog.Logger { return slog.New(slog.NewJSONHandler(&h.logs, nil)) }

// serve has the calls answered by a server with these options.
func (h *host) serve(options *httphandler.Options) {
	server := httptest.NewServer(newRouter(h.accounts, testKey, options))
	h.Cleanup(server.Close)
	h.url, h.contentType = server.URL, httphandler.MediaType
}

// The callers of the tests.
func (h *host) admin(tenant string) string {
	return h.token(claims{Tenant: tenant, Admin: true}, uuid.New(), time.Hour)
}

func (h *host) user(tenant string, id uuid.UUID) string {
	return h.token(claims{Tenant: tenant}, id, time.Hour)
}

func (h *host) token(c claims, id uuid.UUID, validFor time.Duration) string {
	h.Helper()
	c.Subject = id.String()
	token, err := newToken(testKey, c, validFor)
	require.NoError(h, err)
	return token
}

// call sends a request with a token, and returns the status and the document.
func (h *host) call(token, method, path, body string) (status int, document string) {
	h.Helper()
	status, document, _ = h.callWithHeader(token, method, path, body)
	return status, document
}

func (h *host) callWithHeader(token, method, path, body string) (status int, document string, header http.Header) {
	h.Helper()
	r, err := http.NewRequestWithContext(h.Context(), method, h.url+path, strings.NewReader(body))
	require.NoError(h, err)
	r.Header.Set("Content-Type", h.contentType)
	r.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(r)
	require.NoError(h, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(h, err)
	return response.StatusCode, string(text), response.Header
}

// breaksOff expects the answer to a GET not to end.
func (h *host) breaksOff(token, path string) {
	h.Helper()
	r, err := http.NewRequestWithContext(h.Context(), http.MethodGet, h.url+path, nil)
	require.NoError(h, err)
	r.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(r)
	require.NoError(h, err)
	defer response.Body.Close()
	if _, err := io.ReadAll(response.Body); err == nil {
		h.Errorf("the client takes the answer for complete")
	}
}

// patch patches a user with attributes in JSON.
func (h *host) patch(token string, id uuid.UUID, attributes string) (status int, document string) {
	h.Helper()
	return h.call(token, http.MethodPatch, path(id), fmt.Sprintf(`{"data":{"type":"User","id":"%s","attributes":%s}}`, id, attributes))
}

func path(id uuid.UUID) string { return "/users/" + id.String() }

// create creates a user with attributes in JSON, for an admin of the tenant.
func (h *host) create(tenant, attributes string) uuid.UUID {
	h.Helper()
	status, document, header := h.callWithHeader(h.admin(tenant), http.MethodPost, "/users", newUser(attributes))
	var created struct {
		Data struct{ ID uuid.UUID }
	}
	require.Equal(h, 201, status, document)
	require.NoError(h, json.Unmarshal([]byte(document), &created))
	if want := path(created.Data.ID); header.Get("Location") != want {
		h.Errorf("Location: want %s, got %s", want, header.Get("Location"))
	}
	return created.Data.ID
}

func newUser(attributes string) string {
	return fmt.Sprintf(`{"data":{"type":"User","attributes":%s}}`, attributes)
}

// rows returns the rows of a query, their columns joined by |.
func (h *host) rows(query string, args ...any) []string {
	h.Helper()
	rows, err := h.db.QueryContext(context.WithoutCancel(h.Context()), query, args...)
	require.NoError(h, err)
	defer rows.Close()
	columns, err := rows.Columns()
	require.NoError(h, err)
	all := []string{}
	for rows.Next() {
		values, dest := make([]string, len(columns)), make([]any, len(columns))
		for i := range values {
			dest[i] = &values[i]
		}
		require.NoError(h, rows.Scan(dest...))
		all = append(all, strings.Join(values, "|"))
	}
	require.NoError(h, rows.Err())
	return all
}
