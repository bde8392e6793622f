// Package contestant has the servers that the benchmarks compare: the handler of
// package httphandler, floors, which do only part of its work, and peers, which do the
// same patch with other libraries. A peer checks no more of a request than the handler
// does. What it leaves out is in its favour.
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
	// New returns the server with these users, which must all have an address. A
	// floor ignores the users and always gives the fixed answer.
	New func(users []userstore.User, fixed Answer) (http.Handler, error)
}

// The names of some contestants.
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

// newHandler returns the handler with memstore, mounted as in a host.
func newHandler(users []userstore.User, _ Answer) (http.Handler, error) {
	return mux(httphandler.New(memstore.New(users...), httphandler.InsecureAllowEveryone(), nil)), nil
}

func mux(h http.Handler) http.Handler {
	m := http.NewServeMux()
	m.Handle("/users/{userId}", h)
	return m
}

// An Answer is the fixed answer of a floor.
type Answer struct {
	Status int
	Body   []byte
}

// AnswerOf returns the handler's answer to the request for the user. It returns an
// error if its status is not that of the request.
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
