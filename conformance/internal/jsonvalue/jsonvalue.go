// Package jsonvalue reads JSON texts of any shape, fast: a run reads a document or two for
// each of its requests.
package jsonvalue

import (
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// Object is a JSON object, with values as [Parse] returns them.
type Object = map[string]any

var errInvalid = errors.New("the text is not one JSON text in UTF-8")

// Parse reads one JSON text (RFC 8259): an [Object], []any, string, [json.Number], bool or
// nil. A text that is not UTF-8, has two members of one name in an object, or more than
// 10,000 levels is an error. Nothing of what it returns refers to the text.
func Parse(text []byte) (any, error) {
	r := reader{rest: string(text)}
	if isDeep(r.rest) {
		return nil, errInvalid
	}
	v := r.value()
	if r.next(); r.failed || r.rest != "" {
		return nil, errInvalid
	}
	return v, nil
}

const maxLevels = 10_000

// isDeep reports whether the text, up to where it is no longer JSON, has too many levels.
// To find that out in the midst of them would take a large stack.
func isDeep(text string) bool {
	if strings.Count(text, "[")+strings.Count(text, "{") <= maxLevels {
		return false
	}
	levels, quoted := 0, false
	for i := 0; i < len(text) && levels <= maxLevels; i++ {
		switch c := text[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[', c == '{':
			levels++
		case c == ']', c == '}':
			levels--
		}
	}
	return levels > maxLevels
}

// A reader reads a text from its beginning.
type reader struct {
	rest   string // nothing once it has failed
	failed bool
}

// fail ends the reading: the text is not valid.
func (r *reader) fail() { r.rest, r.failed = "", true }

// next drops white space, and returns the byte that follows, or 0 at the end.
func (r *reader) next() byte {
	i := 0
	for i < len(r.rest) && isBlank(r.rest[i]) {
		i++
	}
	r.rest = r.rest[i:]
	if r.rest == "" {
		return 0
	}
	return r.rest[0]
}

// take drops the byte, which must be next.
func (r *reader) take(c byte) {
	if r.next() != c {
		r.fail()
		return
	}
	r.rest = r.rest[1:]
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
		if !jsontext.Value(literal).IsValid() {
			r.fail()
		}
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
	o, members := Object{}, 0
	for more := r.open('}'); more; more = r.another('}') {
		name := r.text()
		r.take(':')
		o[name] = r.value()
		if members++; len(o) < members {
			r.fail() // there are two of that name
		}
	}
	return o
}

func (r *reader) array() []any {
	list := []any{}
	for more := r.open(']'); more; more = r.another(']') {
		list = append(list, r.value())
	}
	return list
}

// open drops an opening bracket, and reports whether there is a member or an element; if
// not, it drops the closing bracket.
func (r *reader) open(closing byte) bool {
	r.rest = r.rest[1:]
	return r.next() != closing || r.close()
}

// another drops the comma before a member or an element, and reports whether there is one;
// if not, it drops the closing bracket.
func (r *reader) another(closing byte) bool {
	if r.next() == closing {
		return r.close()
	}
	r.take(',')
	return !r.failed
}

// close drops a closing bracket: there is no other member or element.
func (r *reader) close() bool {
	r.rest = r.rest[1:]
	return false
}

// text reads a string, which must be next.
func (r *reader) text() string {
	if r.next() != '"' {
		r.fail()
		return ""
	}
	plain := true
	for end := 1; end < len(r.rest); end++ {
		switch c := r.rest[end]; {
		case c == '"':
			return r.unquote(end+1, plain)
		case c == '\\':
			plain = false
			end++
		case c < ' ', c >= utf8.RuneSelf:
			plain = false
		}
	}
	r.fail()
	return ""
}

// unquote drops the literal of that length, and returns the text in it: what is between
// the quotes, if it is plain.
func (r *reader) unquote(length int, plain bool) string {
	literal := r.rest[:length]
	r.rest = r.rest[length:]
	if plain {
		return literal[1 : length-1]
	}
	text, err := jsontext.AppendUnquote(nil, literal)
	if err != nil {
		r.fail()
	}
	return string(text)
}
