package servertest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"sync"

	"github.com/google/uuid"
)

const mediaType = "application/vnd.api+json"

// requirementHeader is the header field that names the requirement of a request.
const requirementHeader = "Userconform-Requirement"

// A message is a request before it is sent. A check begins with a well-formed one, and
// changes what it is about.
type message struct {
	method string
	url    string
	header http.Header
	body   []byte
	// rest follows the body: the parts of a message that is too large to be put together
	// for each run.
	rest [][]byte
	// chunked sends the body without a Content-Length.
	chunked bool
	// odd marks a URL or a size that a router or a gateway may answer in place of the
	// operation. Its status says nothing about the operation.
	odd bool
	// touches are the scalars that it may change, if its body does not say so.
	touches []string
	// vain is whether a correct server refuses it.
	vain bool
	// repeated sends the message even if the same was answered a moment ago.
	repeated bool
	// ticket, unless nil, lets the request go together with others.
	ticket *ticket
	// reads marks a request that only shows the record.
	reads bool
}

// patchOf returns a well-formed patch of the user with the good token.
func (t *trial) patchOf(id uuid.UUID, attributes object) *message {
	return t.documentOf(id, object{"data": object{"type": "User", "id": id.String(), "attributes": attributes}})
}

// documentOf returns a patch of the user with the document as its body.
func (t *trial) documentOf(id uuid.UUID, document any) *message {
	t.remember(document)
	body, err := json.Marshal(document)
	if err != nil {
		panic(err) // the documents of checks are JSON
	}
	return t.bodyOf(id, body)
}

// bodyOf returns a patch of the user with the body.
func (t *trial) bodyOf(id uuid.UUID, body []byte) *message {
	return &message{
		method: http.MethodPatch,
		url:    t.target.userURL(id),
		header: t.target.addHeader(http.Header{
			"Authorization": {"Bearer " + t.target.Token},
			"Accept":        {mediaType},
			"Content-Type":  {mediaType},
		}),
		body: body,
	}
}

// request returns the HTTP request of the message.
func (m *message) request() (*http.Request, error) {
	var body io.Reader
	if m.body != nil {
		body = bytes.NewReader(m.body)
	}
	if m.chunked {
		body = io.MultiReader(body)
	}
	r, err := http.NewRequest(m.method, m.url, body)
	if err != nil {
		return nil, err
	}
	r.Header = m.header
	if len(m.rest) > 0 {
		m.addRest(r)
	}
	return r, nil
}

// addRest makes the body of the request that of a message with several parts.
func (m *message) addRest(r *http.Request) {
	for _, part := range m.rest {
		if !m.chunked { // which has no length
			r.ContentLength += int64(len(part))
		}
	}
	r.GetBody = func() (io.ReadCloser, error) {
		parts := []io.Reader{bytes.NewReader(m.body)}
		for _, part := range m.rest {
			parts = append(parts, bytes.NewReader(part))
		}
		return io.NopCloser(io.MultiReader(parts...)), nil
	}
	r.Body, _ = r.GetBody() // it has no error
}

// whole returns the body with its rest.
func (m *message) whole() []byte {
	if len(m.rest) == 0 {
		return m.body
	}
	return slices.Concat(m.body, slices.Concat(m.rest...))
}

// An answer is a response, read whole.
type answer struct {
	status int
	header http.Header
	body   []byte

	once   sync.Once // for record
	parsed *record
	unread error
}

// refused reports whether the answer is a client error: 4xx.
func (a *answer) refused() bool { return 400 <= a.status && a.status < 500 }
