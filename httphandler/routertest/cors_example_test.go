package routertest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/rs/cors"
)

// Browser clients of another origin need CORS. It goes around the router, so that it
// answers preflight requests, which have no credentials, and marks refusals too.
func Example_cors() {
	mux := http.NewServeMux()
	mux.Handle("/users/{userId}", newUsers())
	server := cors.New(cors.Options{
		AllowedOrigins: []string{"https://app.example.com"},
		AllowedMethods: []string{http.MethodGet, http.MethodHead, http.MethodPatch},
		AllowedHeaders: []string{"Authorization", "Content-Type"},
		ExposedHeaders: []string{"WWW-Authenticate"},
		MaxAge:         600, // seconds
	}).Handler(mux)

	preflight := httptest.NewRequest(http.MethodOptions, "/users/"+exampleID.String(), nil)
	preflight.Header.Set("Access-Control-Request-Method", http.MethodPatch)
	preflight.Header.Set("Access-Control-Request-Headers", "authorization,content-type")
	patch := httptest.NewRequest(http.MethodPatch, "/users/"+exampleID.String(), strings.NewReader(noChange))
	patch.Header.Set("Authorization", "Bearer test-token")
	patch.Header.Set("Content-Type", "application/vnd.api+json")
	refused := httptest.NewRequest(http.MethodPatch, "/users/"+exampleID.String(), nil)
	for _, r := range []*http.Request{preflight, patch, refused} {
		r.Header.Set("Origin", "https://app.example.com")
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		fmt.Println(r.Method, w.Code)
		for _, field := range []string{"Allow-Origin", "Allow-Methods", "Allow-Headers", "Expose-Headers"} {
			if value := w.Header().Get("Access-Control-" + field); value != "" {
				fmt.Println("  "+field+":", value)
			}
		}
	}
	// Output:
	// OPTIONS 204
	//   Allow-Origin: https://app.example.com
	//   Allow-Methods: PATCH
	//   Allow-Headers: authorization,content-type
	// PATCH 200
	//   Allow-Origin: https://app.example.com
	//   Expose-Headers: Www-Authenticate
	// PATCH 401
	//   Allow-Origin: https://app.example.com
	//   Expose-Headers: Www-Authenticate
}
