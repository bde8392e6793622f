package vectors

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"unicode/utf8"
)

// Version is that of the files: a vector that is new makes a new minor version, one that
// is changed or removed a new major version, and a new folder. An id is never used again.
const Version = "1.0.0"

// FS has the files: v1/*.json, one of each theme, and v1.schema.json, their JSON Schema
// (draft 2020-12).
//
//go:embed v1/*.json v1.schema.json
var FS embed.FS

// A File has the vectors of one theme.
type File struct {
	Version string            `json:"version"`
	Theme   string            `json:"theme"` // the name of the file, without .json
	Comment string            `json:"comment"`
	Flags   map[string]string `json:"flags"` // what the flags of the vectors mean
	Count   int               `json:"numberOfVectors"`
	Groups  []Group           `json:"groups"`
}

// A Group has vectors that begin with the same record and show the same rule.
type Group struct {
	Comment string `json:"comment"`
	// Before is the record: the attributes as in data.attributes of an answer, every
	// one of the page, null where there is no value.
	Before  json.RawMessage `json:"before"`
	Vectors []Vector        `json:"vectors"`
}

// What a server of the page may do with a request.
const (
	Valid      = "valid"      // it must take it: 200
	Refused    = "refused"    // it must refuse it, and change nothing
	Acceptable = "acceptable" // either is right
)

// A Vector is one request, and what it does.
type Vector struct {
	ID           string   `json:"id"`           // stable: theme, perhaps attribute or field, and name
	Requirements []string `json:"requirements"` // ids of conformance/REQUIREMENTS.md
	Level        string   `json:"level"`        // MUST, SHOULD or OBSERVE: of the first requirement, or weaker
	Comment      string   `json:"comment"`
	Flags        []string `json:"flags,omitempty"`
	Result       string   `json:"result"`
	Request      Request  `json:"request"`

	// What the contract of this project says (docs/contract.md): one outcome.
	Status    int             `json:"status"`
	MediaType string          `json:"mediaType"`
	Errors    []Error         `json:"errors,omitempty"` // in any order
	After     json.RawMessage `json:"after,omitempty"`  // the record afterwards; absent means as before

	// What the page and its standards leave to other servers.
	AllowedStatuses []int             `json:"allowedStatuses"`        // with Status among them
	AllowedAfter    []json.RawMessage `json:"allowedAfter,omitempty"` // further records that a 200 may leave
}

// MergePatch returns data.attributes of the body, if the merge alone decides what the
// request does: the flag Merge.
func (v Vector) MergePatch() (attributes json.RawMessage, ok bool) {
	var document struct {
		Data struct {
			Attributes json.RawMessage `json:"attributes"`
		} `json:"data"`
	}
	ok = slices.Contains(v.Flags, "Merge") && json.Unmarshal(v.Request.Body.Bytes(), &document) == nil
	return document.Data.Attributes, ok
}

// A Request is one request. The user of the page's example,
// c0daf39b-4df5-4241-9e7d-b1b85f829090, stands in the path and in the body.
type Request struct {
	Method string `json:"method"`
	Path   string `json:"path"` // escaped, without the base path of the service
	// Headers are names and values, in order; a name may occur more than once. {token},
	// {forbiddenToken} and {unlinkedToken} in an Authorization field stand for tokens.
	Headers [][2]string `json:"headers"`
	// Anonymous says that no Authorization field is to be added. Otherwise the caller is
	// one who may patch the user, unless Headers has the field.
	Anonymous bool  `json:"anonymous,omitempty"`
	Body      *Body `json:"body,omitempty"`
}

// A Body has the bytes of a request body: as a text if they are UTF-8.
type Body struct {
	Text   *string `json:"text,omitempty"`
	Base64 []byte  `json:"base64,omitempty"`
}

// NewBody returns the body with those bytes.
func NewBody(b []byte) *Body {
	if !utf8.Valid(b) {
		return &Body{Base64: b}
	}
	text := string(b)
	return &Body{Text: &text}
}

// Bytes returns the bytes: none for a nil body.
func (b *Body) Bytes() []byte {
	switch {
	case b == nil:
		return nil
	case b.Text != nil:
		return []byte(*b.Text)
	}
	return b.Base64
}

// An Error is an error object of JSON:API, without what has no influence on programs.
type Error struct {
	Code   string            `json:"code"`
	Source map[string]string `json:"source,omitempty"` // pointer, parameter or header
}

// Files returns all files, by the order of their names. An error means that a file is
// not what this package can read.
func Files() ([]File, error) {
	names, err := fs.Glob(FS, "v1/*.json")
	if err != nil {
		return nil, err
	}
	var files []File
	for _, name := range names {
		text, err := FS.ReadFile(name)
		if err != nil {
			return nil, err
		}
		f, err := parse(text)
		if err != nil {
			return nil, fmt.Errorf("vectors: %s: %w", strings.TrimPrefix(name, "v1/"), err)
		}
		files = append(files, f)
	}
	return files, nil
}

func parse(text []byte) (f File, err error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	err = d.Decode(&f)
	return f, err
}
