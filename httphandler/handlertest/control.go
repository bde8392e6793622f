package handlertest

import (
	_ "embed"
	"encoding/json"
	"maps"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// ControlPath is the path under which [Fake.Control] answers, as that of WireMock.
const ControlPath = "/__admin"

//go:embed control.openapi.json
var controlDocument []byte

// Control returns the handler with which tests in any language control the fake: they
// inject and clear faults, list calls and wait for them, read and set users, and reset
// all, in JSON and in the words of this package. GET /__admin/openapi.json describes it
// (OpenAPI 3.1).
//
// It asks for no credentials, so serve it on loopback only. Against web pages in a browser
// on the same machine it refuses requests with a Host that is not loopback (421), from
// another origin (403), and a body of POST or PUT whose Content-Type is not JSON (415).
func (f *Fake) Control() http.Handler {
	mux := http.NewServeMux()
	for pattern, handle := range f.controls() {
		if pattern != callsPattern {
			handle = withoutQuery(handle)
		}
		mux.HandleFunc(pattern, handle)
	}
	mux.Handle("GET "+ControlPath+"/{$}", http.RedirectHandler(ControlPath+"/openapi.json", http.StatusFound))
	return guarded(refusingInJSON(mux))
}

// callsPattern is that of the only operation with a query.
const callsPattern = "GET " + ControlPath + "/calls"

// controls are the operations of the control endpoint.
func (f *Fake) controls() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"GET " + ControlPath + "/openapi.json":      serveControlDocument,
		"POST " + ControlPath + "/reset":            after(f.Reset),
		"GET " + ControlPath + "/faults":            f.listFaults,
		"POST " + ControlPath + "/faults":           f.postFault,
		"DELETE " + ControlPath + "/faults":         after(f.ClearFaults),
		callsPattern:                                f.listCalls,
		"DELETE " + ControlPath + "/calls":          after(f.ForgetCalls),
		"GET " + ControlPath + "/users":             f.listUsers,
		"GET " + ControlPath + "/users/{userId}":    f.getUser,
		"PUT " + ControlPath + "/users/{userId}":    f.putUser,
		"DELETE " + ControlPath + "/users/{userId}": f.deleteUser,
	}
}

func serveControlDocument(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(controlDocument)
}

// after returns the handler that answers with 204 after something that cannot fail.
func after(do func()) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		do()
		w.WriteHeader(http.StatusNoContent)
	}
}

// withoutQuery refuses a query, so that nobody believes that it has narrowed what is done.
func withoutQuery(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.RawQuery != "" {
			refuseControl(w, http.StatusBadRequest, "The operation has no query.", "")
			return
		}
		next(w, r)
	}
}

// refusingInJSON answers for paths and methods that the mux does not have.
func refusingInJSON(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		refuse, pattern := mux.Handler(r)
		if pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		kept := &keptAnswer{header: w.Header()} // such as Allow
		refuse.ServeHTTP(kept, r)
		refuseControl(w, kept.status, "GET "+ControlPath+"/openapi.json has the operations that there are.", "")
	})
}

// guarded refuses what a web page can make a browser send.
func guarded(next http.Handler) http.Handler {
	origins := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		switch {
		case !isLoopback(r.Host): // DNS rebinding
			refuseControl(w, http.StatusMisdirectedRequest, "The host must be localhost, 127.0.0.1 or [::1].", "")
		case origins.Check(r) != nil:
			refuseControl(w, http.StatusForbidden, "Requests from another origin are refused.", "")
		case r.ContentLength != 0 && (r.Method == http.MethodPost || r.Method == http.MethodPut) && !isJSON(r.Header.Get("Content-Type")):
			refuseControl(w, http.StatusUnsupportedMediaType, "The Content-Type must be application/json.", "")
		default:
			r.Body = http.MaxBytesReader(w, r.Body, maxRead)
			next.ServeHTTP(w, r)
		}
	})
}

func isLoopback(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = strings.Trim(hostport, "[]")
	}
	ip, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && ip.IsLoopback()
}

func isJSON(contentType string) bool {
	mediaType, _, err := mime.ParseMediaType(contentType)
	return err == nil && (mediaType == "application/json" || strings.HasPrefix(mediaType, "application/") && strings.HasSuffix(mediaType, "+json"))
}

// refuseControl answers with an error document, as the operation does (JSON:API 1.1,
// section Errors).
func refuseControl(w http.ResponseWriter, status int, detail, pointer string) {
	object := map[string]any{"status": strconv.Itoa(status), "title": http.StatusText(status), "detail": detail}
	if pointer != "" {
		object["source"] = map[string]string{"pointer": pointer}
	}
	writeJSON(w, status, map[string]any{"errors": []any{object}})
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	text, err := json.Marshal(value)
	must(err)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n'))
}

// fieldsOf returns the header with one value for each field (RFC 9110, section 5.3).
func fieldsOf(header http.Header) map[string]string {
	fields := make(map[string]string)
	for _, name := range slices.Sorted(maps.Keys(header)) {
		fields[name] = strings.Join(header[name], ", ")
	}
	return fields
}
