//go:build !race

package openapitest

import (
	"bytes"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler"
)

// A document is the OpenAPI document, parsed.
type document map[string]any

func parse(t *testing.T) document {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(httphandler.OpenAPI()))
	require.NoError(t, err)
	return value.(map[string]any)
}

// at returns the value at the JSON Pointer, of which each $ref is followed.
func (d document) at(t *testing.T, pointer string) any {
	t.Helper()
	value := any(map[string]any(d))
	for name := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		object, _ := value.(map[string]any)
		if value = object[unescape.Replace(name)]; value == nil {
			t.Fatalf("the document has no %s", pointer)
		}
		if object, ok := value.(map[string]any); ok && object["$ref"] != nil {
			value = d.at(t, strings.TrimPrefix(object["$ref"].(string), "#"))
		}
	}
	return value
}

var (
	unescape = strings.NewReplacer("~1", "/", "~0", "~")
	escape   = strings.NewReplacer("~", "~0", "/", "~1")
)

// object is at for an object.
func (d document) object(t *testing.T, pointer string) map[string]any {
	t.Helper()
	object, ok := d.at(t, pointer).(map[string]any)
	if !ok {
		t.Fatalf("%s is no object", pointer)
	}
	return object
}

// schema compiles the schema at the pointer.
func (d document) schema(t *testing.T, pointer string, options ...func(*jsonschema.Compiler)) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	for _, option := range options {
		option(compiler)
	}
	require.NoError(t, compiler.AddResource(documentURL, map[string]any(d)))
	schema, err := compiler.Compile(documentURL + "#" + pointer)
	require.NoError(t, err)
	return schema
}

const documentURL = "https://users.test/openapi.json"

// closed returns the document with schemas that allow no members but the documented ones.
func closed(t *testing.T) document {
	t.Helper()
	d := parse(t)
	for _, schema := range d.object(t, "/components/schemas") {
		closeObjects(schema)
	}
	return d
}

func closeObjects(value any) {
	switch v := value.(type) {
	case map[string]any:
		if _, named := v["properties"].(map[string]any); named {
			v["additionalProperties"] = false
		}
		for _, inner := range v {
			closeObjects(inner)
		}
	case []any:
		for _, inner := range v {
			closeObjects(inner)
		}
	}
}

const (
	patchOperation = "/paths/~1users~1{userId}/patch"
	requestBody    = patchOperation + "/requestBody"
	requestSchema  = "/components/schemas/UserPatchDocument"
	mediaContent   = "/content/application~1vnd.api+json"
)

// The names that the schemas of a patch allow are those of their properties.
func TestPropertyNames(t *testing.T) {
	d := parse(t)
	for _, name := range []string{"UserPatchAttributes", "AddressPatch"} {
		names := d.schema(t, "/components/schemas/"+name+"/propertyNames")
		for property := range d.object(t, "/components/schemas/"+name+"/properties") {
			for text, want := range map[string]bool{property: true, property + "x": false, "x" + property: false, strings.ToUpper(property): false, "@" + property: true} {
				if allowed := names.Validate(text) == nil; allowed != want {
					t.Errorf("%s: the name %s is allowed: %t, want %t", name, text, allowed, want)
				}
			}
		}
	}
}
