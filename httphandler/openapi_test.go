package httphandler_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler"
)

// The servers of the document are those of the host. (The module openapitest holds the rest of
// it against the handler.)
func TestOpenAPIServers(t *testing.T) {
	tests := []struct{ servers, want []string }{
		{nil, []string{"/"}},
		{[]string{"/", "/user/2025-1"}, []string{"/", "/user/2025-1"}},
		{[]string{`https://example.com/"quoted"`, "/\xff"}, []string{`https://example.com/"quoted"`, "/\ufffd"}},
	}
	without := func(document map[string]any) map[string]any {
		delete(document, "servers")
		return document
	}
	for _, tt := range tests {
		document := decodeAny(t, httphandler.OpenAPI(tt.servers...)).(map[string]any)
		var got struct{ Servers []struct{ URL string } }
		require.NoError(t, json.Unmarshal(httphandler.OpenAPI(tt.servers...), &got))
		var urls []string
		for _, server := range got.Servers {
			urls = append(urls, server.URL)
		}
		if d := cmp.Diff(tt.want, urls); d != "" {
			t.Errorf("servers (-want +got):\n%s", d)
		}
		if d := cmp.Diff(without(decodeAny(t, httphandler.OpenAPI()).(map[string]any)), without(document)); d != "" {
			t.Errorf("the rest of the document (-default +got):\n%s", d)
		}
	}
}

// A caller may change what it gets.
func TestOpenAPIIsACopy(t *testing.T) {
	first := httphandler.OpenAPI()
	want := slices.Clone(first)
	clear(first)
	if d := cmp.Diff(string(want), string(httphandler.OpenAPI())); d != "" {
		t.Errorf("the next document (-want +got):\n%s", d)
	}
}
