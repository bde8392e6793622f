package servertest

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

// Reports speak of JSON and HTTP, not of Go.
func TestSay(t *testing.T) {
	for _, tt := range []struct {
		format string
		arg    any
		want   string
	}{
		{"%q", "a\x00\u00e9\U0001f600\"<", `"a\u0000\u00e9\ud83d\ude00\"<"`},
		{"%q", "", `""`},
		{"%q", []byte("a"), `"a"`},
		{"%q", []string{"/a"}, `["/a"]`},
		{"%q", nil, "absent or null"},
		{"%v", nil, "absent or null"},
		{"%v", object{"a": nil}, `{"a":null}`},
		{"%v", []any{json.Number("1e3")}, `[1e3]`},
		{"%v", true, "true"},
		{"%v", map[string]object{"top": {"a": 1}}, `{"top":{"a":1}}`},
		{"%v", errors.New("an error"), "an error"},
		{"%v", 2 * time.Second, "2s"},
		{"%d", 5, "5"},
		{"%.3s", "abcdef", "abc"},
	} {
		if got := say(tt.format, tt.arg); got != tt.want {
			t.Errorf("say(%s, %#v) = %s, want %s", tt.format, tt.arg, got, tt.want)
		}
	}
	for want, v := range map[string]any{"a number": json.Number("1"), "null": nil, "a boolean": true, "a string": "", "an array": []any{}, "an object": object{}} {
		if got := jsonType(v); got != want {
			t.Errorf("the type of %v is %s, want %s", v, got, want)
		}
	}
	if got := show(strings.Repeat("\u00e9", 61)); got != `"`+strings.Repeat(`\u00e9`, 20)+`"... (61 characters)` {
		t.Errorf("a long text is %s", got)
	}
	if got := show([]any{strings.Repeat("x", 1000)}); len(got) > 250 || !strings.HasSuffix(got, "... (1004 bytes)") {
		t.Errorf("a long value is %s", got)
	}
	a := &answer{header: http.Header{"Allow": {"GET", "PUT"}, "Empty": {""}}}
	if got := a.fieldOf("Allow") + ", " + a.fieldOf("Empty") + ", " + a.fieldOf("None"); got != `Allow "GET, PUT", Empty "", no None` {
		t.Errorf("fields are %s", got)
	}
}
