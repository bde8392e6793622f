package handlertest_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/userstore"
)

func TestRename(t *testing.T) {
	server := handlertest.NewServer(t)
	server.Inject(handlertest.Status(503, http.Header{"Retry-After": {"1"}}).Times(2))

	// The code under test has to send its patch a third time: a fault that is not
	// used fails the test.
	if err := renameUser(server.URL, handlertest.Token, handlertest.ExampleID, "Joan"); err != nil {
		t.Error(err)
	}

	want := userstore.ExampleUser()
	want.Attributes.FirstName = userstore.Value("Joan")
	got, err := server.Store.Get(t.Context(), uuid.MustParse(handlertest.ExampleID))
	if diff := handlertest.Diff(want, got); err != nil || diff != "" {
		t.Errorf("error %v, the user (-want +got):\n%s\ncalls %v", err, diff, server.Calls())
	}
}
