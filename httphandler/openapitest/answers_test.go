//go:build !race

package openapitest

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/userrecord/userrecord/httphandler"
)

// An answer is what the document says of the answers with one status.
type answer struct {
	body   *jsonschema.Schema
	header map[string]field
}

type field struct {
	required bool
	schema   *jsonschema.Schema
}

// answers returns the documented answers to a PATCH, and the one to any other method.
func (d document) answers(t *testing.T) (toPatch map[int]answer, toOther answer) {
	t.Helper()
	toPatch = map[int]answer{}
	for status := range d.object(t, patchOperation+"/responses") {
		number, _ := strconv.Atoi(status)
		toPatch[number] = d.answer(t, patchOperation+"/responses/"+status)
	}
	return toPatch, d.answer(t, "/components/responses/MethodNotAllowed")
}

func (d document) answer(t *testing.T, pointer string) answer {
	t.Helper()
	response := d.object(t, pointer)
	ref := d.object(t, pointer+"/content")[httphandler.MediaType].(map[string]any)["schema"].(map[string]any)["$ref"].(string)
	a := answer{d.schema(t, strings.TrimPrefix(ref, "#"), (*jsonschema.Compiler).AssertFormat), map[string]field{}}
	fields, _ := response["headers"].(map[string]any)
	for name, value := range fields {
		at := d.pathTo(t, pointer) + "/headers/" + escape.Replace(name) + "/schema"
		a.header[http.CanonicalHeaderKey(name)] = field{value.(map[string]any)["required"].(bool), d.schema(t, at)}
	}
	return a
}

// pathTo returns the pointer to where the value at a pointer is, if it is a $ref.
func (d document) pathTo(t *testing.T, pointer string) string {
	t.Helper()
	parent, name := pointer[:strings.LastIndex(pointer, "/")], pointer[strings.LastIndex(pointer, "/")+1:]
	if ref, ok := d.object(t, parent)[name].(map[string]any)["$ref"].(string); ok {
		return strings.TrimPrefix(ref, "#")
	}
	return pointer
}

// problems returns what the document does not say of the answer of the exchange.
func (a answer) problems(e exchange) (problems []string) {
	if got := e.AnswerHeader["Content-Type"]; !slices.Equal(got, []string{httphandler.MediaType}) {
		problems = append(problems, fmt.Sprintf("Content-Type %q", got))
	}
	for name, values := range e.AnswerHeader {
		documented, ok := a.header[name]
		switch {
		case name == "Content-Type" || name == "Content-Length":
		case !ok:
			problems = append(problems, "the field "+name+" is not documented")
		default:
			for _, value := range values {
				if err := documented.schema.Validate(value); err != nil {
					problems = append(problems, name+": "+err.Error())
				}
			}
		}
	}
	for name, documented := range a.header {
		if documented.required && len(e.AnswerHeader[name]) != 1 {
			problems = append(problems, fmt.Sprintf("%d fields %s", len(e.AnswerHeader[name]), name))
		}
	}
	body, err := jsonschema.UnmarshalJSON(bytes.NewReader(e.Answer))
	if err == nil {
		err = a.body.Validate(body)
	}
	if err != nil {
		problems = append(problems, err.Error())
	}
	return problems
}

// Every answer of the handler is documented: its status, its header fields, and every member of
// its body.
func TestAnswers(t *testing.T) {
	t.Parallel()
	toPatch, toOther := closed(t).answers(t)
	statuses := map[int]int{}
	for _, e := range exchanges(t) {
		statuses[e.Status]++
		documented, ok := toPatch[e.Status]
		if e.Method != http.MethodPatch {
			documented, ok = toOther, e.Status == http.StatusMethodNotAllowed
		}
		if !ok {
			t.Errorf("%v\nis answered with %d, which is not documented", e, e.Status)
			continue
		}
		for _, problem := range documented.problems(e) {
			t.Errorf("%v\nis answered with %d %v %.500s\n%s", e, e.Status, e.AnswerHeader, e.Answer, problem)
		}
	}
	for status := range toPatch {
		if statuses[status] == 0 {
			t.Errorf("no request is answered with %d, which is documented", status)
		}
	}
	t.Logf("answers by status: %v", statuses)
}

// Each check of an answer works.
func TestUndocumentedAnswersAreSeen(t *testing.T) {
	toPatch, _ := closed(t).answers(t)
	header := http.Header{"Content-Type": {httphandler.MediaType}, "Cache-Control": {"no-store"}}
	const body = `{"errors":[{"id":"x","status":"501","code":"internal-error","title":"t","detail":"d"}]}`
	with := func(name string, values ...string) http.Header {
		changed := header.Clone()
		changed[name] = values
		return changed
	}
	for _, tt := range []struct {
		name   string
		header http.Header
		body   string
		ok     bool
	}{
		{"good", header, body, true},
		{"media type", with("Content-Type", "application/json"), body, false},
		{"another field", with("Retry-After", "1"), body, false},
		{"no field", with("Cache-Control"), body, false},
		{"another value", with("Cache-Control", "max-age=1"), body, false},
		{"another member", header, strings.Replace(body, `"id"`, `"x":1,"id"`, 1), false},
		{"no member", header, strings.Replace(body, `"id":"x",`, ``, 1), false},
		{"another code", header, strings.Replace(body, "internal-error", "oops", 1), false},
		{"empty source", header, strings.Replace(body, `"id"`, `"source":{},"id"`, 1), false},
		{"no errors", header, `{"errors":[]}`, false},
		{"no JSON", header, `sorry`, false},
	} {
		problems := toPatch[501].problems(exchange{AnswerHeader: tt.header, Answer: []byte(tt.body)})
		if (len(problems) == 0) != tt.ok {
			t.Errorf("%s: %q", tt.name, problems)
		}
	}
}
