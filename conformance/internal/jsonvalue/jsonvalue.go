// Package jsonvalue reads JSON texts of any shape, fast: a run reads a document or two for
// each of its requests.
package jsonvalue

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Object is a JSON object, with values as [Parse] returns them.
type Object = map[string]any

var errInvalid = errors.New("the text is not one JSON text in UTF-8")

// Parse reads one JSON text (RFC 8259): an [Object], []any, string, [json.Number], bool or
// nil. A text that is not UTF-8, has two members of one name in an object, or more than
// 10,000 levels is an error. Nothing of what it returns refers to the text.
func Parse(text []byte) (any, error) {
	if !jsontext.Value(text).IsValid() {
		return nil, errInvalid
	}
	r := reader{rest: string(text)}
	return r.value(), nil
}

// A reader reads a text that is known to be valid.
type reader struct{ rest string }

// next drops white space, and returns the byte that follows.
func (r *reader) next() byte {
	i := 0
	for isBlank(r.rest[i]) {
		i++
	}
	r.rest = r.rest[i:]
	return r.rest[0]
}

func (r *reader) value() any {
	switch r.next() {
	case '{':
		return r.object()
	case '[':
		return r.array()
	case '"':
		return r.text()
	}
	switch literal := r.literal(); literal {
	case "null":
		return nil
	case "true", "false":
		return literal == "true"
	default:
		return json.Number(literal)
	}
}

// literal reads a number, true, false or null, which is next.
func (r *reader) literal() string {
	end := 0
	for end < len(r.rest) && !isBlank(r.rest[end]) && r.rest[end] != ',' && r.rest[end] != ']' && r.rest[end] != '}' {
		end++
	}
	literal := r.rest[:end]
	r.rest = r.rest[end:]
	return literal
}

func isBlank(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

func (r *reader) object() Object {
	o := Object{}
	for r.another('}') {
		r.next()
		name := r.text()
		r.next()
		r.rest = r.rest[1:] // the colon
		o[name] = r.value()
	}
	return o
}

func (r *reader) array() []any {
	list := []any{}
	for r.another(']') {
		list = append(list, r.value())
	}
	return list
}

// another drops the bracket or the comma before a member or an element, and reports whether there
// is one; if not, it drops the closing bracket.
func (r *reader) another(closing byte) bool {
	if r.next() != closing {
		r.rest = r.rest[1:]
	}
	if r.next() != closing {
		return true
	}
	r.rest = r.rest[1:]
	return false
}

// text reads a string, which is next.
func (r *reader) text() string {
	end := 1 + strings.IndexByte(r.rest[1:], '"')
	if !strings.Contains(r.rest[:end], `\`) {
		text := r.rest[1:end]
		r.rest = r.rest[end+1:]
		return text
	}
	end = 1
	for ; r.rest[end] != '"'; end++ {
		if r.rest[end] == '\\' {
			end++
		}
	}
	text, _ := jsontext.AppendUnquote(nil, r.rest[:end+1]) // it is valid
	r.rest = r.rest[end+1:]
	return string(text)
}
