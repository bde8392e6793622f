package main

import (
	"bytes"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// A record is a user of a line. It takes half the memory of a [userstore.User].
type record struct {
	line      int
	id        uuid.UUID
	createdAt time.Time // zero if the line has none
	texts     string    // of the scalars, one after another
	ends      [len(userstore.Scalars{})]uint32
	kinds     [len(userstore.Scalars{})]jsontext.Kind // 0 if there is no value
}

// user sets *u to the user.
func (r *record) user(u *userstore.User) {
	var scalars userstore.Scalars
	start := uint32(0)
	for place, end := range r.ends {
		text := r.texts[start:end]
		switch r.kinds[place] {
		case '"':
			scalars[place] = userstore.Value(userstore.Text(text))
		case '0':
			n, _ := userstore.ParseInt(text) // without error, as when it was read
			scalars[place] = userstore.Value(n)
		}
		start = end
	}
	u.ID, u.CreatedAt = r.id, r.createdAt
	scalars.CopyTo(&u.Attributes)
}

// A recordReader reads the records of lines. It is strict: unknown and duplicate names
// are refused. It goes through the tokens itself, which takes a third of the time that
// package json takes to fill a struct.
type recordReader struct {
	rules *userstore.Rules // nil: formats are not checked

	json   jsontext.Decoder
	record record                                             // of the present line
	found  []byte                                             // the texts of the line
	spans  [len(userstore.Scalars{})]struct{ start, end int } // of the scalars in found
	texts  []byte                                             // the same in the order of the scalars
	user   userstore.User
}

// read decodes a line and checks that a store can keep the user. The error shows no
// value.
func (r *recordReader) read(line []byte) (record, error) {
	if _, err := r.readUnchecked(line); err != nil {
		return record{}, err
	}
	r.record.user(&r.user)
	if r.rules != nil {
		if err := r.rules.Validate(r.user.Attributes); err != nil {
			return record{}, err
		}
	}
	_, err := r.user.Canonical()
	return r.record, err
}

// readUnchecked decodes a line.
func (r *recordReader) readUnchecked(line []byte) (record, error) {
	if err := r.decode(line); err != nil {
		return record{}, withoutValues(err)
	}
	return r.record, nil
}

func (r *recordReader) decode(line []byte) error {
	r.json.Reset(bytes.NewBuffer(line))
	r.record, r.found = record{}, r.found[:0]
	clear(r.spans[:])
	if err := r.object(r.member); err != nil {
		return err
	}
	end := int(r.json.InputOffset())
	if rest := bytes.TrimLeft(line[end:], " \t\r\n"); len(rest) > 0 {
		return &jsontext.SyntacticError{ByteOffset: int64(len(line) - len(rest))}
	}
	r.keepTexts()
	return nil
}

func (r *recordReader) keepTexts() {
	r.texts = r.texts[:0]
	for place, span := range r.spans {
		r.texts = append(r.texts, r.found[span.start:span.end]...)
		r.record.ends[place] = uint32(len(r.texts))
	}
	r.record.texts = string(r.texts)
}

// object reads an object, or null, which has no members. It calls member after each
// name, to read the value.
func (r *recordReader) object(member func(name []byte) error) error {
	switch r.json.PeekKind() {
	case '{':
	case 'n':
		return r.json.SkipValue()
	default:
		return r.notObject()
	}
	if _, err := r.json.ReadToken(); err != nil {
		return err
	}
	for r.json.PeekKind() != '}' {
		name, err := r.json.ReadValue()
		if err == nil {
			err = member(unquoted(name))
		}
		if err != nil {
			return err
		}
	}
	_, err := r.json.ReadToken()
	return err
}

// unquoted returns the text of a JSON string.
func unquoted(s jsontext.Value) []byte {
	if len(s) < len(`""`) || bytes.IndexByte(s, '\\') >= 0 {
		text, _ := jsontext.AppendUnquote(nil, s) // the decoder has checked it
		return text
	}
	return s[1 : len(s)-1]
}

func (r *recordReader) member(name []byte) error {
	switch string(name) {
	case "id":
		return r.id()
	case "attributes":
		return r.object(r.attribute)
	case "createdAt":
		return json.UnmarshalDecode(&r.json, &r.record.createdAt)
	}
	return r.unknown()
}

// id accepts only the form of an id that the operation accepts.
func (r *recordReader) id() error {
	text, err := r.json.ReadValue()
	if err != nil {
		return err
	}
	if r.record.id, err = userstore.ParseID(string(unquoted(text))); err != nil || text.Kind() != '"' {
		return r.wrong()
	}
	return nil
}

func (r *recordReader) attribute(name []byte) error {
	if f, ok := attributeFields[string(name)]; ok {
		return r.scalar(f)
	}
	if string(name) == "address" {
		return r.object(r.addressMember)
	}
	return r.unknown()
}

func (r *recordReader) addressMember(name []byte) error {
	if f, ok := addressFields[string(name)]; ok {
		return r.scalar(f)
	}
	return r.unknown()
}

// A field is a scalar of a record.
type field struct {
	place    int // in [userstore.Scalars]
	takesInt bool
}

// The fields of an object by name.
var attributeFields, addressFields = fieldsIn("/"), fieldsIn("/address/")

func fieldsIn(object string) map[string]field {
	fields := make(map[string]field)
	for place := range len(userstore.Scalars{}) {
		name, ok := strings.CutPrefix(userstore.ScalarPointer(place), object)
		if ok && !strings.Contains(name, "/") {
			fields[name] = field{place, name == "houseNo" || name == "postalCode"}
		}
	}
	return fields
}

func (r *recordReader) scalar(f field) error {
	value, err := r.json.ReadValue()
	if err != nil {
		return err
	}
	kind, text := value.Kind(), []byte(value)
	switch {
	case kind == 'n': // as if it were omitted: a record has no null
		return nil
	case kind == '"':
		text = unquoted(value)
	case kind == '0' && f.takesInt:
		if _, err := userstore.ParseInt(string(value)); err != nil {
			return r.wrong()
		}
	default:
		return r.wrong()
	}
	r.record.kinds[f.place] = kind
	r.spans[f.place].start = len(r.found)
	r.found = append(r.found, text...)
	r.spans[f.place].end = len(r.found)
	return nil
}

// notObject reads a value of another type.
func (r *recordReader) notObject() error {
	wrong := r.wrong()
	if _, err := r.json.ReadToken(); err != nil {
		return err
	}
	return wrong
}

func (r *recordReader) wrong() error {
	return faultError{r.json.StackPointer(), wrongForm}
}

func (r *recordReader) unknown() error {
	return faultError{r.json.StackPointer(), unknownName}
}
