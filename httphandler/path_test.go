package httphandler_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/userstore"
)

func TestPathIDOfRequest(t *testing.T) {
	const id = handlertest.ExampleID
	encoded := "%63" + id[1:] // %63 is c
	tests := []struct {
		name, path string
		value      string // the path value userId that the router sets, if any
		ok         bool
	}{
		{"path value", "/users/x", id, true},
		{"upper-case path value", "/users/x", strings.ToUpper(id), true},
		{"path value that is no id", "/users/" + id, "other/" + id, false},
		{"raw path value", "/users/" + encoded, encoded, true},
		{"raw path value in the middle", "/users/" + encoded + "/record", encoded, true},
		{"decoded path value", "/users/" + encoded, id, true},
		{"path encoded twice, value decoded once", "/users/%25" + encoded[1:], encoded, false},
		{"path encoded twice, raw value", "/users/%25" + encoded[1:], "%25" + encoded[1:], false},
		{"raw path value with a slash", "/users/x%2F" + id, "x%2F" + id, false},
		{"part of a raw segment", "/users/x" + encoded, encoded, false},
		{"malformed escape", "/users/x", "%zz", false},
		{"last segment", "/users/" + id, "", true},
		{"encoded last segment", "/users/" + encoded, "", true},
		{"last segment encoded twice", "/users/%25" + encoded[1:], "", false},
		{"encoded slash before", "/users/x%2F" + id, "", false},
		{"slash after", "/users/" + id + "/", "", false},
		{"braces", "/users/%7B" + id + "%7D", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, tt.path, nil)
			r.SetPathValue("userId", tt.value)
			got, err := httphandler.PathID(r)
			if tt.ok && (err != nil || got.String() != id) || !tt.ok && !errors.Is(err, userstore.ErrNotFound) {
				t.Errorf("%s, %v", got, err)
			}
		})
	}
}
