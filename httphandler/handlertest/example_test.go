package handlertest_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/httphandler/handlertest"
)

// In a test, one line starts the fake.
func ExampleNewServer() {
	testRename := func(t *testing.T) {
		server := handlertest.NewServer(t)
		server.Inject(handlertest.FailBeforeWrite)
		// The code under test gets server.URL and handlertest.Token, and has to
		// send its patch a second time.
		for _, call := range server.Calls() {
			t.Log(call)
		}
	}
	_ = testRename
}

// rename is the code under test: it patches the first name of the example user.
func rename(client *http.Client, firstName string) (status, body string, err error) {
	document := fmt.Sprintf(`{"data": {"type": "User", "id": %q, "attributes": {"firstName": %q}}}`, handlertest.ExampleID, firstName)
	request, err := http.NewRequest(http.MethodPatch, "http://users.test/users/"+handlertest.ExampleID, strings.NewReader(document))
	if err != nil {
		return "", "", err
	}
	request.Header.Set("Authorization", "Bearer "+handlertest.Token)
	request.Header.Set("Content-Type", httphandler.MediaType)
	response, err := client.Do(request)
	if err != nil {
		return "", "", err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	return response.Status, string(answer), err
}

// Without a port, the fake is the transport of the client under test.
func ExampleFake_RoundTrip() {
	fake := handlertest.New()
	client := &http.Client{Transport: fake}

	status, body, err := rename(client, "Joan")
	fmt.Println(status, strings.Contains(body, `"firstName":"Joan"`), err)
	fmt.Println(fake.Calls())
	// Output:
	// 200 OK true <nil>
	// [PATCH /users/c0daf39b-4df5-4241-9e7d-b1b85f829090: 200]
}

// The next two requests fail, the third succeeds.
func ExampleFake_Inject() {
	fake := handlertest.New()
	client := &http.Client{Transport: fake}
	fake.Inject(handlertest.MissingLinkedIdentity)
	fake.Inject(handlertest.FailAfterWrite)

	for range 3 {
		status, _, err := rename(client, "Joan")
		fmt.Println(status, err)
	}
	// Output:
	// 401 Unauthorized <nil>
	// 501 Not Implemented <nil>
	// 200 OK <nil>
}

// A delay tests the timeout of a client.
func ExampleDelay() {
	fake := handlertest.New()
	fake.Inject(handlertest.Delay(time.Hour))
	client := &http.Client{Transport: fake, Timeout: time.Millisecond}

	_, _, err := rename(client, "Joan")
	fmt.Println(err != nil)
	// Output: true
}
