package servertest

import (
	"io"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// A message in parts is sent as one body of known length, and can be sent again.
func TestMessageInParts(t *testing.T) {
	m := message{method: http.MethodPatch, url: "http://127.0.0.1/", body: []byte("a"), rest: [][]byte{[]byte("bc"), []byte("d")}}
	r, err := m.request()
	require.NoError(t, err)
	again, err := r.GetBody()
	require.NoError(t, err)
	got := []string{string(m.whole())}
	for _, body := range []io.Reader{r.Body, again} {
		text, err := io.ReadAll(body)
		require.NoError(t, err)
		got = append(got, string(text))
	}
	if diff := cmp.Diff([]string{"abcd", "abcd", "abcd"}, got); diff != "" || r.ContentLength != 4 {
		t.Errorf("%d bytes, whole, sent and sent again (-want +got):\n%s", r.ContentLength, diff)
	}
}

// A document that is the same to the byte is the same record; any other is read.
func TestRecognise(t *testing.T) {
	known, err := recordWith(t, jane).record()
	require.NoError(t, err)
	for name, tt := range map[string]struct {
		firstName string
		same      bool
	}{
		"same":           {"Jane", true},
		"as long":        {"Jana", false},
		"of more length": {"Janet", false},
	} {
		a := recordWith(t, changed(jane, object{"firstName": tt.firstName}))
		a.recognise(known)
		r, err := a.record()
		require.NoError(t, err)
		if r.attributes["firstName"] != tt.firstName || (r == known) != tt.same {
			t.Errorf("%s: firstName %q, the known record: %v", name, r.attributes["firstName"], r == known)
		}
	}
	empty := &answer{status: http.StatusOK}
	empty.recognise(&record{})
	if r, err := empty.record(); err == nil {
		t.Errorf("no body: %v", r)
	}
}
