package handlertest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/userstore"
)

// In a test, one line starts the fake, and one makes it fail.
func ExampleNewServer() {
	testRename := func(t *testing.T) {
		server := handlertest.NewServer(t)
		server.Inject(handlertest.Status(503, http.Header{"Retry-After": {"1"}}).Times(2))
		// The code under test gets server.URL and handlertest.Token, and has to send
		// its patch a third time. A fault that is not used fails the test.
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

// The next requests fail, each in another way.
func ExampleFake_Inject() {
	fake := handlertest.New()
	client := &http.Client{Transport: fake}
	fake.Inject(handlertest.Status(503, http.Header{"Retry-After": {"1"}}).Times(2))
	fake.Inject(handlertest.LoseAnswer.For(userstore.ExampleUser().ID))
	fake.Inject(handlertest.ResetConnection.Delayed(time.Millisecond))

	for range 5 {
		status, _, err := rename(client, "Joan")
		fmt.Println(status, errors.Unwrap(err))
	}
	fmt.Println("left over:", fake.Unused())
	// Output:
	// 503 Service Unavailable <nil>
	// 503 Service Unavailable <nil>
	//  EOF
	//  read tcp 127.0.0.1:80->127.0.0.1:80: read: connection reset by peer
	// 200 OK <nil>
	// left over: []
}

// A fault of your own is any handler.
func ExampleHandler() {
	fake := handlertest.New()
	maintenance := func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "<h1>Back at noon</h1>", http.StatusServiceUnavailable)
	}
	fake.Inject(handlertest.Handler(http.HandlerFunc(maintenance)).Always())

	status, body, err := rename(&http.Client{Transport: fake}, "Joan")
	fmt.Println(status, body, err)
	// Output: 503 Service Unavailable <h1>Back at noon</h1>
	//  <nil>
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

// The patch that came is compared with the wanted one, and the difference shows values.
func ExampleCall_Patch() {
	fake := handlertest.New()
	if _, _, err := rename(&http.Client{Transport: fake}, "Joan "); err != nil {
		fmt.Println(err)
	}

	calls, err := fake.WaitCalls(context.Background(), 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	patch, err := calls[0].Patch()
	fmt.Println(calls[0].TokenName, err)
	fmt.Print(handlertest.Diff(userstore.Attributes{FirstName: userstore.Value("Joan")}, patch))
	// Output:
	// write <nil>
	// /firstName: -"Joan" +"Joan "
}

// Tests in other languages control the fake over HTTP, on a port of its own.
func ExampleFake_Control() {
	fake := handlertest.New()
	control := httptest.NewServer(fake.Control())
	defer control.Close()

	fault := strings.NewReader(`{"fault": "status", "status": 503, "header": {"Retry-After": "1"}}`)
	answer, err := http.Post(control.URL+handlertest.ControlPath+"/faults", "application/json", fault)
	if err != nil {
		fmt.Println(err)
		return
	}
	answer.Body.Close()
	fmt.Println(answer.Status)
	fmt.Println(fake.Unused())
	// Output:
	// 201 Created
	// [status 503]
}
