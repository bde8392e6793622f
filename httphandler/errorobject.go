package httphandler

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/userrecord/userrecord/userstore"
)

// An errorObject is a JSON:API error object, without the members that all error
// objects of an answer share.
type errorObject struct {
	code   string // stable, for programs
	detail string // for people; contains no value of a user
	source source
}

// A source is the member source of an error object: which kind (pointer, parameter
// or header) and the name.
type source struct{ kind, name string }

// maxPointer limits the length of a pointer, since an unknown name may be long. The
// longest pointer to an attribute has 46 bytes.
const maxPointer = 256

// pointer returns the source for a JSON Pointer (RFC 6901), or for one of its
// parents if it is too long.
func pointer(p string) source {
	for len(p) > maxPointer {
		p = p[:strings.LastIndexByte(p[:maxPointer+1], '/')]
	}
	return source{"pointer", p}
}

func attributeError(p userstore.Problem) errorObject {
	return errorObject{"invalid-attribute", sentence(p.Reason), pointer("/data/attributes" + p.Pointer)}
}

// sentence turns a phrase such as "must be a date" into a sentence.
func sentence(phrase string) string {
	first, size := utf8.DecodeRuneInString(phrase)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + phrase[size:] + "."
}

// An errorList collects the errors of one body: the first maxErrors of them, and
// how many there were.
type errorList struct {
	list  []errorObject
	count int
}

// maxErrors is the largest number of error objects in an answer.
const maxErrors = 32

// full reports whether further errors are only counted.
func (l *errorList) full() bool { return l.count >= maxErrors }

func (l *errorList) add(one errorObject) {
	if l.count++; l.count <= maxErrors {
		l.list = append(l.list, one)
	}
}

// refusal returns the refusal with these errors, or nil if there are none. If there
// are too many, the last one says how many were left out.
func (l *errorList) refusal() error {
	if l.count == 0 {
		return nil
	}
	if l.count > maxErrors {
		l.list[maxErrors-1] = errorObject{code: "more-errors", detail: fmt.Sprintf("%d more errors are left out.", l.count-maxErrors+1)}
	}
	return unprocessable(l.list...)
}
