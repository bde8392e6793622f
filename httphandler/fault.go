package httphandler

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/userrecord/userrecord/userstore"
)

// A fault is one error object of an answer, less what all of them share.
type fault struct {
	code   string // stable, for programs
	detail string // for people; no value of a user
	source source
}

// A source is the one member of an error object's source.
type source struct{ kind, name string }

// maxPointer bounds what an unknown name can make us repeat. The longest
// pointer to an attribute has 46 bytes.
const maxPointer = 256

// pointer returns the source of a JSON Pointer (RFC 6901), shortened to a parent
// where it is too long.
func pointer(p string) source {
	for len(p) > maxPointer {
		p = p[:strings.LastIndexByte(p[:maxPointer+1], '/')]
	}
	return source{"pointer", p}
}

func attributeFault(p userstore.Problem) fault {
	return fault{"invalid-attribute", sentence(p.Reason), pointer("/data/attributes" + p.Pointer)}
}

// sentence makes a sentence of a phrase such as "must be a date".
func sentence(phrase string) string {
	first, size := utf8.DecodeRuneInString(phrase)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + phrase[size:] + "."
}

// faults collects the faults of one body: the first maxFaults, and how many
// there were.
type faults struct {
	list  []fault
	count int
}

// maxFaults is how many error objects an answer has at most.
const maxFaults = 32

// full reports whether a further fault is only counted.
func (f *faults) full() bool { return f.count >= maxFaults }

func (f *faults) add(one fault) {
	if f.count++; f.count <= maxFaults {
		f.list = append(f.list, one)
	}
}

// refusal returns nil where there is no fault. The last of too many says how
// many were left out.
func (f *faults) refusal() error {
	if f.count == 0 {
		return nil
	}
	if f.count > maxFaults {
		f.list[maxFaults-1] = fault{code: "more-errors", detail: fmt.Sprintf("%d more errors are left out.", f.count-maxFaults+1)}
	}
	return unprocessable(f.list...)
}
