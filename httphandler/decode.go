package httphandler

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
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

// tokenizers keeps decoders for their stacks and name tables. What a decoder
// keeps of a body are names, for it alone to compare; a large body, which could
// have filled many tables, is not worth keeping.
var tokenizers = sync.Pool{New: func() any { return jsontext.NewDecoder(noBody) }}

var noBody = strings.NewReader("")

const maxPooledBody = 2 << 10

// decode reads a request document (JSON:API 1.1, updating resources) about the
// user with that id. The error is a refusal where the body is not one strict
// JSON text; every other fault is in the document.
func decode(body *bytes.Buffer, id uuid.UUID, ignoreUnknown bool) (*document, error) {
	size := body.Len()
	empty := len(bytes.TrimLeft(body.Bytes(), " \t\r\n")) == 0
	in := tokenizers.Get().(*jsontext.Decoder)
	in.Reset(body)
	d := decoder{in: in, id: id, ignoreUnknown: ignoreUnknown}
	err := d.topLevel()
	if err == nil {
		// The text must end here; a Decoder would read on in a stream.
		_, err = in.ReadToken()
	}
	if size <= maxPooledBody {
		in.Reset(noBody)
		tokenizers.Put(in)
	}
	if err != io.EOF || empty {
		return nil, malformed(err)
	}
	return &d.document, nil
}

// malformed returns the refusal of a body that is not strict JSON. The text of
// err may quote the body, so it is not shown.
func malformed(err error) *refusal {
	f := fault{code: "malformed-json", detail: "The body is not one JSON text (RFC 8259)."}
	var syntax *jsontext.SyntacticError
	switch {
	case err == io.EOF:
		f.detail = "The body is empty."
	case err == nil:
		f.detail = "There is more in the body than one JSON text."
	case !errors.As(err, &syntax):
	case errors.Is(err, jsontext.ErrDuplicateName):
		f.code, f.detail = "duplicate-member", "The name of this member appears twice in its object."
		f.source = pointer(string(syntax.JSONPointer))
	default:
		f.detail = fmt.Sprintf("The body is not one JSON text in UTF-8 (RFC 8259): see byte %d.", syntax.ByteOffset)
	}
	return unprocessable(f)
}

type decoder struct {
	in            *jsontext.Decoder
	id            uuid.UUID
	ignoreUnknown bool
	scratch       []byte // of text
	document
}

// object reads the object that is next, and has member read each value. A value
// of another kind is a fault.
func (d *decoder) object(member func(name []byte) error) error {
	if d.in.PeekKind() != '{' {
		return d.wrong("wrong-json-type", "Must be an object.")
	}
	if _, err := d.in.ReadToken(); err != nil {
		return err
	}
	for d.in.PeekKind() != '}' {
		name, err := d.text()
		if err != nil {
			return err
		}
		if err := member(name); err != nil {
			return err
		}
	}
	_, err := d.in.ReadToken()
	return err
}

// text reads the JSON string that is next. The result is valid until the next
// read.
func (d *decoder) text() ([]byte, error) {
	literal, err := d.in.ReadValue()
	if err != nil {
		return nil, err
	}
	if bytes.IndexByte(literal, '\\') < 0 {
		return literal[1 : len(literal)-1], nil
	}
	d.scratch, err = jsontext.AppendUnquote(d.scratch[:0], literal)
	return d.scratch, err
}

func (d *decoder) topLevel() error {
	if d.in.PeekKind() != '{' {
		return d.wrong("wrong-json-type", "Must be an object.")
	}
	found := false
	if err := d.object(func(name []byte) error {
		if string(name) != "data" {
			return d.in.SkipValue()
		}
		found = true
		return d.resource()
	}); err != nil {
		return err
	}
	if !found {
		d.faults.add(fault{code: "invalid-document", detail: "Must have a member data.", source: pointer("")})
	}
	return nil
}

// resource reads data, the resource object.
func (d *decoder) resource() error {
	if d.in.PeekKind() != '{' {
		return d.wrong("wrong-json-type", "Must be an object.")
	}
	var typeFound, idFound bool
	if err := d.object(func(name []byte) error {
		switch string(name) {
		case "type":
			typeFound = true
			return d.identity("wrong-type", "Must be User.", func(s []byte) bool { return string(s) == "User" })
		case "id":
			idFound = true
			return d.identity("wrong-id", "Must be the id of the path.", d.isID)
		case "attributes":
			return d.object(d.attribute)
		case "relationships":
			return d.relationships()
		}
		return d.in.SkipValue()
	}); err != nil {
		return err
	}
	for _, member := range []struct {
		name  string
		found bool
	}{{"type", typeFound}, {"id", idFound}} {
		if !member.found {
			d.faults.add(fault{code: "invalid-document", detail: "Must have a member " + member.name + ".", source: pointer("/data")})
		}
	}
	return nil
}

// identity reads a string that must be the right one.
func (d *decoder) identity(code, detail string, right func([]byte) bool) error {
	if d.in.PeekKind() == '"' {
		s, err := d.text()
		if err != nil || right(s) {
			return err
		}
		d.fault(code, detail)
		return nil
	}
	return d.wrong("wrong-json-type", detail)
}

func (d *decoder) isID(s []byte) bool {
	id, err := userstore.ParseID(string(s))
	return err == nil && id == d.id
}

// relationships refuses whatever relationships has: the page documents none.
func (d *decoder) relationships() error {
	found := false
	err := d.object(func(name []byte) error {
		found = found || !isAtMember(name)
		return d.in.SkipValue()
	})
	if found && err == nil {
		d.fault("unknown-relationship", "A user has no relationships.")
	}
	return err
}

// wrong skips the value that is next and adds a fault at it.
func (d *decoder) wrong(code, detail string) error {
	if err := d.in.SkipValue(); err != nil {
		return err
	}
	d.fault(code, detail)
	return nil
}

// fault adds a fault at the value that was read last.
func (d *decoder) fault(code, detail string) {
	d.faults.add(fault{code: code, detail: detail, source: pointer(string(d.in.StackPointer()))})
}
