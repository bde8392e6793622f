package faulty

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// object is a JSON object. Numbers are json.Number.
type object = map[string]any

// wrap adds a layer that may do anything.
func wrap(handle func(next http.Handler, w http.ResponseWriter, r *http.Request)) func(*server) {
	return func(s *server) {
		s.layers = append(s.layers, func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handle(next, w, r) })
		})
	}
}

// request changes each PATCH before the handler sees it.
func request(change func(r *http.Request)) func(*server) {
	return wrap(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPatch {
			r = r.Clone(r.Context())
			change(r)
		}
		next.ServeHTTP(w, r)
	})
}

// header changes the fields of each PATCH.
func header(change func(h http.Header)) func(*server) {
	return request(func(r *http.Request) { change(r.Header) })
}

// body changes the body of each PATCH that is authorized enough to have it read.
func body(change func(body []byte) []byte) func(*server) {
	return request(func(r *http.Request) { setBody(r, change(readBody(r))) })
}

// document changes the request document, where there is a strict one.
func document(change func(doc object)) func(*server) {
	return body(func(text []byte) []byte {
		if doc := parse(text); doc != nil {
			change(doc)
			return encode(doc)
		}
		return text
	})
}

// data changes the resource object of the request document.
func data(change func(data object)) func(*server) {
	return document(func(doc object) {
		if data, ok := doc["data"].(object); ok {
			change(data)
		}
	})
}

// attributes changes the attributes of the request document.
func attributes(change func(attributes object)) func(*server) {
	return data(func(data object) {
		if a, ok := data["attributes"].(object); ok {
			change(a)
		}
	})
}

// values replaces every scalar that a request document has among its
// attributes; pointer is such as /address/street.
func values(change func(pointer string, v any) any) func(*server) {
	return attributes(func(a object) { changeValues(a, "", change) })
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

// texts replaces every string among the attributes of a request document.
func texts(change func(s string) string) func(*server) {
	return values(func(_ string, v any) any {
		if s, ok := v.(string); ok {
			return change(s)
		}
		return v
	})
}

// text replaces the string of one attribute in a request document.
func text(pointer string, change func(s string) string) func(*server) {
	return values(func(p string, v any) any {
		if s, ok := v.(string); ok && p == pointer {
			return change(s)
		}
		return v
	})
}

// maxBody is more than the handler takes.
const maxBody = 16 << 20

// readBody reads the body, and leaves it to be read again.
func readBody(r *http.Request) []byte {
	text, _ := io.ReadAll(io.LimitReader(r.Body, maxBody))
	setBody(r, text)
	return text
}

func setBody(r *http.Request, text []byte) {
	r.Body = io.NopCloser(bytes.NewReader(text))
	r.ContentLength = int64(len(text))
}

// parse returns the object that the strict JSON text is, or nil.
func parse(text []byte) object {
	if !jsontext.Value(text).IsValid() {
		return nil
	}
	return parseLoosely(text)
}

// parseLoosely reads as encoding/json does: the last duplicate wins, and what
// is not UTF-8 is replaced.
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
		panic(err) // it was made of JSON
	}
	return b.Bytes()
}

// pathID returns the id of the path, as it stands there.
func pathID(r *http.Request) string {
	return r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
}

// setPathID replaces the id of the path, for any router.
func setPathID(r *http.Request, id string) {
	u := *r.URL
	u.Path = u.Path[:strings.LastIndexByte(u.Path, '/')+1] + id
	u.RawPath = ""
	r.URL = &u
	r.SetPathValue("userId", id)
}
