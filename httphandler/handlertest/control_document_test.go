package handlertest_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler/handlertest"
)

type object = map[string]any

// A document is an OpenAPI document, as far as that of the control endpoint goes.
type document struct{ root object }

// at returns what is at the path, across references.
func (d document) at(from any, path ...string) any {
	for {
		if o, ok := from.(object); ok && o["$ref"] != nil {
			from = d.at(d.root, strings.Split(strings.TrimPrefix(o["$ref"].(string), "#/"), "/")...)
			continue
		}
		if len(path) == 0 {
			return from
		}
		from, path = from.(object)[path[0]], path[1:]
	}
}

// faults returns what is wrong with a value by a schema.
func (d document) faults(place string, schema, value any) (found []string) {
	s := d.at(schema).(object)
	if c, ok := s["const"]; ok && c != value {
		found = append(found, place+": not the constant")
	}
	if enum, ok := s["enum"].([]any); ok && !slices.Contains(enum, value) {
		found = append(found, place+": not in the enumeration")
	}
	if minimum, ok := s["minimum"].(float64); ok && value.(float64) < minimum {
		found = append(found, place+": too small")
	}
	types, _ := s["type"].([]any)
	if t, ok := s["type"].(string); ok {
		types = []any{t}
	}
	if len(types) > 0 && !slices.Contains(types, any(typeOf(value))) {
		found = append(found, fmt.Sprint(place, ": is ", typeOf(value), ", not ", types))
	}
	if list, ok := value.([]any); ok {
		for i, v := range list {
			found = append(found, d.faults(fmt.Sprint(place, "/", i), s["items"], v)...)
		}
	}
	if o, ok := value.(object); ok {
		found = append(found, d.memberFaults(place, s, o)...)
	}
	return found
}

func (d document) memberFaults(place string, s, value object) (found []string) {
	required, _ := s["required"].([]any)
	for _, name := range required {
		if _, ok := value[name.(string)]; !ok {
			found = append(found, fmt.Sprint(place, "/", name, ": is missing"))
		}
	}
	properties, _ := s["properties"].(object)
	for _, name := range slices.Sorted(maps.Keys(value)) {
		of := properties[name]
		if of == nil {
			of = s["additionalProperties"]
		}
		switch of {
		case nil, true:
		case false:
			found = append(found, place+"/"+name+": is unknown")
		default:
			found = append(found, d.faults(place+"/"+name, of, value[name])...)
		}
	}
	return found
}

func typeOf(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case float64:
		if v == float64(int64(v)) {
			return "integer"
		}
		return "number"
	case string:
		return "string"
	case []any:
		return "array"
	}
	return "object"
}

func controlDocument(t *testing.T, c control) document {
	t.Helper()
	_, text := c.send("GET", "/openapi.json", "")
	var d document
	require.NoError(t, json.Unmarshal([]byte(text), &d.root))
	return d
}

// Who opens the URL that userserver prints gets the document.
func TestControlURLLeadsToTheDocument(t *testing.T) {
	for _, path := range []string{"", "/"} {
		newControl(t).expect(200, `"openapi": "3.1`, "GET", path, "")
	}
}

// The document and the endpoint have the same operations, and each example of a request
// is answered as the document says.
func TestControlDocument(t *testing.T) {
	var documented []string
	d := controlDocument(t, newControl(t))
	for path, item := range d.at(d.root, "paths").(object) {
		for method, operation := range item.(object) {
			if method == "parameters" {
				continue
			}
			name := strings.ToUpper(method) + " " + path
			documented = append(documented, name)
			t.Run(name, func(t *testing.T) { d.tryOperation(t, name, operation.(object)) })
		}
	}
	slices.Sort(documented)
	if diff := cmp.Diff(handlertest.New().Operations(), documented); diff != "" {
		t.Errorf("operations, those that there are (-) and those documented (+):\n%s", diff)
	}
}

// tryOperation sends the example of the operation to a fake with a fault and a call.
func (d document) tryOperation(t *testing.T, name string, operation object) {
	c := newControl(t)
	c.fake.Inject(handlertest.Status(503, http.Header{"Retry-After": {"1"}}).For(exampleID).Times(2))
	c.fake.Inject(handlertest.LoseAnswer.Delayed(1).Always())
	c.patch("Joan")
	method, path, _ := strings.Cut(name, " ")
	path = strings.ReplaceAll(strings.TrimPrefix(path, handlertest.ControlPath), "{userId}", handlertest.ExampleID)
	body := ""
	if operation["requestBody"] != nil {
		example, err := json.Marshal(d.at(operation, "requestBody", "content", "application/json", "example"))
		require.NoError(t, err)
		body = string(example)
	}
	parameters, _ := operation["parameters"].([]any)
	for i, p := range parameters {
		path += fmt.Sprintf("%c%s=%v", "?&"[i], d.at(p, "name"), d.at(p, "example"))
	}
	status, text := c.send(method, path, body)
	response, ok := d.at(operation, "responses").(object)[fmt.Sprint(status)]
	if !ok || status >= 300 {
		t.Fatalf("%d %s is not documented, or no success", status, text)
	}
	content, _ := d.at(response).(object)["content"].(object)
	for mediaType := range content {
		var value any
		require.NoError(t, json.Unmarshal([]byte(text), &value))
		if found := d.faults("", d.at(content, mediaType, "schema"), value); len(found) > 0 {
			t.Errorf("%s\n%q", text, found)
		}
		if example, ok := content[mediaType].(object)["example"]; ok && method == "POST" && !reflect.DeepEqual(example, value) {
			t.Errorf("the answer is %s, and in the document %v", text, example)
		}
	}
	if (len(content) == 0) != (text == "") {
		t.Errorf("the body is %q, documented is %v", text, content)
	}
}

func TestControlDocumentHasEveryFault(t *testing.T) {
	c := newControl(t)
	d := controlDocument(t, c)
	var names []string
	for _, name := range d.at(d.root, "components", "schemas", "Fault", "properties", "fault", "enum").([]any) {
		names = append(names, name.(string))
	}
	slices.Sort(names)
	if diff := cmp.Diff(handlertest.FaultNames(), names); diff != "" {
		t.Errorf("faults, those that there are (-) and those documented (+):\n%s", diff)
	}
	// Refusals are as documented, too.
	for _, body := range []string{`{`, `{"fault":"x"}`} {
		_, text := c.send("POST", "/faults", body)
		var value any
		require.NoError(t, json.Unmarshal([]byte(text), &value))
		if found := d.faults("", object{"$ref": "#/components/schemas/Errors"}, value); len(found) > 0 {
			t.Errorf("%s\n%q", text, found)
		}
	}
}
