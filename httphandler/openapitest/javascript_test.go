//go:build !race

package openapitest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler/internal/npm"
)

// The validator in JavaScript agrees with the handler, too, and sees what is wrong with others.
// One process judges both, because it takes long to start.
func TestExpressOpenAPIValidator(t *testing.T) {
	t.Parallel()
	npm.Require(t, "the document in JavaScript")
	all := exchanges(t)
	for _, attributes := range moreAttributes {
		all = append(all, send(attributes))
	}
	sent := judgeable(all)
	verdicts := judge(t, slices.Concat(sent, spoiltExchanges()))
	mustSee(t, verdicts[len(sent):])
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
	Request bool // it is an open request that Node.js would hand to every application
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
	out := run(t, node(".", "validate.mjs", documentFile, exchangesFile))
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

// spoilt are exchanges of which the document does not have the request or the answer, after one
// that it has.
var spoilt = []struct {
	spoil                     func(e *exchange)
	validRequest, validAnswer bool
}{
	{func(*exchange) {}, true, true},
	{func(e *exchange) { e.Body = replaced(e.Body, "firstName", "firstname") }, false, true},
	{func(e *exchange) { e.Body = nil }, false, true},
	{func(e *exchange) { e.Answer = replaced(e.Answer, `"locale"`, `"language"`) }, true, false},
	{func(e *exchange) { e.Status = 400 }, true, false},
}

func replaced(in []byte, old, with string) []byte {
	return bytes.Replace(in, []byte(old), []byte(with), 1)
}

// spoiltExchanges are those of spoilt, to be judged.
func spoiltExchanges() (all []judged) {
	for _, s := range spoilt {
		e := send(`{"firstName":"Jane"}`)
		s.spoil(&e)
		all = append(all, judged{e, true, true})
	}
	return all
}

// mustSee checks the verdicts on the spoilt exchanges.
func mustSee(t *testing.T, verdicts []verdict) {
	t.Helper()
	for i, v := range verdicts {
		if (v.Request == "") != spoilt[i].validRequest || (v.Answer == "") != spoilt[i].validAnswer {
			t.Errorf("spoilt exchange %d: %+v, want valid request %t, answer %t", i, v, spoilt[i].validRequest, spoilt[i].validAnswer)
		}
	}
}
