package handlertest_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/userrecord/userrecord/httphandler/handlertest"
)

// In a test, one line starts the fake.
func ExampleNewServer() {
	testRename := func(t *testing.T) {
		server := handlertest.NewServer(t)
		server.Inject(handlertest.ExampleUser().ID, 1, handlertest.FailBeforeWrite)
		// The code under test gets server.URL and handlertest.Token, and has to
		// send its patch a second time.
		for _, call := range server.Calls() {
			t.Log(call)
		}
	}
	_ = testRename
}

// Without a port, the fake is the transport of the client under test.
func ExampleFake_RoundTrip() {
	fake := handlertest.New()
	client := &http.Client{Transport: fake}

	body := `{"data": {"type": "User", "id": "` + handlertest.ExampleID + `", "attributes": {"firstName": "Joan"}}}`
	request, _ := http.NewRequest(http.MethodPatch, "http://users.test/users/"+handlertest.ExampleID, strings.NewReader(body))
	request.Header.Set("Authorization", "Bearer "+handlertest.Token)
	request.Header.Set("Content-Type", "application/vnd.api+json")
	response, err := client.Do(request)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer response.Body.Close()
	record, _ := io.ReadAll(response.Body)
	fmt.Println(response.Status, strings.Contains(string(record), `"firstName":"Joan"`))
	fmt.Println(fake.Calls())
	// Output:
	// 200 OK true
	// [PATCH /users/c0daf39b-4df5-4241-9e7d-b1b85f829090: 200]
}
