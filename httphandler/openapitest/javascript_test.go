//go:build !race

package openapitest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler/internal/npm"
)

// The validator in JavaScript agrees with the handler, too.
func TestExpressOpenAPIValidator(t *testing.T) {
	t.Parallel()
	npm.Require(t, "the document in JavaScript")
	all := exchanges(t)
	for _, attributes := range moreAttributes {
		all = append(all, send(attributes))
	}
	sent := judgeable(all)
	verdicts := judge(t, sent)
	known, taken := make([]int, len(differences)), 0
	for i, e := range sent {
		if verdicts[i].Answer != "" {
			t.Errorf("%v\nis answered with %d %.300s\n%s", e, e.Status, e.Answer, verdicts[i].Answer)
		}
		switch valid := verdicts[i].Request == ""; {
		case !e.Request:
		case e.Status == http.StatusOK:
			if taken++; !valid {
				t.Errorf("%v\nis taken, although %s", e, verdicts[i].Request)
			}
		case valid && !explain(e.exchange, known):
			t.Errorf("%v\nis valid, and refused for another reason than those known: %.300s", e, e.Answer)
		}
	}
	t.Logf("%d exchanges, %d requests taken, known differences %v", len(sent), taken, known)
}

// ids matches what answers that are otherwise alike differ in.
var ids = regexp.MustCompile(`"id":"[A-Z2-7]{26,}"`)

// A judged exchange is one whose request or answer the validator in JavaScript judges.
type judged struct {
	exchange
	Request bool // it is an open request that Node.js can send to every server
	New     bool // no answer before was like this
}

// judgeable returns the exchanges in which there is something to judge.
func judgeable(all []exchange) (some []judged) {
	seen := map[string]bool{}
	for _, e := range all {
		answer := ids.ReplaceAllString(string(e.Answer), "")
		request := e.Open && path.MatchString(e.Path)
		for name, values := range e.Header {
			request = request && name != "Content-Encoding" && len(values) == 1 && len(values[0]) < 1100 && plain.MatchString(values[0])
		}
		if one := (judged{e, request, !seen[answer]}); e.Method == http.MethodPatch && (one.Request || one.New) {
			seen[answer] = true
			some = append(some, one)
		}
	}
	return some
}

var path = regexp.MustCompile(`^/users/[0-9A-Za-z-]+$`)

// plain matches a header field of ASCII.
var plain = regexp.MustCompile(`^[ -~]*$`)

// A verdict is what the validator says of a request and its answer: "" if they are valid.
type verdict struct{ Request, Answer string }

func judge(t *testing.T, all []judged) (verdicts []verdict) {
	t.Helper()
	var lines bytes.Buffer
	for _, e := range all {
		require.NoError(t, json.NewEncoder(&lines).Encode(e))
	}
	dir := t.TempDir()
	exchangesFile := filepath.Join(dir, "exchanges.jsonl")
	require.NoError(t, os.WriteFile(exchangesFile, lines.Bytes(), 0o600))
	out := node(t, "validate.mjs", documentFile, exchangesFile)
	for decoder := json.NewDecoder(bytes.NewReader(out)); decoder.More(); {
		var v verdict
		require.NoError(t, decoder.Decode(&v))
		verdicts = append(verdicts, v)
	}
	if len(verdicts) != len(all) {
		t.Fatalf("%d verdicts on %d exchanges", len(verdicts), len(all))
	}
	return verdicts
}

// The validator in JavaScript sees answers that the document does not have, and requests.
func TestExpressOpenAPIValidatorSees(t *testing.T) {
	t.Parallel()
	npm.Require(t, "the document in JavaScript")
	good := send(`{"firstName":"Jane"}`)
	spoil := func(edit func(e *exchange)) judged {
		e := good
		edit(&e)
		return judged{e, true, true}
	}
	replace := func(in []byte, old, with string) []byte { return bytes.Replace(in, []byte(old), []byte(with), 1) }
	got := judge(t, []judged{
		spoil(func(*exchange) {}),
		spoil(func(e *exchange) { e.Body = replace(e.Body, "firstName", "firstname") }),
		spoil(func(e *exchange) { e.Body = nil }),
		spoil(func(e *exchange) { e.Answer = replace(e.Answer, `"locale"`, `"language"`) }),
		spoil(func(e *exchange) { e.Status = 400 }),
	})
	want := []struct{ request, answer bool }{{true, true}, {false, true}, {false, true}, {true, false}, {true, false}}
	for i, v := range got {
		if (v.Request == "") != want[i].request || (v.Answer == "") != want[i].answer {
			t.Errorf("exchange %d: %+v, want valid %+v", i, v, want[i])
		}
	}
}
