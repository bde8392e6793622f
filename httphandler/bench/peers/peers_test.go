package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

const (
	userID = "c0daf39b-4df5-4241-9e7d-b1b85f829090"
	line   = `{"id":"` + userID + `","attributes":{"firstName":"Jane","lastName":"Doe","email":"jane@example.com",` +
		`"address":{"country":"DE","houseNo":"18"},"zoneInfo":"Europe/Berlin"},"createdAt":"2023-02-28T07:30:00.125Z"}` + "\n"
)

// newServer returns the server with one user, and the file of its database.
func newServer(t *testing.T, settings string) (h http.Handler, database string) {
	t.Helper()
	database = filepath.Join(t.TempDir(), "users.db")
	lines := filepath.Join(t.TempDir(), "users.jsonl")
	require.NoError(t, os.WriteFile(lines, []byte(line), 0o600))
	db, err := open(database, settings)
	require.NoError(t, err)
	pool, err := db.DB()
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, pool.Close()) })
	require.NoError(t, seed(db, lines))
	return newRouter(db), database
}

// send sends a patch of the attributes and returns the answer.
func send(h http.Handler, id, token, attributes string) *httptest.ResponseRecorder {
	body := `{"data":{"type":"User","id":"` + id + `","attributes":` + attributes + `}}`
	r := httptest.NewRequest(http.MethodPatch, "/users/"+id, strings.NewReader(body))
	r.Header.Set("Authorization", token)
	r.Header.Set("Content-Type", mediaType)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// The comparison is fair only if the peer does the job: it answers with the whole record,
// and another program finds the patch in the database.
func TestPatch(t *testing.T) {
	for _, settings := range []string{documented, tuned} {
		t.Run(settings, func(t *testing.T) {
			h, database := newServer(t, settings)
			w := send(h, userID, "Bearer demo-token", `{"firstName":"Joan","address":{"houseNo":"7a"}}`)
			if w.Code != http.StatusOK || w.Header().Get("Content-Type") != mediaType {
				t.Errorf("status %d, %q\n%s", w.Code, w.Header(), w.Body)
			}
			var got map[string]any
			require.NoError(t, json.Unmarshal(w.Body.Bytes(), &got))
			want := map[string]any{"data": map[string]any{"type": "User", "id": userID, "attributes": map[string]any{
				"firstName": "Joan", "lastName": "Doe", "email": "jane@example.com", "phoneNumber": nil, "pictureUrl": nil,
				"gender": nil, "birthDate": nil, "locale": nil, "zoneInfo": "Europe/Berlin", "createdAt": "2023-02-28T07:30:00.125Z",
				"address": map[string]any{
					"country": "DE", "locality": nil, "street": nil, "houseNo": "7a", "additionalAddressLink": nil, "region": nil, "postalCode": nil,
				},
			}}}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			var stdout bytes.Buffer
			require.NoError(t, read(database, "SELECT id, first_name, house_no FROM users", &stdout))
			if diff := cmp.Diff(userID+"\tJoan\t7a\n", stdout.String()); diff != "" {
				t.Errorf("stored (-want +got):\n%s", diff)
			}
		})
	}
}

// What gin's validator can check, it checks.
func TestRefusals(t *testing.T) {
	h, _ := newServer(t, tuned)
	const token = "Bearer demo-token"
	for name, tt := range map[string]struct {
		id, token, attributes string
		want                  int
	}{
		"no token":     {userID, "", `{}`, 401},
		"unknown user": {"5f0c3a52-8f1e-4b6d-9a57-2d1c6e7b8f90", token, `{}`, 404},
		"no UUID":      {"1", token, `{}`, 422},
		"no JSON":      {userID, token, `{`, 422},
		"gender":       {userID, token, `{"gender":"x"}`, 422},
		"email":        {userID, token, `{"email":"x"}`, 422},
		"pictureUrl":   {userID, token, `{"pictureUrl":"x"}`, 422},
		"birthDate":    {userID, token, `{"birthDate":"2023-02-30"}`, 422},
		"locale":       {userID, token, `{"locale":"?"}`, 422},
		"zoneInfo":     {userID, token, `{"zoneInfo":"x"}`, 422},
		"country":      {userID, token, `{"address":{"country":"x"}}`, 422},
		"length":       {userID, token, `{"lastName":"` + strings.Repeat("é", 1025) + `"}`, 422},
	} {
		t.Run(name, func(t *testing.T) {
			if w := send(h, tt.id, tt.token, tt.attributes); w.Code != tt.want {
				t.Errorf("status %d, want %d\n%s", w.Code, tt.want, w.Body)
			}
		})
	}
}

// PERFORMANCE.md says what the peer lacks. It is to be changed if that is no longer so.
func TestLacks(t *testing.T) {
	h, _ := newServer(t, tuned)
	for name, attributes := range map[string]string{
		"an unknown name is ignored":    `{"firstname2":"x"}`,
		"a name in capitals is taken":   `{"FIRSTNAME":"x"}`,
		"of a duplicate name, one wins": `{"firstName":"x","firstName":"y"}`,
		"createdAt is ignored":          `{"createdAt":"1999-01-01T00:00:00Z"}`,
		"control characters are taken":  `{"lastName":"\u0001"}`,
	} {
		if w := send(h, userID, "Bearer demo-token", attributes); w.Code != http.StatusOK {
			t.Errorf("%s: status %d", name, w.Code)
		}
	}
	w := send(h, userID, "Bearer demo-token", `{"email":null}`)
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"email":"jane@example.com"`) {
		t.Errorf("null clears the attribute: status %d\n%s", w.Code, w.Body)
	}
}

func TestCommandLine(t *testing.T) {
	for _, args := range [][]string{nil, {"x"}, {"gin"}, {"gin", "a", "b"}, {"read", "a"}, {"postgresql", "x"}, {"gin", "a", "unknown settings", "b"}} {
		if err := run(args); err == nil {
			t.Errorf("%q is taken", args)
		}
	}
}
