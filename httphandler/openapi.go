package httphandler

import (
	_ "embed"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

//go:embed openapi.json
var openAPI string

// OpenAPI returns the OpenAPI 3.1 document of the operation, as the handler of [New]
// serves it with the zero [Options]: every status, header field, error and member, with
// formats, limits and examples. The servers are the URLs that clients put before
// /users/{userId}, such as https://example.com/user, or a path on the host that serves the
// document, such as /user/2025-1. Without any, it is the root of that host. Its media type is
// application/openapi+json (draft-ietf-httpapi-rest-api-mediatypes):
//
//	document := httphandler.OpenAPI("/api")
//	mux.HandleFunc("GET /api/openapi.json", func(w http.ResponseWriter, r *http.Request) {
//		w.Header().Set("Content-Type", "application/openapi+json")
//		w.Write(document)
//	})
func OpenAPI(servers ...string) []byte {
	if len(servers) == 0 {
		return []byte(openAPI)
	}
	var list []byte
	for _, server := range servers {
		list, _ = jsontext.AppendQuote(append(list, `, {"url": `...), server) // invalid UTF-8 is replaced
		list = append(list, '}')
	}
	return []byte(strings.Replace(openAPI, rootServer, `"servers": [`+string(list[2:])+`]`, 1))
}

// rootServer is how the document names its servers.
const rootServer = `"servers": [{"url": "/"}]`
