// Package contestant holds the servers that the benchmarks compare: the handler
// of package httphandler, floors below it, and peers that do the same patch with
// other libraries. A peer checks at most as much of a request as the handler
// does, so what it leaves out is in its favour.
package contestant

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// A Contestant is a server of PATCH /users/{userId}.
type Contestant struct {
	Name string // unique
	// New returns the server with these users, which all have an address. A
	// floor has no users: it gives the fixed answer.
	New func(users []userstore.User, fixed Answer) (http.Handler, error)
}

// Names of contestants that others are compared with.
const (
	Bare    = "bare floor"
	Floor   = "mux floor"
	Handler = "httphandler"
)

// All are the contestants, in the order of the tables.
var All = []Contestant{
	{Bare, newBareFloor},
	{Floor, newFloor},
	{Handler, newHandler},
	{"encoding/json", newPlainJSON},
	{"encoding/json, our types", newTyped},
	{"ogen", newOgen},
	{"hashicorp/jsonapi", newJSONAPI},
	{"merge patch", newMergePatch},
}

// newHandler is the handler as a host mounts it, over memstore.
func newHandler(users []userstore.User, _ Answer) (http.Handler, error) {
	return mux(httphandler.New(memstore.New(users...), httphandler.InsecureAllowEveryone(), nil)), nil
}

func mux(h http.Handler) http.Handler {
	m := http.NewServeMux()
	m.Handle("/users/{userId}", h)
	return m
}

// An Answer is what a floor answers, whatever the request.
type Answer struct {
	Status int
	Body   []byte
}

// AnswerOf returns what the handler answers the request of the user, for the
// floors. It is an error if the status is not the one that the request names.
func AnswerOf(user userstore.User, request Request) (Answer, error) {
	h, err := newHandler([]userstore.User{user}, Answer{})
	if err != nil {
		return Answer{}, err
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, request.HTTP(user.ID))
	if w.Code != request.Status {
		return Answer{}, fmt.Errorf("request %q: status %d, want %d", request.Name, w.Code, request.Status)
	}
	return Answer{w.Code, w.Body.Bytes()}, nil
}
