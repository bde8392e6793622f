package drivertest

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/userstore"
)

const (
	storeTimeout = 500 * time.Millisecond
	// After which the server gives up an answer: more than the handler and the
	// Store's grace of a second need, on a slow machine too.
	writeTimeout = storeTimeout + time.Second + 15*time.Second
)

// While somebody else's transaction holds a user's row, each patch of that user is
// answered: more of them than the pool has connections, and for as long as the
// lock lasts.
func TestLockedRowIsAnswered(t *testing.T) {
	t.Parallel()
	for _, d := range databases {
		if d.dialect.String() == "SQLite" {
			continue // locks the whole file, for as long as its busy_timeout
		}
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			db := d.open(t)
			store := d.migrated(t, db)
			user := userstore.ExampleUser()
			create(t, store, &user)
			server := httptest.NewUnstartedServer(httphandler.New(store, httphandler.InsecureAllowEveryone(), &httphandler.Options{
				StoreTimeout: storeTimeout, Logger: slog.New(slog.DiscardHandler),
			}))
			server.Config.WriteTimeout = writeTimeout
			server.Start()
			t.Cleanup(server.Close)
			server.Client().Timeout = writeTimeout

			lock, err := db.BeginTx(t.Context(), nil)
			require.NoError(t, err)
			defer lock.Rollback()
			mustExecTx(t, lock, "UPDATE users SET first_name = 'Locked' WHERE id = '"+user.ID.String()+"'")
			var all sync.WaitGroup
			for range 2 * maxConns {
				all.Go(func() { expectAnswer(t, server, user, http.StatusNotImplemented, `"code":"internal-error"`) })
			}
			all.Wait()
			require.NoError(t, lock.Rollback())
			expectAnswer(t, server, user, http.StatusOK, `"firstName":"Jane"`)
		})
	}
}

// expectAnswer patches the user over HTTP, by a body that makes the handler read
// the record first, as clients do that echo it.
func expectAnswer(t *testing.T, server *httptest.Server, user userstore.User, status int, part string) {
	t.Helper()
	body := `{"data":{"type":"User","id":"` + user.ID.String() + `","attributes":{"firstName":"Jane","createdAt":"` +
		user.CreatedAt.Format(time.RFC3339Nano) + `"}}}`
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPatch, server.URL+"/users/"+user.ID.String(), strings.NewReader(body))
	if err != nil {
		t.Error(err)
		return
	}
	r.Header.Set("Content-Type", httphandler.MediaType)
	response, err := server.Client().Do(r)
	if err != nil {
		t.Error(err)
		return
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != status || !strings.Contains(string(text), part) {
		t.Errorf("%d %s, %v; want %d with %s", response.StatusCode, text, err, status, part)
	}
}
