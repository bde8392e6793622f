package httphandler

import (
	"bytes"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/userrecord/userrecord/internal/plain"
)

// A scanner reads one JSON text in place. It accepts what a jsontext.Decoder accepts
// (RFC 8259 in UTF-8, no lone surrogates, no duplicate names in an object), but only
// down to maxDepth. After an error, at is the start of the token that is wrong.
type scanner struct {
	json  []byte
	at    int      // the offset of the next byte to read
	open  []scope  // the objects and arrays around at, outermost first
	names [][]byte // the unescaped names read so far in all open objects
	runes int      // the code points of the last string, or notPlain
}

// notPlain stands for the number of code points of a string that is not plain: see
// [plain.Runes].
const notPlain = math.MaxInt

// A scope is an open object or array.
type scope struct {
	object bool
	index  int             // of an array: how many values have started
	names  int             // how many of scanner.names belong to the objects around it
	hashes uint64          // of its names, a bit for each
	seen   map[string]bool // its names, once there are more than maxCompared
}

const (
	// maxDepth is how deep objects and arrays may nest, in ignored members too. A
	// document of the page has four levels. 64 is the default limit of .NET and
	// others. A deeper text is refused when it gets too deep, so that it costs no
	// more than any other refusal.
	maxDepth    = 64
	maxCompared = 32 // objects with more names than this keep them in a map
)

var (
	errSyntax    = errors.New("httphandler: not one strict JSON text")
	errDuplicate = errors.New("httphandler: a name twice in an object")
	errDepth     = errors.New("httphandler: a JSON text that is too deep")
	errTrailing  = errors.New("httphandler: more than one JSON text")
)

// peek skips white space and returns the next byte, or 0 at the end.
func (s *scanner) peek() byte {
	for ; s.at < len(s.json); s.at++ {
		c := s.json[s.at]
		if c > ' ' || c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return c
		}
	}
	return 0
}

// take reads c if it is the next token.
func (s *scanner) take(c byte) bool {
	found := s.peek() == c
	if found {
		s.at++
	}
	return found
}

// skip reads the next value. It does not recurse, so depth costs no stack.
func (s *scanner) skip() error {
	for outer := len(s.open); ; {
		more, err := s.begin()
		for err == nil && !more && len(s.open) > outer {
			more, err = s.next(nil)
		}
		if err != nil || !more {
			return err
		}
	}
}

// begin reads a scalar, or an object or array up to its first value. more reports
// whether there is such a value.
func (s *scanner) begin() (more bool, err error) {
	switch c := s.peek(); c {
	case '{', '[':
		if len(s.open) == maxDepth {
			return false, errDepth
		}
		s.at++
		s.open = append(s.open, scope{object: c == '{', names: len(s.names)})
		if s.closes() {
			return false, nil
		}
		err = s.key()
		return err == nil, err
	case '"':
		_, err = s.text()
	case 'n':
		err = s.literal("null")
	case 't':
		err = s.literal("true")
	case 'f':
		err = s.literal("false")
	default:
		_, err = s.number()
	}
	return false, err
}

// next continues after a value in an object or array: it reads up to the next value,
// or the end. more reports whether there is a next value. failed is the error of the
// value that was read, and is returned.
func (s *scanner) next(failed error) (more bool, err error) {
	switch {
	case failed != nil:
		return false, failed
	case s.take(','):
		err = s.key()
		return err == nil, err
	case s.closes():
		return false, nil
	}
	return false, errSyntax
}

// closes reads the end of the innermost object or array if that is the next token.
func (s *scanner) closes() bool {
	inner := &s.open[len(s.open)-1]
	end := byte(']')
	if inner.object {
		end = '}'
	}
	if !s.take(end) {
		return false
	}
	s.open, s.names = s.open[:len(s.open)-1], s.names[:inner.names]
	return true
}

// key reads up to the next value: the name and the colon in an object, nothing in an
// array.
func (s *scanner) key() error {
	inner := &s.open[len(s.open)-1]
	if !inner.object {
		inner.index++
		return nil
	}
	if s.peek() != '"' {
		return errSyntax
	}
	name, err := s.text()
	if err != nil {
		return err
	}
	twice := inner.has(s.names[inner.names:], name)
	s.names = append(s.names, name)
	switch {
	case twice:
		return errDuplicate
	case !s.take(':'):
		return errSyntax
	}
	return nil
}

