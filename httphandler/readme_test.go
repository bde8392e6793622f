package httphandler_test

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/memstore"
)

// The first way in of the README.
func ExampleNew() {
	user := handlertest.ExampleUser()
	authenticate := httphandler.InsecureAllowEveryone().Authenticate
	authorize := httphandler.InsecureAllowEveryone().Authorize

	store := memstore.New(user) // or a Store of your own
	access := httphandler.Access{
		Authenticate: authenticate, // who calls? otherwise 401
		Authorize:    authorize,    // may they patch this user? otherwise 403, or 404 to hide who exists
	}
	mux := http.NewServeMux()
	mux.Handle("/users/{userId}", httphandler.New(store, access, nil))
	server := &http.Server{Addr: "127.0.0.1:8080", Handler: mux, ReadHeaderTimeout: 10 * time.Second}

	_ = server.ListenAndServe
}

// Every Go snippet of the README stands in a compiled test.
func TestReadmeSnippets(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var compiled strings.Builder
	for _, pattern := range []string{"../*/*_test.go", "../*/*/*_test.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			compiled.WriteString(unindented(string(source)))
		}
	}
	snippets := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(string(readme), -1)
	if len(snippets) < 2 {
		t.Fatalf("the README has %d Go snippets", len(snippets))
	}
	for _, snippet := range snippets {
		if !strings.Contains(compiled.String(), unindented(snippet[1])) {
			t.Errorf("no test compiles this snippet:\n%s", snippet[1])
		}
	}
}

var indent = regexp.MustCompile(`(?m)^\t+`)

func unindented(s string) string { return indent.ReplaceAllString(s, "") }
