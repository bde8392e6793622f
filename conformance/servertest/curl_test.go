package servertest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// every has every byte, and what shells and renderers take for more than text.
func every() string {
	text := "@-\xef\xbb\xbfit's 100% \\n \x80\xff é \U0001F600 \u202e \u2028 \x007 \r\n::a ##vso[ [[ATTACHMENT| @x #1 $HOME `a` !! [[[["
	for c := range 256 {
		text += string([]byte{byte(c)})
	}
	return text
}

// A shell prints the very bytes that a body has.
func TestPrinting(t *testing.T) {
	for _, want := range []string{
		every(), "", "-n", "%s", "a", strings.Repeat("x", 5000), strings.Repeat("-", 5000), strings.Repeat(`\`, 300),
		"it's " + strings.Repeat(`{"a":`, 3000) + "1" + strings.Repeat("}", 3000) + strings.Repeat("\x00", 1000),
		`{"x":"` + strings.Repeat("é'", 1000) + strings.Repeat("\n", 300) + `"}`,
	} {
		for _, shell := range []string{"bash", "sh"} {
			line := printing(want)
			got, err := exec.Command(shell, "-c", line).Output()
			if err != nil || string(got) != want {
				t.Errorf("%s prints %.300q (%v) for %.300q, want %.300q", shell, got, err, line, want)
			}
			if !isPlain(line) || len(line) > 12<<10 {
				t.Errorf("a report would change, or not hold, the %d bytes of %.300q", len(line), line)
			}
		}
	}
}

// What does not repeat itself has no line.
func TestPrintingNothing(t *testing.T) {
	s := newTrial(&session{}, setup)
	text := ""
	for len(text) <= maxLiteral {
		text += s.word()
	}
	if line := printing(text); line != "" {
		t.Errorf("%.100s", line)
	}
}

// The line sends what the run sent, whatever that is.
func TestCurlSendsTheSame(t *testing.T) {
	type request struct {
		*http.Request
		body []byte
	}
	sent := make(chan request, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		sent <- request{r, body}
	}))
	defer server.Close()
	target := Target{URL: server.URL, User: uuid.New(), Token: "q7rT-zxW.IJKLMNOP", ForbiddenToken: "f", UnlinkedToken: `quote"d$ol\ar!`}
	trial := &trial{session: &session{target: target, hide: newHider(&target, false)}}
	damaged := damagedTokens(target.Token)
	with := func(change func(*message)) *message {
		m := trial.bodyOf(target.User, []byte(`{"data":{}}`))
		change(m)
		return m
	}
	authorization := func(values ...string) *message {
		return with(func(m *message) { m.header["Authorization"] = values })
	}
	for name, m := range map[string]*message{
		"plain":            with(func(*message) {}),
		"every byte":       with(func(m *message) { m.body = []byte(every()) }),
		"a file":           with(func(m *message) { m.body = []byte("@/dev/null") }),
		"an empty body":    with(func(m *message) { m.body = []byte{} }),
		"without a body":   with(func(m *message) { m.body = nil; m.header.Del("Content-Type") }),
		"without headers":  with(func(m *message) { m.header = http.Header{} }),
		"long":             with(func(m *message) { m.body = bytes.Repeat([]byte(`["'`), 30_000) }),
		"chunked":          with(func(m *message) { m.chunked = true }),
		"method":           with(func(m *message) { m.method = "FROB" }),
		"dots":             with(func(m *message) { m.url = server.URL + "/users/../x/%2F[]" }),
		"bytes in a field": authorization("Bearer \xff\xfe"),
		"an empty field":   authorization(""),
		"two fields":       authorization("Bearer "+target.Token, "Bearer x"),
		"forbidden":        authorization("Bearer f"),
		"unlinked":         authorization("bearer " + target.UnlinkedToken),
		"more than it":     authorization(`Basic a"$x` + target.Token + "b"),
		"changed":          authorization("Bearer " + damaged[0].value),
		"changed later":    authorization("Bearer " + damaged[1].value),
		"cut off":          authorization("Bearer " + damaged[2].value),
	} {
		t.Run(name, func(t *testing.T) {
			line := trial.hide.curl(m, &target)
			command := exec.Command("bash", "-c", line)
			command.Env = []string{"PATH=/usr/bin:/bin", "ACCESS_TOKEN=" + target.Token, "FORBIDDEN_TOKEN=f", "UNLINKED_TOKEN=" + target.UnlinkedToken}
			out, err := command.CombinedOutput()
			require.NoErrorf(t, err, "%.1000s\n%s", line, out)
			got := <-sent
			if got.Method != m.method || server.URL+got.RequestURI != m.url || !bytes.Equal(got.body, m.body) {
				t.Errorf("%s %s %.300q, want %s %s %.300q", got.Method, got.RequestURI, got.body, m.method, m.url, m.body)
			}
			if chunked := slices.Contains(got.TransferEncoding, "chunked"); chunked != m.chunked {
				t.Errorf("chunked %t, want %t", chunked, m.chunked)
			}
			for _, field := range []string{"User-Agent", "Content-Length"} {
				got.Header.Del(field)
			}
			if diff := cmp.Diff(m.header, got.Header); diff != "" {
				t.Errorf("header of %s (-want +got):\n%s", line, diff)
			}
			for _, token := range []string{target.Token[:8], "quote"} {
				if strings.Contains(line, token) {
					t.Errorf("%s is in %s", token, line)
				}
			}
		})
	}
}

// The line that could only be run with a hidden text in it is left out.
func TestCurlOfOtherForms(t *testing.T) {
	target := Target{URL: "http://127.0.0.1:1", User: uuid.New(), Token: "q7rT-zxW.IJKLMNOP"}
	trial := &trial{session: &session{target: target, hide: newHider(&target, false)}}
	m := trial.bodyOf(target.User, nil)
	m.header.Set("Authorization", "Bearer "+strings.ToUpper(target.Token))
	if line := trial.hide.curl(m, &target); line != "" {
		t.Errorf("%s", line)
	}
}

// Values of the user are replaced by others of the same JSON type.
func TestCurlMakesValuesUp(t *testing.T) {
	attributes := object{
		"firstName": "Zo\u00eb", "lastName": "O'Brien", "email": "zoe@example.org", "birthDate": "1990-02-03T00:00:00.000Z",
		"address": object{"street": "Rue \"Cler\"", "houseNo": json.Number("181"), "postalCode": "75007", "locality": "Ul"},
	}
	target := Target{URL: "http://127.0.0.1:1", User: uuid.New(), Token: "abcdefgh"}
	trial := &trial{session: &session{target: target, hide: newHider(&target, false)}}
	trial.hide.add(&record{attributes: attributes})
	line := trial.hide.curl(trial.patchOf(target.User, attributes), &target)
	_, body, _ := strings.Cut(line, "--data-binary '")
	var got struct{ Data struct{ Attributes object } }
	require.NoErrorf(t, json.Unmarshal([]byte(strings.TrimSuffix(body, "'")), &got), "%s", line)
	want := object{
		"firstName": "Ada", "lastName": "Lovelace", "email": "ada@example.com", "birthDate": "1906-12-09T00:00:00.000Z",
		"address": object{"street": "Waldstrasse", "houseNo": 18.0, "postalCode": "76131", "locality": "Karlsruhe"},
	}
	if diff := cmp.Diff(want, got.Data.Attributes); diff != "" {
		t.Errorf("attributes (-want +got):\n%s", diff)
	}
}
