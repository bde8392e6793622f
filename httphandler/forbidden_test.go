package httphandler_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/userstore"
)

// A 403 names the attributes that the host names.
func TestForbiddenAttributes(t *testing.T) {
	many := make([]string, 40)
	for i := range many {
		many[i] = fmt.Sprintf("/address/a%d", i)
	}
	long := "/" + strings.Repeat("x", 300)
	tests := []struct {
		name string
		err  error
		want []string // the places
	}{
		{"two", &httphandler.ForbiddenError{Pointers: []string{"/email", "/address/country"}}, []string{"pointer /data/attributes/address/country", "pointer /data/attributes/email"}},
		{"wrapped", fmt.Errorf("x: %w", &httphandler.ForbiddenError{Pointers: []string{"/email"}}), []string{"pointer /data/attributes/email"}},
		{"none", &httphandler.ForbiddenError{}, []string{""}},
		{"no details", httphandler.ErrForbidden, []string{""}},
		{"too long to show", &httphandler.ForbiddenError{Pointers: []string{long}}, []string{"pointer /data/attributes"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := forbidding(t, tt.err)
			if d := cmp.Diff(tt.want, got.places()); d != "" || got.status != 403 {
				t.Errorf("status %d, places (-want +got):\n%s", got.status, d)
			}
		})
	}
	if got := forbidding(t, &httphandler.ForbiddenError{Pointers: many}); got.status != 403 || len(got.errors) != 32 {
		t.Errorf("status %d with %d errors, want 403 with 32", got.status, len(got.errors))
	}
}

// forbidding returns the reply to a patch that AuthorizePatch answers with err.
func forbidding(t *testing.T, err error) reply {
	t.Helper()
	return newEndpoint(httphandler.InsecureAllowEveryone(), httphandler.Options{
		AuthorizePatch: func(context.Context, uuid.UUID, userstore.Attributes) error { return err },
	}).patch(t, `{"email":"a@example.org"}`)
}

func TestForbiddenError(t *testing.T) {
	err := fmt.Errorf("x: %w", &httphandler.ForbiddenError{Pointers: []string{"/email", "/gender"}})
	if got, want := err.Error(), "x: httphandler: forbidden /email /gender"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if !errors.Is(err, httphandler.ErrForbidden) || errors.Is(err, httphandler.ErrInvalidToken) {
		t.Error("it must match ErrForbidden alone")
	}
}
