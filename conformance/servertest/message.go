package servertest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"

	"github.com/google/uuid"
)

const mediaType = "application/vnd.api+json"

// requirementHeader marks every request with the requirement that it is for.
const requirementHeader = "Userconform-Requirement"

// A message is a request before it is sent. A check changes what it is about.
type message struct {
	method string
	url    string
	header http.Header
	body   []byte
	// chunked sends the body without a Content-Length.
	chunked bool
	// odd marks a URL that a router may answer before the operation is reached:
	// its status says nothing about the operation.
	odd bool
}

// patchOf returns a well-formed patch of the user with the good token.
func (t *trial) patchOf(id uuid.UUID, attributes object) *message {
	return t.documentOf(id, object{"data": object{"type": "User", "id": id.String(), "attributes": attributes}})
}

// documentOf returns a patch with another document.
func (t *trial) documentOf(id uuid.UUID, document any) *message {
	body, err := json.Marshal(document)
	if err != nil {
		panic(err) // a check of ours made it
	}
	return t.bodyOf(id, body)
}

// bodyOf returns a patch with any body.
func (t *trial) bodyOf(id uuid.UUID, body []byte) *message {
	return &message{
		method: http.MethodPatch,
		url:    t.target.userURL(id),
		header: http.Header{
			"Authorization": {"Bearer " + t.target.Token},
			"Accept":        {mediaType},
			"Content-Type":  {mediaType},
		},
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
	return r, nil
}

// An answer is a response, read whole.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// record returns the record of a success document.
func (a *answer) record() (*record, error) { return parseRecord(a.body) }

// refused reports whether the answer is a client error: 4xx.
func (a *answer) refused() bool { return 400 <= a.status && a.status < 500 }
