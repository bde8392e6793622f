package servertest

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/userrecord/userrecord/conformance/internal/jsonvalue"
)

// object is a JSON object. Numbers are json.Number.
type object = jsonvalue.Object

// pointers are the JSON Pointers, from the attributes object, of every scalar that a
// client may set, in the order of the page.
var pointers = []string{
	"/firstName", "/lastName", "/email", "/phoneNumber", "/pictureUrl", "/gender", "/birthDate",
	"/address/country", "/address/locality", "/address/street", "/address/houseNo",
	"/address/additionalAddressLink", "/address/region", "/address/postalCode",
	"/locale", "/zoneInfo",
}

// isAttribute reports whether name is an attribute that a client may set.
func isAttribute(name string) bool { return attributeNames[name] }

// attributeNames has the attributes that a client may set.
var attributeNames = func() map[string]bool {
	names := map[string]bool{}
	for _, p := range pointers {
		names[attributeOf(p)] = true
	}
	return names
}()

// attributeOf returns the name of the attribute that holds the scalar.
func attributeOf(pointer string) string {
	name, _, _ := strings.Cut(pointer[1:], "/")
	return name
}

// memberOf returns the member of the address that the pointer names.
func memberOf(pointer string) (string, bool) { return strings.CutPrefix(pointer, "/address/") }

// A record is a user as a server shows it.
type record struct {
	data       object // the resource object
	attributes object
	state      state
	text       []byte // of the document, if there was one
}

// record reads the success document of the answer, once. Nobody changes the record.
func (a *answer) record() (*record, error) {
	a.once.Do(func() { a.parsed, a.unread = parseRecord(a) })
	return a.parsed, a.unread
}

func parseRecord(a *answer) (*record, error) {
	doc, err := parseObject(a.body)
	if err != nil {
		return nil, err
	}
	data, ok := doc["data"].(object)
	if !ok {
		return nil, errors.New("the document has no object data")
	}
	attributes, ok := data["attributes"].(object)
	if !ok && data["attributes"] != nil {
		return nil, errors.New("data.attributes is not an object")
	}
	return &record{data, attributes, stateOf(attributes), a.body}, nil
}

// recognise takes the known record for that of the answer, if the documents are the same
// to the byte, as where a read follows a patch: that saves reading it.
func (a *answer) recognise(known *record) {
	if known != nil && known.text != nil && bytes.Equal(known.text, a.body) {
		a.once.Do(func() { a.parsed = known })
	}
}

// maxValues is how many values an answer has at most, or texts full of punctuation
// instead. Each may take 40 times as much memory as in the body.
const maxValues = 20_000

func manyValues(text []byte) bool {
	n := 0
	for _, before := range []string{"{", "[", ","} { // one of these is before each
		n += bytes.Count(text, []byte(before))
	}
	return n > maxValues
}

// parseObject reads one JSON text (RFC 8259) that is an object.
func parseObject(text []byte) (object, error) {
	switch {
	case len(bytes.TrimSpace(text)) == 0:
		return nil, errors.New("no body")
	case len(text) > maxAnswer:
		return nil, fmt.Errorf("the body is longer than %d KiB", maxAnswer>>10)
	case manyValues(text):
		return nil, fmt.Errorf("the body has more than %d values, or is not JSON", maxValues)
	}
	v, err := jsonvalue.Parse(text)
	if err != nil {
		return nil, errors.New("the body is not one JSON text in UTF-8")
	}
	doc, ok := v.(object)
	if !ok {
		return nil, errors.New("the body is not a JSON object")
	}
	return doc, nil
}
