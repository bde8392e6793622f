package contestant

import (
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// records are the users of a peer, in memory, each of the type T and with its own lock.
type records[T any] map[uuid.UUID]*record[T]

type record[T any] struct {
	mu    sync.Mutex
	value T
}

// newRecords returns the users, each decoded from the document that the handler would
// answer.
func newRecords[T any](users []userstore.User, decode func(document []byte) (T, error)) (records[T], error) {
	all := make(records[T], len(users))
	for _, u := range users {
		document, err := encodeUser(u)
		if err != nil {
			return nil, err
		}
		value, err := decode(document)
		if err != nil {
			return nil, err
		}
		all[u.ID] = &record[T]{value: value}
	}
	return all, nil
}

// update changes the record of a user and returns a copy. If there is no such user the
// error is [userstore.ErrNotFound]. An error changes nothing.
func (all records[T]) update(id uuid.UUID, change func(T) (T, error)) (T, error) {
	var none T
	r := all[id] // without a lock: the map never changes
	if r == nil {
		return none, userstore.ErrNotFound
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	value, err := change(r.value)
	if err != nil {
		return none, err
	}
	r.value = value
	return value, nil
}

// A document is the JSON:API document of a user. That of a patch has no createdAt.
type document[A any] struct {
	Data resource[A] `json:"data"`
}

type resource[A any] struct {
	Type       string    `json:"type"`
	ID         uuid.UUID `json:"id"`
	Attributes A         `json:"attributes"`
}

func newDocument[A any](id uuid.UUID, attributes A) document[A] {
	return document[A]{resource[A]{"User", id, attributes}}
}

// attributesOf returns the attributes of a document.
func attributesOf[A any](b []byte) (A, error) {
	var d document[A]
	err := json.Unmarshal(b, &d)
	return d.Data.Attributes, err
}

// readPatch decodes the request document with encoding/json. If ok is false, it has
// answered.
func readPatch[A any](w http.ResponseWriter, r *http.Request) (id uuid.UUID, patch A, ok bool) {
	id, body, ok := open(w, r)
	if !ok {
		return id, patch, false
	}
	var d document[A]
	if err := json.Unmarshal(body, &d); err != nil || d.Data.Type != "User" || d.Data.ID != id {
		refuse(w, http.StatusUnprocessableEntity, "/data")
		return id, patch, false
	}
	return id, d.Data.Attributes, true
}

// attributes are the attributes of a record in JSON.
type attributes struct {
	userstore.Attributes
	CreatedAt time.Time `json:"createdAt"`
}

func encodeUser(u userstore.User) ([]byte, error) {
	return json.Marshal(newDocument(u.ID, attributes{u.Attributes, u.CreatedAt}))
}
