package clienttest_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/userstore"
)

// newServer starts a fake whose user has a createdAt with microseconds, as stores create
// users. A client that sends createdAt back must not lose them.
func newServer(t *testing.T) *handlertest.Server {
	t.Helper()
	user := userstore.ExampleUser()
	user.CreatedAt = user.CreatedAt.Add(123456 * time.Microsecond)
	return handlertest.NewServer(t, user)
}

const createdAt = "2021-09-01T23:12:56.123456Z"

// checkStore checks that the store has the changes of the scenario, and nothing of the
// refused patches.
func checkStore(t *testing.T, server *handlertest.Server) {
	t.Helper()
	want := userstore.ExampleUser()
	want.CreatedAt = want.CreatedAt.Add(123456 * time.Microsecond)
	want.Attributes.FirstName = userstore.Value("Jane")
	want.Attributes.LastName = userstore.Optional[string]{}
	want.Attributes.Locale = userstore.Value("en-GB")
	address, _ := want.Attributes.Address.Get()
	address.HouseNo = userstore.Value(userstore.Text("19a"))
	address.Region = userstore.Optional[string]{}
	want.Attributes.Address = userstore.Value(address)

	got, err := server.Store.Get(t.Context(), uuid.MustParse(handlertest.ExampleID))
	require.NoError(t, err)
	all := cmp.Exporter(func(reflect.Type) bool { return true })
	if diff := cmp.Diff(want, got, all); diff != "" {
		t.Errorf("record in the store, -want +got:\n%s", diff)
	}
}

// A request is what was sent.
type request struct {
	Method, Path, Accept, ContentType string
	Status                            int
}

// checkCalls checks the requests of the scenario, and the body of the first.
func checkCalls(t *testing.T, server *handlertest.Server, firstBody string) {
	t.Helper()
	var want, got []request
	for _, status := range []int{200, 200, 422, 401, 401} {
		want = append(want, request{
			Method: "PATCH", Path: "/users/" + handlertest.ExampleID,
			Accept: httphandler.MediaType, ContentType: httphandler.MediaType,
			Status: status,
		})
	}
	calls := server.Calls()
	for _, c := range calls {
		got = append(got, request{c.Method, c.Path, c.Header.Get("Accept"), c.Header.Get("Content-Type"), c.Status})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("requests, -want +got:\n%s", diff)
	}
	checkJSON(t, "body of the first request", firstBody, calls[0].Body)
}

// checkJSON compares the values of two JSON texts.
func checkJSON(t *testing.T, what, want string, got []byte) {
	t.Helper()
	var wantValue, gotValue any
	require.NoErrorf(t, json.Unmarshal([]byte(want), &wantValue), "%s, as wanted", what)
	require.NoErrorf(t, json.Unmarshal(got, &gotValue), "%s\n%s", what, got)
	if diff := cmp.Diff(wantValue, gotValue); diff != "" {
		t.Errorf("%s, -want +got:\n%s", what, diff)
	}
}
