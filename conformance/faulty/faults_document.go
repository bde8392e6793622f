package faulty

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/userrecord/userrecord/userstore"
)

// What goes wrong with the request document.
func documentFaults() []Fault {
	return []Fault{
		{"no-data-taken", "A document without data is a patch without attributes.", defaultData(func(doc object) bool { _, ok := doc["data"]; return !ok })},
		{"null-data-taken", "data null is a patch without attributes.", defaultData(func(doc object) bool { v, ok := doc["data"]; return ok && v == nil })},
		{"scalar-data-taken", "data that is no object is a patch without attributes.", defaultData(func(doc object) bool {
			switch doc["data"].(type) {
			case string, bool, json.Number:
				return true
			}
			return false
		})},
		{"data-array-taken", "Of an array as data the first resource counts.", requestDocument(func(doc object) {
			if list, ok := doc["data"].([]any); ok && len(list) > 0 {
				doc["data"] = list[0]
			}
		})},
		{"top-scalar-taken", "A JSON text that is no object is a patch without attributes.", whereBody(func(r *http.Request, text []byte) bool {
			var v any
			_, ok := v.(object)
			return json.Unmarshal(text, &v) == nil && !ok && bytes.IndexByte(text, '{') < 0
		})},
		{"type-ignored", "The type of the resource is ignored.", requestData(func(data object) { data["type"] = "User" })},
		{"type-missing-fails", "A resource without type makes the server fail.", failWhere(missing("type"))},
		{"id-ignored", "The id of the resource is ignored.", ownID(func(any, bool) bool { return true })},
		{"id-other-taken", "A resource with another id is taken for the user of the path.", ownID(func(v any, _ bool) bool { return isText(v) })},
		{"id-missing-fails", "A resource without id makes the server fail.", failWhere(missing("id"))},
		{"id-of-body-patched", "The user of the document is patched, whoever the path names.", changeRequest(func(r *http.Request) {
			data, _ := parse(readBody(r))["data"].(object)
			if id, ok := data["id"].(string); ok && len(id) == 36 {
				setPathID(r, id)
			}
		})},
		{"id-of-body-patched-too", "The user of the document is patched, though the answer is a refusal.", bodyIDToo},
		{"id-upper-case-refused", "An id of the resource in upper case is refused.", requestData(func(data object) {
			if id, ok := data["id"].(string); ok && id != strings.ToLower(id) {
				data["id"] = ""
			}
		})},
		{"attributes-no-object-ignored", "attributes that are no object are ignored.", requestData(func(data object) {
			if _, ok := data["attributes"].(object); !ok {
				delete(data, "attributes")
			}
		})},
		{"attributes-missing-fails", "A resource without attributes makes the server fail.", failWhere(missing("attributes"))},
		{"names-folded", "The case of member names is ignored, as encoding/json does.", requestDocument(fold)},
		{"attribute-names-folded", "The case of attribute names is ignored.", requestAttributes(foldNames)},
		{"snake-case-taken", "Attributes are known by names in snake case, and those of the page ignored.", requestAttributes(func(a object) {
			for _, name := range []string{"firstName", "lastName", "phoneNumber", "pictureUrl", "birthDate", "zoneInfo"} {
				delete(a, name)
			}
		})},
		{"meta-refused", "A document with meta is refused.", refuseDocument(func(doc, data object) bool { return doc["meta"] != nil || data["meta"] != nil })},
		{"links-refused", "A document with links is refused.", refuseDocument(func(doc, data object) bool { return doc["links"] != nil || data["links"] != nil })},
		{"relationships-refused", "A resource with empty relationships is refused.", refuseDocument(func(_, data object) bool { return data["relationships"] != nil })},
		{"unknown-members-refused", "Unknown members of the document are refused.", refuseDocument(func(doc, data object) bool {
			return hasOther(doc, "data", "meta", "links", "jsonapi", "included") || hasOther(data, "type", "id", "attributes", "relationships", "links", "meta")
		})},
		{"at-members-refused", "Members that begin with @ are refused.", refuseDocument(func(doc, data object) bool {
			a, _ := data["attributes"].(object)
			return hasAt(doc) || hasAt(data) || hasAt(a)
		})},
	}
}

// defaultData takes documents for a patch without attributes, if is says so.
func defaultData(is func(doc object) bool) func(*server) {
	return whereBody(func(r *http.Request, text []byte) bool {
		doc := parse(text)
		return doc != nil && is(doc)
	})
}

// whereBody takes bodies for a patch without attributes, if is says so.
func whereBody(is func(r *http.Request, text []byte) bool) func(*server) {
	return changeRequest(func(r *http.Request) {
		if is(r, readBody(r)) {
			setBody(r, encode(object{"data": object{"type": "User", "id": pathID(r)}}))
		}
	})
}

