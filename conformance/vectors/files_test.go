package vectors_test

import (
	"encoding/json"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/userrecord/userrecord/conformance/internal/golden"
	"github.com/userrecord/userrecord/conformance/servertest"
	"github.com/userrecord/userrecord/conformance/vectors"
)

func themes() []theme {
	return []theme{
		accessTheme(), addressTheme(), datesTheme(), documentTheme(), formatsTheme(), idsTheme(), jsonTheme(),
		negotiationTheme(), nullTheme(), numbersTheme(), textTheme(), unknownTheme(), valuesTheme(),
	}
}

// The files are what the tables say: go test ./conformance/vectors -update writes them.
func TestFiles(t *testing.T) {
	var names []string
	for _, th := range themes() {
		name := filepath.Join("v1", th.name+".json")
		names = append(names, name)
		golden.Text(t, name, writeFile(th.file()))
	}
	found, err := filepath.Glob("v1/*")
	require.NoError(t, err)
	if diff := cmp.Diff(names, found); diff != "" {
		t.Errorf("files (-tables +there):\n%s", diff)
	}
}

// readFiles reads the files once: no test changes them.
var readFiles = sync.OnceValues(vectors.Files)

// A vector is one of the files, with the record before it.
type vector struct {
	vectors.Vector
	before json.RawMessage
}

// after returns the record after it by the contract.
func (v vector) after() json.RawMessage {
	if v.After == nil {
		return v.before
	}
	return v.After
}

func allVectors(t testing.TB) (all []vector) {
	t.Helper()
	t.Helper()
	files, err := readFiles()
	require.NoError(t, err)
	for _, f := range files {
		for _, g := range f.Groups {
			for _, v := range g.Vectors {
				all = append(all, vector{v, g.Before})
			}
		}
	}
	return all
}

// What a reader may rely on in every vector.
func TestVectorsAreWellFormed(t *testing.T) {
	id := regexp.MustCompile(`^[a-z]+(/[a-zA-Z]+(-[a-zA-Z]+)*)*/[a-z0-9]+(-[a-z0-9]+)*$`)
	seen := map[string]string{}
	all := allVectors(t)
	for _, v := range all {
		request := string(writeJSON(v.Request)) + string(v.before)
		switch {
		case !id.MatchString(v.ID):
			t.Errorf("%s is malformed", v.ID)
		case seen[v.ID] != "":
			t.Errorf("%s appears twice", v.ID)
		case seen[request] != "":
			t.Errorf("%s says what %s does", v.ID, seen[request])
		case !slices.Contains(v.AllowedStatuses, v.Status):
			t.Errorf("%s: the status %d is not among those allowed", v.ID, v.Status)
		case (v.Status == 200) != (v.Errors == nil):
			t.Errorf("%s: status %d with the errors %v", v.ID, v.Status, v.Errors)
		case v.Status != 200 && v.After != nil:
			t.Errorf("%s changes the record, and is refused", v.ID)
		case v.AllowedAfter != nil && !slices.Contains(v.AllowedStatuses, 200):
			t.Errorf("%s: records for a 200 that is not allowed", v.ID)
		case slices.ContainsFunc(v.AllowedStatuses, func(s int) bool { return s >= 500 }):
			t.Errorf("%s allows a failure", v.ID)
		}
		seen[v.ID], seen[request] = v.ID, v.ID
	}
	if len(all) < 600 {
		t.Errorf("%d vectors", len(all))
	}
	t.Logf("%d vectors", len(all))
}

// A vector is at most as strict as its first requirement, and all of them exist.
func TestVectorsHaveRequirements(t *testing.T) {
	rank := map[string]int{"OBSERVE": 0, "SHOULD": 1, "MUST": 2}
	for _, v := range allVectors(t) {
		for i, id := range v.Requirements {
			if level := levelOf(id); i == 0 && rank[v.Level] > rank[string(level)] {
				t.Errorf("%s is a %s, and %s a %s", v.ID, v.Level, id, level)
			}
		}
	}
}

// beyond are requirements of servers that one request cannot show, by family or id, and
// why.
var beyond = map[string]string{
	"concurrency":                    "takes several requests at once",
	"model":                          "takes a sequence of requests",
	"isolation":                      "takes two users",
	"closure":                        "is about all answers",
	"failure":                        "takes a server that fails",
	"method":                         "the vectors send nothing but PATCH",
	"oracle.forbidden":               "compares answers",
	"validators.changes":             "compares answers",
	"success.document":               "holds for every answer",
	"success.media-type":             "holds for every answer",
	"success.media-type-parameters":  "holds for every answer",
	"success.type":                   "holds for every answer",
	"success.id":                     "holds for every answer",
	"success.new":                    "holds for every answer",
	"success.types":                  "holds for every answer",
	"success.created-at":             "holds for every answer",
	"success.members":                "holds for every answer",
	"success.reads":                  "takes several reads",
	"success.read-your-writes":       "takes several reads",
	"null.shown":                     "vectors compare null and absent as the same",
	"dates.one-form":                 "is about all forms together",
	"errors.401":                     "holds for every answer",
	"errors.403":                     "holds for every answer",
	"errors.404":                     "holds for every answer",
	"errors.406":                     "holds for every answer",
	"errors.415":                     "holds for every answer",
	"errors.422":                     "holds for every answer",
	"errors.501":                     "takes a server that fails",
	"errors.status":                  "holds for every answer",
	"errors.status-present":          "holds for every answer",
	"errors.media-type-parameters":   "holds for every answer",
	"errors.unique-id":               "compares answers",
	"errors.no-internals":            "holds for every answer",
	"credentials.challenge":          "is about header fields of the answer",
	"credentials.bearer-challenge":   "is about header fields of the answer",
	"credentials.no-error-code":      "is about header fields of the answer",
	"credentials.invalid-token-code": "is about header fields of the answer",
	"credentials.not-echoed":         "holds for every answer",
	"credentials.truncated":          "takes the token to pieces",
	"linked.only":                    "is about all answers",
	"json.chunked":                   "is about the transport",
}

// Every requirement of servers has a vector, or a reason why it has none.
func TestRequirementsHaveVectors(t *testing.T) {
	covered := map[string]bool{}
	for _, v := range allVectors(t) {
		for _, id := range v.Requirements {
			covered[id] = true
		}
	}
	used := map[string]bool{}
	for _, r := range servertest.Requirements() {
		key := r.ID
		if family, _, _ := strings.Cut(r.ID, "."); beyond[family] != "" {
			key = family
		}
		used[key] = true
		if excused := beyond[key] != ""; excused == covered[r.ID] {
			t.Errorf("%s: has a vector: %t, is said to need none: %t", r.ID, covered[r.ID], excused)
		}
	}
	for key := range beyond {
		if !used[key] {
			t.Errorf("there is no requirement %s", key)
		}
	}
}
