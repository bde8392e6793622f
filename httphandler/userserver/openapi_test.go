package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// The document needs no token, and has the two URLs of the server.
func TestOpenAPI(t *testing.T) {
	s := startServer(t, nil)
	response, err := http.Get(s.base + "/openapi.json")
	require.NoError(t, err)
	defer response.Body.Close()
	if mediaType := response.Header.Get("Content-Type"); response.StatusCode != 200 || mediaType != "application/openapi+json" {
		t.Errorf("status %d, Content-Type %q", response.StatusCode, mediaType)
	}
	var document struct {
		OpenAPI string
		Servers []struct{ URL string }
		Paths   map[string]any
	}
	require.NoError(t, json.NewDecoder(response.Body).Decode(&document))
	if document.OpenAPI != "3.1.1" || document.Paths["/users/{userId}"] == nil {
		t.Errorf("OpenAPI %q, paths %v", document.OpenAPI, document.Paths)
	}
	var urls []string
	for _, server := range document.Servers {
		urls = append(urls, server.URL)
		patch(t, s.base+strings.TrimSuffix(server.URL, "/"), exampleID, demoToken, noChange).expect(t, 200, "")
	}
	if d := cmp.Diff([]string{"/", pagePrefix}, urls); d != "" {
		t.Errorf("servers (-want +got):\n%s", d)
	}
}
