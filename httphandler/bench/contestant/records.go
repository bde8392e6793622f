package contestant

import (
	"encoding/json"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// records is the in-memory map of users of a peer, each in the form T and with a
// lock of its own.
type records[T any] map[uuid.UUID]*record[T]

type record[T any] struct {
	mu    sync.Mutex
	value T
}

// newRecords keeps each user as decode makes it of the document that the handler
// would answer.
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

// update changes the record of a user and returns a copy; a user that does not
// exist is [userstore.ErrNotFound]. On an error the record stays.
func (all records[T]) update(id uuid.UUID, change func(T) (T, error)) (T, error) {
	var none T
	r := all[id] // the map itself is never written after the start
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

// A document is the JSON:API document of a user. As a patch it has no
// createdAt.
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

// is reports whether the document is of the user with the id.
func (d *document[A]) is(id uuid.UUID) bool { return d.Data.Type == "User" && d.Data.ID == id }

// attributes are those of a record, as they are encoded.
type attributes struct {
	userstore.Attributes
	CreatedAt time.Time `json:"createdAt"`
}

func encodeUser(u userstore.User) ([]byte, error) {
	return json.Marshal(newDocument(u.ID, attributes{u.Attributes, u.CreatedAt}))
}
