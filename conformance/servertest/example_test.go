package servertest_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/servertest"
	"github.com/userrecord/userrecord/httphandler/handlertest"
)

// A server in any language is checked by its URL. The run patches the user, and
// restores the record at the end.
func ExampleCheck() {
	server := httptest.NewServer(handlertest.New()) // yours, wherever it runs
	defer server.Close()

	report, err := servertest.Check(context.Background(), servertest.Target{
		URL:   server.URL,
		User:  uuid.MustParse(handlertest.ExampleID),
		Token: handlertest.Token,
	}, &conformance.Options{Run: []string{"success.*", "merge.*"}}) // nil runs every check
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, result := range report.Results {
		if result.Counts() {
			fmt.Println(result.ID, result.Reason())
		}
	}
	fmt.Println(report.Verdict)
	// Output: conformant
}

// In a test of your package, a handler is checked without a port of your own. Every
// requirement is a subtest.
func ExampleRunHandler() {
	var handler http.Handler = handlertest.New() // yours
	_ = func(t *testing.T) {                     // TestMyHandler
		servertest.RunHandler(t, handler, "/user/2025-1", servertest.Target{
			User:  uuid.MustParse(handlertest.ExampleID),
			Token: handlertest.Token,
		})
	}
}

// In a test, a server that runs elsewhere is checked the same way.
func ExampleRun() {
	_ = func(t *testing.T) { // TestMyServer
		servertest.Run(t, servertest.Target{
			URL:   "http://127.0.0.1:8080",
			User:  uuid.MustParse(handlertest.ExampleID),
			Token: "a token that may write the user",
		})
	}
}
