package handlertest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/userstore"
)

var exampleID = uuid.MustParse(handlertest.ExampleID)

// patch returns a request that sets the first name of the example user.
func patch(ctx context.Context, base, token, firstName string) *http.Request {
	body := fmt.Sprintf(`{"data":{"type":"User","id":%q,"attributes":{"firstName":%q}}}`, handlertest.ExampleID, firstName)
	r, err := http.NewRequestWithContext(ctx, http.MethodPatch, base+"/users/"+handlertest.ExampleID, strings.NewReader(body))
	if err != nil {
		panic(err)
	}
	r.Header.Set("Content-Type", httphandler.MediaType)
	r.Header.Set("Authorization", "Bearer "+token)
	return r
}

// renameUser is the client in the README. It does not wait before it tries again.
func renameUser(base, token, id, firstName string) error {
	for tries := 1; ; tries++ {
		r := patch(context.Background(), base, token, firstName)
		r.URL.Path = "/users/" + id
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			return err
		}
		response.Body.Close()
		switch {
		case response.StatusCode == http.StatusOK:
			return nil
		case response.StatusCode != http.StatusServiceUnavailable || tries == 3:
			return errors.New(response.Status)
		}
	}
}

// An outcome is the result of a request: the status, the code of an error, and the first
// name in the store afterwards.
type outcome struct {
	Status    int
	Code      string
	FirstName string
}

func do(t *testing.T, client *http.Client, f *handlertest.Fake, r *http.Request) outcome {
	t.Helper()
	response, err := client.Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	var doc struct{ Errors []struct{ Code string } }
	require.NoError(t, json.NewDecoder(response.Body).Decode(&doc))
	o := outcome{Status: response.StatusCode}
	if len(doc.Errors) > 0 {
		o.Code = doc.Errors[0].Code
	}
	user, err := f.Store.Get(t.Context(), exampleID)
	require.NoError(t, err)
	o.FirstName, _ = user.Attributes.FirstName.Get()
	return o
}

// Everything works with a port and without one.
func throughBothDoors(t *testing.T, test func(t *testing.T, client *http.Client, f *handlertest.Fake, base string)) {
	t.Run("server", func(t *testing.T) {
		s := handlertest.NewServer(t)
		test(t, http.DefaultClient, s.Fake, s.URL)
	})
	t.Run("round tripper", func(t *testing.T) {
		f := handlertest.New()
		test(t, &http.Client{Transport: f}, f, "http://users.test")
	})
}

func TestTokens(t *testing.T) {
	throughBothDoors(t, func(t *testing.T, client *http.Client, f *handlertest.Fake, base string) {
		var got []outcome
		for _, token := range []string{handlertest.ForbiddenToken, handlertest.UnlinkedToken, "junk", handlertest.Token} {
			got = append(got, do(t, client, f, patch(t.Context(), base, token, "Joan")))
		}
		want := []outcome{{403, "forbidden", "John"}, {401, "missing-linked-identity", "John"}, {401, "invalid-token", "John"}, {200, "", "Joan"}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("outcomes (-want +got):\n%s", diff)
		}
	})
}

func TestFaults(t *testing.T) {
	throughBothDoors(t, func(t *testing.T, client *http.Client, f *handlertest.Fake, base string) {
		f.Inject(handlertest.Unauthenticated)
		f.Inject(handlertest.MissingLinkedIdentity)
		f.Inject(handlertest.Forbidden.Times(2))
		f.Inject(handlertest.FailBeforeWrite)
		f.Inject(handlertest.FailAfterWrite)
		f.Inject(handlertest.FailBeforeWrite.For(uuid.New()).Always()) // another user
		want := []outcome{
			{401, "invalid-token", "John"},
			{401, "missing-linked-identity", "John"},
			{403, "forbidden", "John"},
			{403, "forbidden", "John"},
			{501, "internal-error", "John"},
			{501, "internal-error", "name 5"},
			{200, "", "name 6"},
		}
		var got []outcome
		for i := range want {
			got = append(got, do(t, client, f, patch(t.Context(), base, handlertest.Token, fmt.Sprint("name ", i))))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("outcomes (-want +got):\n%s", diff)
		}
		f.ClearFaults()
	})
}

func TestDelay(t *testing.T) {
	throughBothDoors(t, func(t *testing.T, client *http.Client, f *handlertest.Fake, base string) {
		f.Inject(handlertest.Delay(30 * time.Millisecond))
		begin := time.Now()
		if got, want := do(t, client, f, patch(t.Context(), base, handlertest.Token, "Joan")), (outcome{200, "", "Joan"}); got != want {
			t.Errorf("outcome %+v, want %+v", got, want)
		}
		if d := time.Since(begin); d < 30*time.Millisecond {
			t.Errorf("answered after %v", d)
		}

		f.Inject(handlertest.Delay(time.Hour))
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
		defer cancel()
		response, err := client.Do(patch(ctx, base, handlertest.Token, "Jane"))
		if err == nil {
			response.Body.Close()
		}
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v, want %v", err, context.DeadlineExceeded)
		}
		for len(f.Calls()) < 2 { // the server notices later than the client
			time.Sleep(time.Millisecond)
		}
		user, err := f.Store.Get(t.Context(), exampleID)
		if name, _ := user.Attributes.FirstName.Get(); name != "Joan" || err != nil {
			t.Errorf("the first name is %q, %v: written after the client gave up", name, err)
		}
	})
}

func TestCalls(t *testing.T) {
	throughBothDoors(t, func(t *testing.T, client *http.Client, f *handlertest.Fake, base string) {
		do(t, client, f, patch(t.Context(), base+"/user/2025-1", handlertest.Token, "Joan"))
		get, err := client.Get(base + "/users/x%2Fy?q=1")
		require.NoError(t, err)
		get.Body.Close()

		calls := f.Calls()
		if diff := cmp.Diff("[PATCH /user/2025-1/users/"+handlertest.ExampleID+": 200 GET /users/x%2Fy: 405]", fmt.Sprintf("%+v", calls)); diff != "" {
			t.Fatalf("calls (-want +got):\n%s", diff)
		}
		first := calls[0]
		if first.UserID != handlertest.ExampleID || first.Header.Get("Content-Type") != httphandler.MediaType || first.Header.Get("Authorization") != "" {
			t.Errorf("user id %q, header %v", first.UserID, first.Header)
		}
		if want := `{"data":{"type":"User","id":"` + handlertest.ExampleID + `","attributes":{"firstName":"Joan"}}}`; string(first.Body) != want {
			t.Errorf("body %s, want %s", first.Body, want)
		}
	})
}

func TestUsersOfTheTest(t *testing.T) {
	other := userstore.User{ID: uuid.New()}
	f := handlertest.New(other)
	if _, err := f.Store.Get(t.Context(), other.ID); err != nil || f.Store.Len() != 1 {
		t.Errorf("%v; the fake has %d users, want the given one", err, f.Store.Len())
	}
}
