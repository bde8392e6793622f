package contestant

import (
	"bytes"
	"io"
	"net/http"
	"sync"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/userstore"
)

// newBareFloor only answers. It does not route, check the request or read the body.
func newBareFloor(_ []userstore.User, fixed Answer) (http.Handler, error) {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fixed.write(w) }), nil
}

// newFloor does what every server of the operation must: it routes, checks the headers,
// parses the id and reads the body, into pooled memory.
func newFloor(_ []userstore.User, fixed Answer) (http.Handler, error) {
	bodies := sync.Pool{New: func() any { return new(bytes.Buffer) }}
	return mux(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, ok := check(w, r); !ok {
			return
		}
		body := bodies.Get().(*bytes.Buffer)
		body.Reset()
		if _, err := body.ReadFrom(r.Body); err != nil {
			w.WriteHeader(http.StatusUnprocessableEntity)
			return
		}
		bodies.Put(body)
		fixed.write(w)
	})), nil
}

func (a Answer) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", httphandler.MediaType)
	w.WriteHeader(a.Status)
	// An error means that the client has gone.
	_, _ = w.Write(a.Body)
}

// check checks the headers and parses the id, for the mux floor and the peers without a
// framework. If ok is false, it has answered.
func check(w http.ResponseWriter, r *http.Request) (id uuid.UUID, ok bool) {
	if r.Header.Get("Accept") != httphandler.MediaType || r.Header.Get("Content-Type") != httphandler.MediaType {
		w.WriteHeader(http.StatusUnsupportedMediaType)
		return id, false
	}
	id, err := userstore.ParseID(r.PathValue("userId"))
	if err != nil {
		w.WriteHeader(http.StatusNotFound)
		return id, false
	}
	return id, true
}

// open calls check and then reads the body, as most servers do.
func open(w http.ResponseWriter, r *http.Request) (id uuid.UUID, body []byte, ok bool) {
	if id, ok = check(w, r); !ok {
		return id, nil, false
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.WriteHeader(http.StatusUnprocessableEntity)
		return id, nil, false
	}
	return id, body, true
}
