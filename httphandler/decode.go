package httphandler

import (
	"bytes"
	"fmt"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// A document is what a request document says, with its faults.
type document struct {
	patch     userstore.Attributes
	createdAt *time.Time // nil where absent
	faults    faults
}

// A decoder reads a request document (JSON:API 1.1, updating resources) about
// the user with that id.
type decoder struct {
	document
	in            scanner
	id            uuid.UUID
	ignoreUnknown bool
}

// decode reads the body in buf. The error is a refusal where that is not one
// strict JSON text; every other fault is in the document.
func (d *decoder) decode(buf *buffer) error {
	d.in = scanner{json: buf.bytes, open: buf.open[:0], names: buf.names[:0]}
	err := d.topLevel()
	if d.in.peek(); err == nil && d.in.at < len(d.in.json) {
		err = errTrailing
	}
	if err != nil {
		err = d.malformed(err)
	}
	d.in = scanner{}
	clear(buf.open[:])
	clear(buf.names[:])
	return err
}

// malformed returns the refusal of a body that the scanner fails to read. What it
// says, it knows without reading anything again.
func (d *decoder) malformed(err error) *refusal {
	f := fault{code: "malformed-json"}
	switch {
	case err == errDepth:
		return bodyTooDeep
	case err == errDuplicate:
		f = fault{"duplicate-member", "The name of this member appears twice in its object.", pointer(string(d.place()))}
	case err == errTrailing:
		f.detail = "There is more in the body than one JSON text."
	case len(bytes.TrimLeft(d.in.json, " \t\r\n")) == 0:
		f.detail = "The body is empty."
	default:
		f.detail = fmt.Sprintf("The body is not one JSON text in UTF-8 (RFC 8259): see byte %d.", d.in.at)
	}
	return unprocessable(f)
}

// object reads the start of the object that is next, and says whether a member
// is next. A value of another kind is a fault.
func (d *decoder) object() (more bool, err error) {
	if d.in.peek() != '{' {
		return false, d.wrong("wrong-json-type", "Must be an object.")
	}
	return d.in.begin()
}

func (d *decoder) topLevel() error {
	if d.in.peek() != '{' {
		return d.wrong("wrong-json-type", "Must be an object.")
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

// require adds a fault if a member of the object there was not found.
func (d *decoder) require(member, object string, found bool) {
	if !found {
		d.faults.add(fault{code: "invalid-document", detail: "Must have a member " + member + ".", source: pointer(object)})
	}
}

// resource reads data, the resource object.
func (d *decoder) resource() error {
	if d.in.peek() != '{' {
		return d.wrong("wrong-json-type", "Must be an object.")
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
			err = d.identity("wrong-id", "Must be the id of the path.", isID)
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
		d.require("id", "/data", idFound)
	}
	return err
}

// identity reads a string that must be the right one.
func (d *decoder) identity(code, detail string, right func(s []byte, id uuid.UUID) bool) error {
	if d.in.peek() == '"' {
		s, err := d.in.text()
		if err != nil || right(s, d.id) {
			return err
		}
		d.fault(code, detail)
		return nil
	}
	return d.wrong("wrong-json-type", detail)
}

// idLength is the length of the one form of an id: see [userstore.ParseID].
const idLength = len("c0daf39b-4df5-4241-9e7d-b1b85f829090")

func isID(s []byte, want uuid.UUID) bool {
	id, err := uuid.ParseBytes(s)
	return err == nil && id == want && len(s) == idLength
}

func isType(s []byte, _ uuid.UUID) bool { return string(s) == "User" }

// relationships refuses whatever relationships has: the page documents none.
func (d *decoder) relationships() error {
	found := false
	more, err := d.object()
	for more {
		found = found || !isAtMember(d.in.name())
		more, err = d.in.next(d.in.skip())
	}
	if found && err == nil {
		d.fault("unknown-relationship", "A user has no relationships.")
	}
	return err
}

// wrong skips the value that is next and adds a fault at it.
func (d *decoder) wrong(code, detail string) error {
	if err := d.in.skip(); err != nil {
		return err
	}
	d.fault(code, detail)
	return nil
}

// fault adds a fault at the value that was read last.
func (d *decoder) fault(code, detail string) {
	f := fault{code: code, detail: detail}
	if !d.faults.full() {
		f.source = pointer(string(d.place()))
	}
	d.faults.add(f)
}

// place returns where the value is that was read last, or a parent of it where
// that has too long a pointer to be shown.
func (d *decoder) place() (p jsontext.Pointer) {
	for i := range d.in.open {
		token := d.in.token(i)
		if len(p)+1+len(token) > maxPointer {
			return p // without a copy of a long name
		}
		p = p.AppendToken(string(token))
	}
	return p
}
