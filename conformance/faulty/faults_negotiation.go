package faulty

import (
	"mime"
	"net/http"
	"strings"

	"github.com/userrecord/userrecord/httphandler"
)

// acceptTaken lets the handler take an Accept that it would refuse.
func acceptTaken(taken func(accept string) bool) func(*server) {
	return requestHeader(func(h http.Header) {
		if taken(strings.Join(h["Accept"], ", ")) {
			h.Set("Accept", httphandler.MediaType)
		}
	})
}

// acceptRefused lets the handler refuse an Accept that it would take.
func acceptRefused(refused func(h http.Header) bool) func(*server) {
	return requestHeader(func(h http.Header) {
		if refused(h) {
			h.Set("Accept", "text/html")
		}
	})
}

// What goes wrong with the Accept field.
func acceptFaults() []Fault {
	has := func(part string) func(string) bool {
		return func(accept string) bool { return strings.Contains(accept, part) }
	}
	return []Fault{
		{"accept-ignored", "Accept is ignored.", acceptTaken(func(string) bool { return true })},
		{"accept-ext-taken", "Accept with an unknown extension is taken.", acceptTaken(has("ext="))},
		{"accept-parameters-ignored", "The parameters of Accept are ignored.", acceptTaken(func(a string) bool { return strings.HasPrefix(a, httphandler.MediaType) })},
		{"accept-q0-taken", "A weight of zero is not looked at.", acceptTaken(has("q=0"))},
		{"accept-q-refused", "A weight is taken for a parameter, and refused.", acceptRefused(func(h http.Header) bool { return strings.Contains(strings.Join(h["Accept"], ","), "q=") })},
		{"accept-absent-refused", "A request without Accept is refused.", acceptRefused(func(h http.Header) bool { return len(h["Accept"]) == 0 })},
		{"accept-first-only", "Of a list in Accept only the first element counts.", requestHeader(func(h http.Header) {
			if a := h.Get("Accept"); a != "" {
				h.Set("Accept", before(a, ","))
			}
		})},
		{"accept-first-field", "Of several Accept fields only the first counts.", requestHeader(func(h http.Header) { keepFirst(h, "Accept") })},
		{"accept-case-sensitive", "The type in Accept must be in lower case.", acceptRefused(func(h http.Header) bool { return h.Get("Accept") != strings.ToLower(h.Get("Accept")) })},
		{"accept-malformed-fails", "A malformed Accept makes the server fail.", failWhere(func(r *http.Request) bool {
			for part := range strings.SplitSeq(r.Header.Get("Accept"), ",") {
				if _, _, err := mime.ParseMediaType(part); err != nil && r.Header.Get("Accept") != "" {
					return true
				}
			}
			return false
		})},
		{"accept-but-done", "A patch that is refused for its Accept is made.", doneAll(406)},
		{"accept-mirrored", "The answer has the media type that Accept asks for.", changeAnswerTo(func(r *http.Request, a *answer) {
			if accept := r.Header.Get("Accept"); accept != "" && !strings.ContainsAny(accept, "*,;") {
				a.header.Set("Content-Type", accept)
			}
		})},
	}
}

// contentTaken lets the handler take a Content-Type that it would refuse.
func contentTaken(taken func(contentType string) bool) func(*server) {
	return requestHeader(func(h http.Header) {
		if taken(strings.Join(h["Content-Type"], ", ")) {
			h.Set("Content-Type", httphandler.MediaType)
		}
	})
}

// What goes wrong with the Content-Type field.
func contentFaults() []Fault {
	is := func(types ...string) func(string) bool {
		return func(contentType string) bool {
			for _, t := range types {
				if strings.HasPrefix(strings.ToLower(contentType), t) {
					return true
				}
			}
			return false
		}
	}
	has := func(part string) func(string) bool {
		return func(contentType string) bool { return strings.Contains(contentType, part) }
	}
	return []Fault{
		{"content-ignored", "Content-Type is ignored.", contentTaken(func(string) bool { return true })},
		{"content-json-taken", "A body of application/json is taken.", contentTaken(is("application/json"))},
		{"content-patch-taken", "A body of a JSON patch is taken for JSON:API.", contentTaken(is("application/merge-patch+json", "application/json-patch+json"))},
		{"content-ext-taken", "An unknown extension is taken.", contentTaken(has("ext="))},
		{"content-parameters-ignored", "The parameters of Content-Type are ignored.", contentTaken(is(httphandler.MediaType))},
		{"content-absent-fails", "A request without Content-Type makes the server fail.", failWhere(func(r *http.Request) bool { return r.Header.Get("Content-Type") == "" })},
		{"content-case-sensitive", "The type must be in lower case.", requestHeader(func(h http.Header) {
			if t := h.Get("Content-Type"); t != strings.ToLower(t) {
				h.Set("Content-Type", "text/plain")
			}
		})},
		{"content-encoding-ignored", "Content-Encoding is ignored.", requestHeader(func(h http.Header) { h.Del("Content-Encoding") })},
		{"content-but-done", "A patch that is refused for its Content-Type is made.", doneAll(415)},
	}
}

// failWhere answers 500 to a bad request, and patches nothing.
func failWhere(bad func(r *http.Request) bool) func(*server) {
	return wrapHandler(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPatch && bad(r) {
			sendRefusal(w, http.StatusInternalServerError)
			return
		}
		next.ServeHTTP(w, r)
	})
}