// name returns the name of the current member.
func (s *scanner) name() []byte { return s.names[len(s.names)-1] }

// token returns the reference token of a JSON Pointer (RFC 6901) for the current
// value of open[i].
func (s *scanner) token(i int) []byte {
	if scope := &s.open[i]; !scope.object {
		return strconv.AppendInt(nil, int64(scope.index-1), 10)
	}
	last := len(s.names)
	if i+1 < len(s.open) {
		last = s.open[i+1].names
	}
	return s.names[last-1]
}

// has reports whether name is one of names, the names of the object so far.
func (o *scope) has(names [][]byte, name []byte) bool {
	if len(names) < maxCompared {
		bit := hash(name)
		if o.hashes&bit == 0 {
			o.hashes |= bit
			return false
		}
		return slices.ContainsFunc(names, func(other []byte) bool { return string(other) == string(name) })
	}
	if o.seen == nil {
		o.seen = make(map[string]bool, 2*maxCompared)
		for _, other := range names {
			o.seen[string(other)] = true
		}
	}
	found := o.seen[string(name)]
	o.seen[string(name)] = true
	return found
}

// hash returns one bit, which often differs for different names.
func hash(name []byte) uint64 {
	if len(name) == 0 {
		return 1
	}
	return 1 << (uint(len(name)+5*int(name[0])+11*int(name[len(name)-1])) % 64)
}

// text reads the next string. The result is a part of the JSON text unless the
// string has an escape.
func (s *scanner) text() ([]byte, error) {
	rest := s.json[s.at+1:]
	if end := plain.ASCII(rest); end < len(rest) && rest[end] == '"' {
		s.runes = end
		s.at += end + 2
		return rest[:end], nil
	}
	return s.anyText(rest)
}

// anyText reads the next string, which starts after its first quote.
func (s *scanner) anyText(rest []byte) ([]byte, error) {
	end := bytes.IndexByte(rest, '"')
	if end < 0 {
		return nil, errSyntax
	}
	text := rest[:end]
	if runes, ok := plain.Runes(text); ok {
		s.runes = runes
		s.at += end + 2
		return text, nil
	}
	s.runes = notPlain
	if escape := bytes.IndexByte(text, '\\'); escape >= 0 {
		return s.escapedText(escape)
	}
	if !utf8.Valid(text) || slices.ContainsFunc(text, func(c byte) bool { return c < ' ' }) {
		return nil, errSyntax
	}
	s.at += end + 2
	return text, nil
}

// escapedText reads the next string, whose first escape follows that many plain
// bytes.
func (s *scanner) escapedText(plain int) ([]byte, error) {
	start := s.at
	for s.at += 1 + plain; s.at < len(s.json); s.at++ {
		switch s.json[s.at] {
		case '\\':
			s.at++
		case '"':
			s.at++
			text, err := jsontext.AppendUnquote(nil, s.json[start:s.at])
			if err != nil {
				s.at = start
			}
			return text, err
		}
	}
	s.at = start
	return nil, errSyntax
}

func (s *scanner) literal(want string) error {
	if !bytes.HasPrefix(s.json[s.at:], []byte(want)) {
		return errSyntax
	}
	s.at += len(want)
	return nil
}

// number reads the next number and returns its literal.
func (s *scanner) number() ([]byte, error) {
	start := s.at
	s.oneOf("-")
	ok := s.oneOf("0") || s.digits()
	if s.oneOf(".") {
		ok = ok && s.digits()
	}
	if s.oneOf("eE") {
		s.oneOf("+-")
		ok = ok && s.digits()
	}
	if !ok {
		s.at = start
		return nil, errSyntax
	}
	return s.json[start:s.at], nil
}

func (s *scanner) oneOf(these string) bool {
	found := s.at < len(s.json) && strings.IndexByte(these, s.json[s.at]) >= 0
	if found {
		s.at++
	}
	return found
}

func (s *scanner) digits() bool {
	start := s.at
	for s.at < len(s.json) && '0' <= s.json[s.at] && s.json[s.at] <= '9' {
		s.at++
	}
	return s.at > start
}
