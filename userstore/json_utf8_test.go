package userstore_test

import (
	"encoding/json"
	"testing"

	"github.com/userrecord/userrecord/userstore"
)

// encoding/json reads bytes that are no UTF-8 as U+FFFD, one for each, on every
// release: whoever decodes requests with it cannot refuse them.
func TestJSONReplacesInvalidUTF8(t *testing.T) {
	for document, want := range map[string]string{
		"{\"firstName\":\"a\xffb\"}":     "a\ufffdb",
		"{\"firstName\":\"a\xe2\x82b\"}": "a\ufffd\ufffdb",
		`{"firstName":"a\ud800b"}`:       "a\ufffdb",
	} {
		var a userstore.Attributes
		err := json.Unmarshal([]byte(document), &a)
		if got, _ := a.FirstName.Get(); err != nil || got != want {
			t.Errorf("%q: got %q, %v; want %q", document, got, err, want)
		}
	}
}
