package faulty

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler"
)

func TestFaultsAreWellNamed(t *testing.T) {
	name, title := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`), regexp.MustCompile(`^[^\n]{10,140}\.$`)
	seen := map[string]bool{}
	for _, f := range Faults() {
		if !name.MatchString(f.Name) || !title.MatchString(f.Title) {
			t.Errorf("%q: %q is not a name and a sentence", f.Name, f.Title)
		}
		if seen[f.Name] || seen[f.Title] {
			t.Errorf("%q: the name or the title is there twice", f.Name)
		}
		seen[f.Name], seen[f.Title] = true, true
	}
	if n := len(Faults()); n < 125 {
		t.Errorf("%d faults, want at least 125", n)
	}
}

func TestNewRefusesUnknownNames(t *testing.T) {
	for name, want := range map[string]string{
		"lost-updates": "lost-update",
		"NULL-IGNORED": "null-ignored",
		"x":            `no fault "x"`,
	} {
		if _, err := New(name, newStore(), tokens, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("New(%q): %v, want an error with %s", name, err, want)
		}
	}
}

// A fault works under a router and a prefix, as our handler does.
func TestNewUnderRouter(t *testing.T) {
	h, err := New("type-users", newStore(), tokens, nil)
	require.NoError(t, err)
	mux := http.NewServeMux()
	mux.Handle("/user/2025-1/users/{userId}", h)
	w := httptest.NewRecorder()
	id := maria.ID.String()
	r := httptest.NewRequest(http.MethodPatch, "/user/2025-1/users/"+id, strings.NewReader(fmt.Sprintf(`{"data":{"type":"User","id":%q}}`, id)))
	r.Header.Set("Authorization", "Bearer good-token")
	r.Header.Set("Content-Type", httphandler.MediaType)
	mux.ServeHTTP(w, r)
	if got := w.Body.String(); w.Code != http.StatusOK || !strings.Contains(got, `"type":"users"`) || !strings.Contains(got, "Maria") {
		t.Errorf("%d %s", w.Code, got)
	}
}
