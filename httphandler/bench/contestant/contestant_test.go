package contestant_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/httphandler/bench/contestant"
	"github.com/userrecord/userrecord/userstore"
)

// patches are sent one after the other: each patches the result of the previous ones.
var patches = slices.Concat([]contestant.Request{
	{Name: "nothing", Attributes: `{}`, Status: http.StatusOK},
	{Name: "text for a number", Attributes: `{"address":{"houseNo":"18a"}}`, Status: http.StatusOK},
}, contestant.Requests, []contestant.Request{
	{Name: "nulls", Attributes: `{"lastName":null,"address":{"street":null}}`, Status: http.StatusOK},
})

// cannot has the patch that a peer does not support, by the name of the peer.
var cannot = map[string]string{"hashicorp/jsonapi": "nulls", "encoding/json": "nulls"}

// Every peer gives the same answers as the handler, or the comparison means nothing.
func TestPeersDoThePatch(t *testing.T) {
	for _, c := range contestant.All {
		if c.Name == contestant.Bare || c.Name == contestant.Floor || c.Name == contestant.Handler {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			ours := serve(t, byName(t, contestant.Handler), contestant.Answer{})
			theirs := serve(t, c, contestant.Answer{})
			for _, patch := range patches {
				want, got := answer(t, ours, patch), answer(t, theirs, patch)
				diff := cmp.Diff(want, got)
				if agrees := diff == ""; agrees == (cannot[c.Name] == patch.Name) {
					t.Errorf("%s: agrees is %t (-httphandler +%s):\n%s", patch.Name, agrees, c.Name, diff)
				}
			}
		})
	}
}

func TestAnswerOfOtherStatus(t *testing.T) {
	request := contestant.Request{Name: "wrong", Attributes: "[]", Status: http.StatusOK}
	_, err := contestant.AnswerOf(userstore.ExampleUser(), request)
	if err == nil || err.Error() != `request "wrong": status 422, want 200` {
		t.Errorf("error %v", err)
	}
}

// The floors answer with the status and body of the handler.
func TestFloorsAnswerAlike(t *testing.T) {
	for _, request := range contestant.Requests {
		fixed, err := contestant.AnswerOf(userstore.ExampleUser(), request)
		require.NoError(t, err)
		for _, name := range []string{contestant.Bare, contestant.Floor} {
			got := answer(t, serve(t, byName(t, name), fixed), request)
			want := answer(t, serve(t, byName(t, contestant.Handler), contestant.Answer{}), request)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, %s (-httphandler +floor):\n%s", name, request.Name, diff)
			}
		}
	}
}

func byName(t testing.TB, name string) contestant.Contestant {
	t.Helper()
	for _, c := range contestant.All {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("there is no contestant %q", name)
	return contestant.Contestant{}
}

func serve(t testing.TB, c contestant.Contestant, fixed contestant.Answer) http.Handler {
	t.Helper()
	h, err := c.New([]userstore.User{userstore.ExampleUser()}, fixed)
	require.NoError(t, err)
	return h
}

// An outcome is the part in which answers must agree. Of an error object it has the
// status and the pointer, because ids and texts may differ. Of a record it has what has
// a value: a peer may leave out nulls, which is in its favour.
type outcome struct {
	Status    int
	MediaType string
	Data      any
	Errors    []errorObject
}

type errorObject struct {
	Status string
	Source struct{ Pointer string }
}

func answer(t testing.TB, h http.Handler, request contestant.Request) outcome {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, request.HTTP(userstore.ExampleUser().ID))
	got := outcome{Status: w.Code, MediaType: w.Header().Get("Content-Type")}
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &got))
	dropNulls(got.Data)
	if got.Status != request.Status || got.MediaType != httphandler.MediaType {
		t.Errorf("%s: status %d, %s; want %d, %s", request.Name, got.Status, got.MediaType, request.Status, httphandler.MediaType)
	}
	return got
}

func dropNulls(v any) {
	object, _ := v.(map[string]any)
	for name, member := range object {
		if member == nil {
			delete(object, name)
		}
		dropNulls(member)
	}
}
