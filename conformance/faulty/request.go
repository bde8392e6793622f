package faulty

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/userrecord/userrecord/conformance/internal/jsonvalue"
)

// object is a JSON object. Numbers are json.Number.
type object = jsonvalue.Object

// wrapHandler adds a layer around the handler.
func wrapHandler(handle func(next http.Handler, w http.ResponseWriter, r *http.Request)) func(*server) {
	return func(s *server) {
		s.layers = append(s.layers, func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handle(next, w, r) })
		})
	}
}

// changeRequest changes each PATCH before the handler sees it.
func changeRequest(change func(r *http.Request)) func(*server) {
	return wrapHandler(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPatch {
			r = r.Clone(r.Context())
			change(r)
		}
		next.ServeHTTP(w, r)
	})
}

// requestHeader changes the header fields of each PATCH.
func requestHeader(change func(h http.Header)) func(*server) {
	return changeRequest(func(r *http.Request) { change(r.Header) })
}

// requestBody changes the body of each PATCH.
func requestBody(change func(body []byte) []byte) func(*server) {
	return changeRequest(func(r *http.Request) { setBody(r, change(readBody(r))) })
}

// requestDocument changes the document of each PATCH, if the body is valid JSON.
func requestDocument(change func(doc object)) func(*server) {
	return requestBody(func(text []byte) []byte {
		if doc := parse(text); doc != nil {
			change(doc)
			return encode(doc)
		}
		return text
	})
}

// requestData changes the resource object of each PATCH.
func requestData(change func(data object)) func(*server) {
	return requestDocument(func(doc object) {
		if data, ok := doc["data"].(object); ok {
			change(data)
		}
	})
}

// requestAttributes changes the attributes of each PATCH.
func requestAttributes(change func(attributes object)) func(*server) {
	return requestData(func(data object) {
		if a, ok := data["attributes"].(object); ok {
			change(a)
		}
	})
}

// requestValues replaces every scalar among the attributes of each PATCH; pointer is such
// as /address/street.
func requestValues(change func(pointer string, v any) any) func(*server) {
	return requestAttributes(func(a object) { changeValues(a, "", change) })
}

func changeValues(o object, prefix string, change func(pointer string, v any) any) {
	for name, v := range o {
		if inner, ok := v.(object); ok && prefix == "" && name == "address" {
			changeValues(inner, "/address", change)
			continue
		}
		o[name] = change(prefix+"/"+name, v)
	}
}

// requestTexts replaces every string among the attributes of each PATCH.
func requestTexts(change func(s string) string) func(*server) {
	return requestValues(func(_ string, v any) any {
		if s, ok := v.(string); ok {
			return change(s)
		}
		return v
	})
}

// requestText replaces one scalar of each PATCH, if it is a string.
func requestText(pointer string, change func(s string) string) func(*server) {
	return requestValues(func(p string, v any) any {
		if s, ok := v.(string); ok && p == pointer {
			return change(s)
		}
		return v
	})
}

// maxBody is how much of a body is read. It is more than the handler reads.
const maxBody = 512 << 10

// readBody returns the body, which can be read again afterwards. A longer body than maxBody
// ends there: what follows is lost, and the handler refuses what is left.
func readBody(r *http.Request) []byte {
	text := make([]byte, max(0, min(r.ContentLength, maxBody)))
	n, _ := io.ReadFull(r.Body, text)
	rest, _ := io.ReadAll(io.LimitReader(r.Body, maxBody-int64(n))) // all of it, if its length is unknown
	text = append(text[:n], rest...)
	setBody(r, text)
	return text
}

func setBody(r *http.Request, text []byte) {
	r.Body = io.NopCloser(bytes.NewReader(text))
	r.ContentLength = int64(len(text))
}

// parse returns the object in the text, or nil if that is not a valid JSON object.
func parse(text []byte) object {
	v, _ := jsonvalue.Parse(text) // nil if it is not valid
	o, _ := v.(object)
	return o
}

// parseLoosely is parse as encoding/json reads: the last of several members with a name
// wins, and invalid UTF-8 is replaced.
func parseLoosely(text []byte) object {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var o object
	if d.Decode(&o) != nil {
		return nil
	}
	return o
}

func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // all that is encoded came from JSON
	}
	return b.Bytes()
}

// pathID returns the last segment of the path: the id, as it was sent.
func pathID(r *http.Request) string {
	return r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
}

// setPathID replaces the id of the path, whichever router finds it.
func setPathID(r *http.Request, id string) {
	u := *r.URL
	u.Path = u.Path[:strings.LastIndexByte(u.Path, '/')+1] + id
	u.RawPath = ""
	r.URL = &u
	r.SetPathValue("userId", id)
}
