//go:build !race

package openapitest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// examples returns the values of the examples at the pointer, by name.
func (d document) examples(t *testing.T, pointer string) map[string]any {
	t.Helper()
	values := map[string]any{}
	for name, example := range d.object(t, pointer+mediaContent+"/examples") {
		values[name] = example.(map[string]any)["value"]
	}
	return values
}

// Each example of a request is taken. The example of an answer is the answer to the request of
// the same name.
func TestExampleRequests(t *testing.T) {
	d := parse(t)
	answers := d.examples(t, patchOperation+"/responses/200")
	for name, request := range d.examples(t, requestBody) {
		body, err := json.Marshal(request)
		require.NoError(t, err)
		got := sendTo(httphandler.New(memstore.New(userstore.ExampleUser()), httphandler.InsecureAllowEveryone(), nil), string(body))
		if got.Status != http.StatusOK {
			t.Errorf("the example %s is answered with %d %s", name, got.Status, got.Answer)
		}
		if want, ok := answers[name]; ok {
			delete(answers, name)
			if d := cmp.Diff(want, decode(t, got.Answer)); d != "" {
				t.Errorf("the answer to %s (-documented +got):\n%s", name, d)
			}
		}
	}
	if len(answers) > 0 {
		t.Errorf("examples of answers to no request: %v", slices.Collect(maps.Keys(answers)))
	}
}

// Every code of an error has an example among the answers of its status, which is what the handler
// answers; and every example is such an answer.
func TestExampleErrors(t *testing.T) {
	t.Parallel()
	d := parse(t)
	documented, answered := map[string]map[string]any{}, map[string]map[string]any{}
	pointers := map[string]string{"405": "/components/responses/MethodNotAllowed"}
	for status := range d.object(t, patchOperation+"/responses") {
		if status != "200" {
			pointers[status] = patchOperation + "/responses/" + status
		}
	}
	for status, pointer := range pointers {
		for code, example := range d.examples(t, pointer) {
			for _, object := range errorsIn(example) {
				if object["status"] != status {
					t.Errorf("the example %s of %s has the status %s", code, status, object["status"])
				}
				documented[object["code"].(string)] = object
			}
			if last := errorsIn(example); last[len(last)-1]["code"] != code {
				t.Errorf("the example %s of %s is one of %s", code, status, last[len(last)-1]["code"])
			}
		}
	}
	for _, e := range append(exchanges(t), unreadable(t)) {
		if e.Status == http.StatusOK {
			continue
		}
		for _, object := range errorsIn(decode(t, e.Answer)) {
			code := object["code"].(string)
			if answered[code] == nil || cmp.Equal(documented[code], object) {
				answered[code] = object
			}
		}
	}
	if d := cmp.Diff(documented, answered); d != "" {
		t.Errorf("error objects by code (-examples +answers):\n%s", d)
	}
	codes := d.at(t, "/components/schemas/ErrorObject/properties/code/enum").([]any)
	if want := len(documented); len(codes) != want {
		t.Errorf("the schema has %d codes, want %d", len(codes), want)
	}
}

// errorsIn returns the error objects of a document without what differs each time: the id, and
// the member at fault.
func errorsIn(value any) (objects []map[string]any) {
	for _, one := range value.(map[string]any)["errors"].([]any) {
		object := maps.Clone(one.(map[string]any))
		delete(object, "id")
		if source, ok := object["source"].(map[string]any); ok && source["pointer"] != nil {
			object["source"] = map[string]any{"pointer": "..."}
		}
		objects = append(objects, object)
	}
	return objects
}

func decode(t *testing.T, text []byte) any {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	require.NoError(t, err)
	return value
}

// unreadable returns the exchange with a client that breaks off.
func unreadable(t *testing.T) exchange {
	t.Helper()
	r := httptest.NewRequest(http.MethodPatch, "/users/"+handlertest.ExampleID, io.NopCloser(iotest.ErrReader(errors.New("gone"))))
	r.Header.Set("Content-Type", httphandler.MediaType)
	w := httptest.NewRecorder()
	fake.ServeHTTP(w, r)
	return exchange{Status: w.Code, Answer: w.Body.Bytes()}
}
