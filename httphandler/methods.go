package httphandler

import (
	"net/http"
	"slices"
	"strings"
)

// Methods is the handler of one resource with several methods: it calls the handler
// of the request's method. Mount it for all methods, so that the handler of [New] can
// stand beside a GET of your own on any router:
//
//	mux.Handle("/users/{userId}", httphandler.Methods{
//		http.MethodGet:   get,
//		http.MethodPatch: httphandler.New(store, access, nil),
//	})
//
// HEAD goes to the handler of GET if it has none of its own. Any other method is
// answered with 405, an error document, and the field Allow with the methods that
// there are, in alphabetical order (RFC 9110, section 15.5.6). Names of methods are
// case-sensitive.
type Methods map[string]http.Handler

// ServeHTTP calls the handler of the method.
func (m Methods) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := m[r.Method]
	if h == nil && r.Method == http.MethodHead {
		h = m[http.MethodGet]
	}
	if h == nil {
		bare.answer(w, r, m.notAllowed())
		return
	}
	h.ServeHTTP(w, r)
}

func (m Methods) notAllowed() *refusal {
	var allowed []string
	for method, h := range m {
		if h != nil {
			allowed = append(allowed, method)
		}
	}
	if m[http.MethodGet] != nil && m[http.MethodHead] == nil {
		allowed = append(allowed, http.MethodHead)
	}
	slices.Sort(allowed)
	names := strings.Join(allowed, ", ")
	return &refusal{
		status: methodNotAllowed.status,
		header: [2]string{methodNotAllowed.header[0], names},
		errors: []errorObject{{code: methodNotAllowed.errors[0].code, detail: "The allowed methods: " + names + "."}},
	}
}
