//go:build !race

package openapitest

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// A fault is an error object of an answer, and the value in the body to which it points.
type fault struct {
	code, pointer, header string
	value                 any
}

// A difference is a rule of the handler that the schema cannot say, so that a request is valid
// and refused. The document says it in words, at the pointer.
type difference struct {
	says, pointer string
	covers        func(f fault) bool
}

const attributes = "/data/attributes"

var differences = []difference{
	{"the body is not strict JSON in UTF-8", requestBody, func(f fault) bool {
		return f.code == "malformed-json" || f.code == "duplicate-member" || f.code == "body-too-large" || f.code == "body-too-deep"
	}},
	{"`id` is not the id of the path", requestBody, func(f fault) bool { return f.code == "wrong-id" }},
	{"`createdAt` is not the instant that the user has", requestBody, func(f fault) bool { return f.code == "read-only-attribute" }},
	{"a number that is not written as an integer", requestBody, func(f fault) bool {
		number, ok := f.value.(json.Number)
		return ok && f.isInvalid("/address/houseNo", "/address/postalCode") && strings.ContainsAny(number.String(), "-.eE")
	}},
	{"`birthDate` is not in the calendar", requestBody, func(f fault) bool {
		return f.isInvalid("/birthDate") && lastDays.MatchString(f.text())
	}},
	{"`zoneInfo` is not a name of the tz database", requestBody, func(f fault) bool { return f.isInvalid("/zoneInfo") }},
	{"`locale` begins with i- or sgn-", requestBody, func(f fault) bool {
		return f.isInvalid("/locale") && irregular.MatchString(f.text())
	}},
	{"`email` or `pictureUrl` has a blank or invisible character beyond ASCII", requestBody, func(f fault) bool {
		return f.isInvalid("/email", "/pictureUrl") && strings.ContainsFunc(f.text(), func(r rune) bool { return r > '\x7f' })
	}},
	{"or brackets around something that is no IP address", requestBody, func(f fault) bool {
		return f.isInvalid("/email", "/pictureUrl") && strings.Contains(f.text(), "[")
	}},
	{"`pictureUrl` has a port above 65535, or a percent-encoding in its host", requestBody, func(f fault) bool {
		return f.isInvalid("/pictureUrl") && (largePort.MatchString(f.text()) || encodedHost.MatchString(f.text()))
	}},
	{"every If-Unmodified-Since", patchOperation, func(f fault) bool { return f.header == "If-Unmodified-Since" }},
	{"there is no such user", "/components/responses/NotFound", func(f fault) bool { return f.code == "user-not-found" }},
	{"it does not admit application/vnd.api+json", "/components/responses/NotAcceptable", func(f fault) bool { return f.header == "Accept" }},
	{"without parameters other than profile", "/components/responses/UnsupportedMediaType", func(f fault) bool { return f.header == "Content-Type" }},
	{"a Content-Encoding other than identity", "/components/responses/UnsupportedMediaType", func(f fault) bool { return f.header == "Content-Encoding" }},
}

var (
	lastDays    = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-(29|3[01])`)
	irregular   = regexp.MustCompile(`(?i)^(i|sgn)[-_]`)
	largePort   = regexp.MustCompile(`^[A-Za-z]+://[^/?#]*:[0-9]{5,}`)
	encodedHost = regexp.MustCompile(`^[A-Za-z]+://[^/?#]*%`)
)

func (f fault) isInvalid(attribute ...string) bool {
	for _, name := range attribute {
		if f.code == "invalid-attribute" && f.pointer == attributes+name {
			return true
		}
	}
	return false
}

// pointsTo reports whether the place in the body, or the object around it, is at fault.
func (f fault) pointsTo(place string) bool {
	return f.header == "" && (place == f.pointer || f.pointer != "" && strings.HasPrefix(place, f.pointer+"/"))
}

func (f fault) text() string {
	s, _ := f.value.(string)
	return s
}

// explain reports whether each fault of a refused request is a known difference, and counts
// those.
func explain(e exchange, known []int) bool {
	for _, f := range e.faults() {
		i := slices.IndexFunc(differences, func(d difference) bool { return d.covers(f) })
		if i < 0 {
			return false
		}
		known[i]++
	}
	return true
}

// faults returns the faults of which the answer tells.
func (e exchange) faults() (faults []fault) {
	var answer struct {
		Errors []struct {
			Code   string
			Source struct{ Pointer, Header string }
		}
	}
	if err := json.Unmarshal(e.Answer, &answer); err != nil {
		return nil
	}
	body, _ := jsonschema.UnmarshalJSON(bytes.NewReader(e.Body))
	for _, one := range answer.Errors {
		faults = append(faults, fault{one.Code, one.Source.Pointer, one.Source.Header, valueAt(body, one.Source.Pointer)})
	}
	return faults
}

func valueAt(value any, pointer string) any {
	for name := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		object, _ := value.(map[string]any)
		value = object[unescape.Replace(name)]
	}
	return value
}

// The document tells people of every rule that its schemas cannot say.
func TestDifferencesAreDocumented(t *testing.T) {
	d := parse(t)
	for _, one := range differences {
		if text := d.object(t, one.pointer)["description"].(string); !strings.Contains(text, one.says) {
			t.Errorf("the description of %s does not say %q:\n%s", one.pointer, one.says, text)
		}
	}
}
