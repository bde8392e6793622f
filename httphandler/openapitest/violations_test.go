//go:build !race

package openapitest

import (
	"bytes"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"github.com/userrecord/userrecord/httphandler"
)

// A violation is a rule of the document, as a JSON Pointer into it, that a request breaks at a
// place in the body, as a JSON Pointer into that.
type violation struct{ rule, place string }

// requests is what the document says of the request.
type requests struct {
	body       *jsonschema.Schema
	id         *jsonschema.Schema
	conditions map[string]*jsonschema.Schema // by header field
}

func (d document) requests(t *testing.T) requests {
	t.Helper()
	r := requests{d.schema(t, requestSchema), d.schema(t, "/paths/~1users~1{userId}/parameters/0/schema"), map[string]*jsonschema.Schema{}}
	for i, parameter := range d.at(t, patchOperation+"/parameters").([]any) {
		name := parameter.(map[string]any)["name"].(string)
		r.conditions[name] = d.schema(t, patchOperation+"/parameters/"+strconv.Itoa(i)+"/schema")
	}
	return r
}

// violations returns the rules that the request breaks.
func (r requests) violations(e exchange) (broken []violation) {
	id, _ := url.PathUnescape(e.Path[strings.LastIndex(e.Path, "/")+1:])
	broken = violationsIn(r.id.Validate(id))
	for name, schema := range r.conditions {
		for _, value := range e.Header[http.CanonicalHeaderKey(name)] {
			broken = append(broken, violationsIn(schema.Validate(strings.Trim(value, " \t")))...)
		}
	}
	if mediaType, _, _ := mime.ParseMediaType(e.Header.Get("Content-Type")); mediaType != httphandler.MediaType {
		broken = append(broken, violation{rule: requestBody + "/content"})
	}
	body, err := jsonschema.UnmarshalJSON(bytes.NewReader(e.Body))
	if err != nil {
		return append(broken, violation{rule: requestBody})
	}
	return append(broken, violationsIn(r.body.Validate(body))...)
}

func violationsIn(err error) (broken []violation) {
	invalid, ok := errors.AsType[*jsonschema.ValidationError](err)
	if !ok {
		return nil
	}
	_, schema, _ := strings.Cut(invalid.SchemaURL, "#")
	place := ""
	for _, name := range invalid.InstanceLocation {
		place += "/" + escape.Replace(name)
	}
	switch k := invalid.ErrorKind.(type) {
	case *kind.Required:
		for _, name := range k.Missing {
			broken = append(broken, violation{schema + "/required/" + name, place})
		}
	case *kind.PropertyNames:
		// The validator reuses this InstanceLocation for other values.
		place = places[strings.TrimSuffix(schema, "/propertyNames")] + "/" + escape.Replace(k.Property)
		for _, cause := range invalid.Causes {
			for _, v := range violationsIn(cause) {
				broken = append(broken, violation{v.rule, place})
			}
		}
	default:
		for _, cause := range invalid.Causes {
			broken = append(broken, violationsIn(cause)...)
		}
		if path := invalid.ErrorKind.KeywordPath(); len(path) > 0 {
			broken = append(broken, violation{schema + "/" + strings.Join(path, "/"), place})
		}
	}
	return broken
}

// places are the places of the objects whose names have a rule, by their schemas.
var places = map[string]string{
	"/components/schemas/UserPatchAttributes":                attributes,
	"/components/schemas/AddressPatch":                       attributes + "/address",
	"/components/schemas/UserPatch/properties/relationships": "/data/relationships",
}

// rules returns the rules of the schema at the pointer and those below it, as violations name
// them.
func (d document) rules(t *testing.T, pointer string) (rules []string) {
	t.Helper()
	schema := d.object(t, pointer)
	pointer = d.pathTo(t, pointer)
	for keyword, value := range schema {
		switch keyword {
		case "properties":
			for name := range value.(map[string]any) {
				rules = append(rules, d.rules(t, pointer+"/properties/"+name)...)
			}
		case "required":
			for _, name := range value.([]any) {
				rules = append(rules, pointer+"/required/"+name.(string))
			}
		case "oneOf":
			for i, one := range value.([]any) {
				rules = append(rules, rulesOf(one, pointer+"/oneOf/"+strconv.Itoa(i))...)
			}
			rules = append(rules, pointer+"/oneOf")
		case "propertyNames":
			rules = append(rules, rulesOf(value, pointer+"/propertyNames")...)
		default:
			rules = append(rules, rulesOf(map[string]any{keyword: value}, pointer)...)
		}
	}
	return rules
}

// rulesOf returns the rules of a schema without inner ones. The others of its members are words for
// people, or formats, to which a pattern belongs.
func rulesOf(schema any, pointer string) (rules []string) {
	for _, keyword := range []string{"type", "enum", "pattern", "maxLength", "minimum", "maximum"} {
		if schema.(map[string]any)[keyword] != nil {
			rules = append(rules, pointer+"/"+keyword)
		}
	}
	return rules
}