func missing(name string) func(r *http.Request) bool {
	return func(r *http.Request) bool {
		data, ok := parse(readBody(r))["data"].(object)
		_, found := data[name]
		return ok && !found
	}
}

// ownID puts the id of the path into resource objects whose id is such.
func ownID(such func(v any, found bool) bool) func(*server) {
	return changeRequest(func(r *http.Request) {
		doc := parse(readBody(r))
		if data, ok := doc["data"].(object); ok {
			if v, found := data["id"]; such(v, found) {
				data["id"] = pathID(r)
				setBody(r, encode(doc))
			}
		}
	})
}

// bodyIDToo patches the user that the document names, after the handler has refused the
// document for that.
func bodyIDToo(s *server) {
	store := s.store
	changeAnswerTo(func(r *http.Request, a *answer) {
		data, _ := parse(readBody(r))["data"].(object)
		id, err := userstore.ParseID(fmt.Sprint(data["id"]))
		if err == nil && a.status == http.StatusUnprocessableEntity && !strings.EqualFold(id.String(), pathID(r)) {
			provided := sent(r)
			store.Patch(r.Context(), id, rewrite(userstore.Attributes{}, func(o object) { maps.Copy(o, provided) }))
		}
	})(s)
}

// fold gives names that differ only in case the case of the page.
func fold(doc object) {
	renameFolded(doc, "data")
	data, _ := doc["data"].(object)
	renameFolded(data, "type", "id", "attributes")
	if a, ok := data["attributes"].(object); ok {
		foldNames(a)
	}
}

func foldNames(a object) {
	for _, p := range pointers {
		if _, in := inAddress(p); !in {
			renameFolded(a, p[1:])
		}
	}
	renameFolded(a, "address")
}

func renameFolded(o object, names ...string) {
	for _, want := range names {
		for name, v := range o {
			if name != want && strings.EqualFold(name, want) {
				delete(o, name)
				o[want] = v
			}
		}
	}
}

// refuseDocument lets the handler refuse bad documents, with 422.
func refuseDocument(bad func(doc, data object) bool) func(*server) {
	return requestDocument(func(doc object) {
		data, _ := doc["data"].(object)
		if bad(doc, data) {
			delete(doc, "data")
		}
	})
}

func hasOther(o object, names ...string) bool {
	for name := range o {
		if !slices.Contains(names, name) && !strings.HasPrefix(name, "@") {
			return true
		}
	}
	return false
}

func hasAt(o object) bool {
	for name := range o {
		if strings.HasPrefix(name, "@") {
			return true
		}
	}
	return false
}

// What goes wrong with the JSON text.
func jsonFaults() []Fault {
	failing := func(bad func(text []byte) bool) func(*server) {
		return failWhere(func(r *http.Request) bool { return bad(readBody(r)) })
	}
	malformed := func(b []byte) bool { return len(b) < maxBody && !json.Valid(b) }
	return []Fault{
		{"json-malformed-fails", "A body that is no JSON makes the server fail.", failing(malformed)},
		{"json-malformed-ignored", "A body that is no JSON is a patch without attributes.", whereBody(func(_ *http.Request, b []byte) bool { return malformed(b) })},
		{"json-trailing-ignored", "What follows the document is ignored, as a json.Decoder does.", requestBody(func(b []byte) []byte {
			var first json.RawMessage
			if json.NewDecoder(bytes.NewReader(b)).Decode(&first) == nil {
				return first
			}
			return b
		})},
		{"json-blanks-refused", "White space around the document is refused.", requestBody(func(b []byte) []byte {
			if !bytes.Equal(bytes.TrimSpace(b), b) && json.Valid(b) {
				return []byte("?")
			}
			return b
		})},
		{"json-escapes-refused", "An escape in the name of a member is not understood.", requestBody(func(b []byte) []byte {
			return bytes.ReplaceAll(b, []byte(`"\u006`), []byte(`"x\u006`))
		})},
		{"json-empty-taken", "An empty body is a patch without attributes.", whereBody(func(_ *http.Request, b []byte) bool { return len(bytes.TrimSpace(b)) == 0 })},
		{"json-empty-fails", "An empty body makes the server fail.", failing(func(b []byte) bool { return len(b) == 0 })},
		{"json-deep-breaks-off", "A deeply nested body ends the process that reads it.", changeRequest(func(r *http.Request) {
			if bytes.Count(readBody(r), []byte("[")) > 500 {
				panic(http.ErrAbortHandler)
			}
		})},
		{"json-large-fails", "A large body makes the server fail.", failing(func(b []byte) bool { return len(b) > 48<<10 })},
		{"json-chunked-refused", "A body without Content-Length is refused with 411.", wrapHandler(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
			if r.ContentLength < 0 {
				sendRefusal(w, http.StatusLengthRequired)
				return
			}
			next.ServeHTTP(w, r)
		})},
	}
}
