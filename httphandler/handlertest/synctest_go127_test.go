//go:build go1.27

package handlertest_test

import (
	"net/http/httptest"
	"testing"
	"testing/synctest"

	"github.com/userrecord/userrecord/httphandler/handlertest"
)

// The server of net/http/httptest is in memory.
func TestServerInBubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := handlertest.New()
		server := httptest.NewTestServer(t, f)
		client := server.Client() // which sets the URL
		testInBubble(t, client, f, server.URL)
	})
}
