package servertest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// A cure undoes a fault that the answers of a server have though the record is in them.
// If the first valid patch needs it, the fault is a failure of its own, and the checks
// see every later answer cured: they find what else is wrong.
type cure struct {
	fault string // what came
	undo  func(body []byte) (cured []byte, needed bool)
}

// cures are tried in this order: the text, then the document in it.
var cures = []cure{
	{"a byte order mark before the document", func(body []byte) ([]byte, bool) {
		return bytes.CutPrefix(body, []byte("\ufeff"))
	}},
	{"a text in Latin-1 or another encoding, not UTF-8", fromLatin1},
	{"more text after the document", firstText},
	{"members with the same name", uniqueNames},
	{"data that is an array with the record", inDocument(unwrapArray)},
	{"a document without data around the record", inDocument(wrap)},
	{"the attributes in data itself, not in data.attributes", inDocument(unflatten)},
}

// fromLatin1 reads each byte as a character, unless the text is UTF-8.
func fromLatin1(body []byte) ([]byte, bool) {
	if utf8.Valid(body) {
		return nil, false
	}
	var cured []byte
	for _, b := range body {
		cured = utf8.AppendRune(cured, rune(b))
	}
	return cured, true
}

// firstText drops what follows the first JSON text.
func firstText(body []byte) ([]byte, bool) {
	d := json.NewDecoder(bytes.NewReader(body))
	var first json.RawMessage
	if d.Decode(&first) != nil {
		return nil, false
	}
	_, err := d.Token()
	return first, err != io.EOF
}

// uniqueNames keeps the last of several members with a name, as most readers do.
func uniqueNames(body []byte) ([]byte, bool) {
	if jsontext.Value(body).IsValid() || !json.Valid(body) {
		return nil, false
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var doc any
	if d.Decode(&doc) != nil {
		return nil, false
	}
	return encoded(doc)
}

// inDocument makes a cure of a change of the document. The change reports whether it
// was needed.
func inDocument(change func(doc object) bool) func([]byte) ([]byte, bool) {
	return func(body []byte) ([]byte, bool) {
		doc, err := parseObject(body)
		if err != nil || !change(doc) {
			return nil, false
		}
		return encoded(doc)
	}
}

func encoded(v any) ([]byte, bool) {
	body, err := json.Marshal(v)
	return body, err == nil
}

func unwrapArray(doc object) bool {
	list, _ := doc["data"].([]any)
	if len(list) != 1 {
		return false
	}
	doc["data"] = list[0]
	return true
}

// wrap puts a resource object, or bare attributes, into data.
func wrap(doc object) bool {
	_, wrapped := doc["data"]
	_, resource := doc["attributes"].(object)
	if wrapped || !resource && !hasAttribute(doc) {
		return false
	}
	data := object{}
	for name, v := range doc {
		data[name] = v
		delete(doc, name)
	}
	doc["data"] = data
	unflatten(doc)
	return true
}

// unflatten moves the attributes from data into data.attributes.
func unflatten(doc object) bool {
	data, _ := doc["data"].(object)
	if _, has := data["attributes"]; has || !hasAttribute(data) {
		return false
	}
	attributes := object{}
	for name, v := range data {
		switch name {
		case "type", "id", "links", "meta", "relationships":
		default:
			attributes[name] = v
			delete(data, name)
		}
	}
	data["attributes"] = attributes
	return true
}

// hasAttribute reports whether the object has an attribute of the page as a member.
func hasAttribute(o object) bool {
	for name := range o {
		if isAttribute(name) {
			return true
		}
	}
	return false
}

// treated returns the answer after those of the cures that it needs, and these.
func (a *answer) treated(with []cure) (*answer, []cure) {
	var needed []cure
	if len(a.body) > maxAnswer || manyValues(a.body) {
		return a, nil
	}
	for _, c := range with {
		if body, is := c.undo(a.body); is {
			a = a.with(a.status, body)
			needed = append(needed, c)
		}
	}
	return a, needed
}

// with returns the answer with another status and body.
func (a *answer) with(status int, body []byte) *answer {
	return &answer{status: status, header: a.header, body: body}
}

// cured returns the answer as the checks are to see it.
func (s *session) cured(a *answer) *answer {
	if a.status/100 != 2 {
		return a
	}
	a, _ = a.treated(s.first.cures)
	if a.status == s.first.status {
		a = a.with(http.StatusOK, a.body)
	}
	return a
}
