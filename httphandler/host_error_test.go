package httphandler_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/userstore"
)

func TestWriteError(t *testing.T) {
	_, malformed := userstore.ParseID("x")
	private := errors.New("private-value")
	invalid := &userstore.InvalidError{Problems: []userstore.Problem{{Pointer: "/email", Reason: "must be free"}}}
	tests := []struct {
		err    error
		status int
		code   string
		place  string
	}{
		{httphandler.ErrNoCredentials, 401, "missing-credentials", ""},
		{httphandler.ErrInvalidToken, 401, "invalid-token", ""},
		{httphandler.ErrMissingLinkedIdentity, 401, "missing-linked-identity", ""},
		{httphandler.ErrForbidden, 403, "forbidden", ""},
		{fmt.Errorf("%w: %w", private, &httphandler.ForbiddenError{Pointers: []string{"/email"}}), 403, "forbidden-attribute", "pointer /data/attributes/email"},
		{userstore.ErrNotFound, 404, "user-not-found", "parameter userId"},
		{fmt.Errorf("%w: %w", userstore.ErrNotFound, private), 404, "user-not-found", "parameter userId"},
		{invalid, 422, "invalid-attribute", "pointer /data/attributes/email"},
		{malformed, 422, "invalid-attribute", "pointer /data/attributes"},
		{private, 501, "internal-error", ""},
		{context.Canceled, 501, "internal-error", ""},
		{httphandler.ErrNotCanonical, 501, "internal-error", ""},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%d %s %T", tt.status, tt.code, tt.err), func(t *testing.T) {
			w := httptest.NewRecorder()
			id := httphandler.WriteError(w, httptest.NewRequest(http.MethodGet, "/users/x", nil), tt.err)
			got, wrong := readReply(http.MethodPatch, w) // whose statuses they are
			if len(wrong) > 0 {
				t.Errorf("%q: %s", wrong, w.Body)
			}
			wantReply(t, got, tt.status, tt.place)
			if of := httphandler.StatusOf(tt.err); of != tt.status {
				t.Errorf("StatusOf: %d, want %d", of, tt.status)
			}
			if d := cmp.Diff([]string{tt.code}, got.codes()); d != "" {
				t.Errorf("codes (-want +got):\n%s", d)
			}
			if !strings.Contains(w.Body.String(), `"id":"`+id+`"`) || strings.Contains(w.Body.String(), "private-value") {
				t.Errorf("id %s, body %s", id, w.Body)
			}
			if tt.status == 501 && strings.Contains(w.Body.String(), "change") {
				t.Errorf("a GET changes nothing: %s", w.Body)
			}
		})
	}
}

// A list that cannot be finished must not look like a complete answer.
func TestIncompleteAnswerIsAborted(t *testing.T) {
	h := func(w http.ResponseWriter, r *http.Request) {
		asked := 0
		if err := httphandler.WriteUsers(w, endless(200, &asked, errors.New("broken"))); err != nil {
			httphandler.WriteError(w, r, err)
		}
	}
	server := httptest.NewServer(http.HandlerFunc(h))
	defer server.Close()
	response, err := http.Get(server.URL)
	if err == nil { // otherwise not even the header arrived
		defer response.Body.Close()
		_, err = io.ReadAll(response.Body)
	}
	if err == nil {
		t.Error("the client takes it for complete")
	}
}

// As with the handler's refusals, a client that sends its whole request before it reads gets
// the answer, and no reset. (Methods refuses in the same way.)
func TestWriteErrorReadsTheBodyFirst(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		httphandler.WriteError(w, r, httphandler.ErrNoCredentials)
	}))
	t.Cleanup(server.Close)
	for name, head := range plainHeads {
		t.Run(name, func(t *testing.T) {
			for _, size := range []int{66_000, 130_000, 250_000} {
				expectPlain(t, server, fmt.Sprintf("%sContent-Length: %d\r\n\r\n%s", head, size, strings.Repeat("x", size)))
			}
		})
	}
}
