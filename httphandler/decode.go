package httphandler

import (
	"bytes"
	"fmt"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// A document is a decoded request document and the errors found in it.
type document struct {
	patch     userstore.Attributes
	address   userstore.Address // of the patch
	unplain   bool              // a value of the patch is not plain: see isPlain
	createdAt *time.Time        // nil where absent
	errors    errorList
}

// A decoder decodes a request document (JSON:API 1.1, updating resources) for the
// user with the id.
type decoder struct {
	document
	in            scanner
	values        []value // of the patch, in the order of the body
	id            uuid.UUID
	pathID        string // the same, as it is written in the path
	ignoreUnknown bool
	isNew         bool // there is no user yet, and so no id
	choosesID     bool // of a new user, against isNew
}

// decode decodes the body in buf. The error is the refusal of a body that is not
// one strict JSON text. All other errors are collected in the document.
func (d *decoder) decode(buf *buffer) error {
	d.in = scanner{json: buf.bytes, open: buf.open[:0], names: buf.names[:0]}
	d.values = buf.values[:0]
	err := d.topLevel()
	if d.in.peek(); err == nil && d.in.at < len(d.in.json) {
		err = errTrailing
	}
	if err != nil {
		err = d.malformed(err)
	} else {
		d.keepValues()
	}
	clear(d.values)
	d.in, d.values = scanner{}, nil
	buf.forget()
	return err
}

// plainTexts returns d if all its texts are plain, or else an empty document.
func (d *document) plainTexts() *document {
	if d.unplain {
		return &noTexts
	}
	return d
}

var noTexts document // never changed

// malformed returns the refusal of a body that is not strict JSON. It describes the
// error without scanning the body again.
func (d *decoder) malformed(err error) *refusal {
	object := errorObject{code: "malformed-json"}
	switch {
	case err == errDepth:
		return bodyTooDeep
	case err == errDuplicate:
		object = errorObject{"duplicate-member", "The name of this member appears twice in its object.", pointer(string(d.place()))}
	case err == errTrailing:
		object.detail = "There is more in the body after the JSON text."
	case len(bytes.TrimLeft(d.in.json, " \t\r\n")) == 0:
		object.detail = "The body is empty."
	default:
		object.detail = fmt.Sprintf("The body is not one JSON text in UTF-8 (RFC 8259): see byte %d.", d.in.at)
	}
	return unprocessable(object)
}

// object reads the start of the next object; more reports whether a member follows.
// It reports any other value.
func (d *decoder) object() (more bool, err error) {
	if d.in.peek() != '{' {
		return false, d.reject("wrong-json-type", "Must be an object.")
	}
	return d.in.begin()
}

func (d *decoder) topLevel() error {
	if d.in.peek() != '{' {
		return d.reject("wrong-json-type", "Must be an object.")
	}
	found := false
	more, err := d.in.begin()
	for more {
		if string(d.in.name()) == "data" {
			found = true
			err = d.resource()
		} else {
			err = d.in.skip()
		}
		more, err = d.in.next(err)
	}
	if err == nil {
		d.require("data", "", found)
	}
	return err
}

// require reports a member that was not found in the object at a pointer.
func (d *decoder) require(member, object string, found bool) {
	if !found {
		d.errors.add(errorObject{code: "invalid-document", detail: "Must have a member " + member + ".", source: pointer(object)})
	}
}

// resource reads the resource object: the member data.
func (d *decoder) resource() error {
	if d.in.peek() != '{' {
		return d.reject("wrong-json-type", "Must be an object.")
	}
	var typeFound, idFound bool
	more, err := d.in.begin()
	for more {
		switch string(d.in.name()) {
		case "type":
			typeFound = true
			err = d.identity("wrong-type", "Must be User.", isType)
		case "id":
			idFound = true
			err = d.readID()
		case "attributes":
			err = d.attributes()
		case "relationships":
			err = d.relationships()
		default:
			err = d.in.skip()
		}
		more, err = d.in.next(err)
	}
	if err == nil {
		d.require("type", "/data", typeFound)
		d.require("id", "/data", idFound || d.isNew)
	}
	return err
}

func (d *decoder) readID() error {
	if d.isNew {
		d.choosesID = true
		return d.in.skip()
	}
	return d.identity("wrong-id", "Must be the id in the path.", d.isID)
}

// identity reads a string and reports it unless it is the right one.
func (d *decoder) identity(code, detail string, right func(s []byte) bool) error {
	if d.in.peek() == '"' {
		s, err := d.in.text()
		if err != nil || right(s) {
			return err
		}
		d.report(code, detail)
		return nil
	}
	return d.reject("wrong-json-type", detail)
}

// idLength is the length of the only form of an id: see [userstore.ParseID].
const idLength = len("c0daf39b-4df5-4241-9e7d-b1b85f829090")

func (d *decoder) isID(s []byte) bool {
	if string(s) == d.pathID {
		return true
	}
	id, err := uuid.ParseBytes(s)
	return err == nil && id == d.id && len(s) == idLength
}

func isType(s []byte) bool { return string(s) == "User" }

// relationships reports any relationship: the page documents none.
func (d *decoder) relationships() error {
	found := false
	more, err := d.object()
	for more {
		found = found || !isAtMember(d.in.name())
		more, err = d.in.next(d.in.skip())
	}
	if found && err == nil {
		d.report("unknown-relationship", "A user has no relationships.")
	}
	return err
}

// reject skips the next value and reports it.
func (d *decoder) reject(code, detail string) error {
	if err := d.in.skip(); err != nil {
		return err
	}
	d.report(code, detail)
	return nil
}

// report adds an error about the value that was read last.
func (d *decoder) report(code, detail string) {
	object := errorObject{code: code, detail: detail}
	if !d.errors.full() {
		object.source = pointer(string(d.place()))
	}
	d.errors.add(object)
}

// place returns the pointer to the value that was read last, or to one of its
// parents if that pointer is too long to be shown.
func (d *decoder) place() (p jsontext.Pointer) {
	for i := range d.in.open {
		token := d.in.token(i)
		if len(p)+1+len(token) > maxPointer {
			return p // a long name is not even copied
		}
		p = p.AppendToken(string(token))
	}
	return p
}
