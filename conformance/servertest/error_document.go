package servertest

import (
	"errors"
	"fmt"
	"mime"
	"strconv"
	"strings"
)

// errorsOf returns the error objects of an error document, or what is wrong with it. A
// member that is null counts as absent: many libraries write null.
func errorsOf(a *answer) ([]object, error) {
	if got, _, _ := mime.ParseMediaType(a.header.Get("Content-Type")); got != mediaType {
		return nil, errors.New(a.fieldOf("Content-Type"))
	}
	doc, err := parseObject(a.body)
	if err != nil {
		return nil, err
	}
	if _, found := doc["data"]; found {
		return nil, fmt.Errorf("a document with data beside its errors")
	}
	list, _ := doc["errors"].([]any)
	if len(list) == 0 {
		return nil, fmt.Errorf("a document whose errors are not an array of at least one")
	}
	var all []object
	for i, v := range list {
		e, ok := v.(object)
		if !ok {
			return nil, fmt.Errorf("errors[%d] that is no object", i)
		}
		if problem := judgeError(e); problem != "" {
			return nil, fmt.Errorf("errors[%d] %s", i, problem)
		}
		all = append(all, e)
	}
	return all, nil
}

// The members of an error object on the page, and source.header of JSON:API
// 1.1, by their JSON type.
var (
	errorTexts   = []string{"id", "status", "code", "title", "detail"}
	errorObjects = []string{"links", "source", "meta"}
	sourceTexts  = []string{"pointer", "parameter", "header"}
)

// judgeError returns what is wrong with an error object, or "".
func judgeError(e object) string {
	members := 0
	for _, v := range e {
		if v != nil {
			members++
		}
	}
	if members == 0 {
		return "without members"
	}
	if name := notOf[string](e, errorTexts); name != "" {
		return fmt.Sprintf("whose %s is no string", name)
	}
	if name := notOf[object](e, errorObjects); name != "" {
		return fmt.Sprintf("whose %s is no object", name)
	}
	source, _ := e["source"].(object)
	if name := notOf[string](source, sourceTexts); name != "" {
		return fmt.Sprintf("whose source.%s is no string", name)
	}
	links, _ := e["links"].(object)
	_, isObject := links["about"].(object)
	if notOf[string](links, []string{"about"}) != "" && !isObject {
		return "whose links.about is no string and no object"
	}
	return ""
}

// notOf returns the name of the first member that has a value of another type, or "".
func notOf[T any](o object, names []string) string {
	for _, name := range names {
		v := o[name]
		if _, ok := v.(T); !ok && v != nil {
			return name
		}
	}
	return ""
}

// hasCode reports whether an error of the answer has the code, whatever else is wrong
// with the document.
func hasCode(a *answer, code string) bool {
	doc, _ := parseObject(a.body)
	list, _ := doc["errors"].([]any)
	for _, v := range list {
		if e, _ := v.(object); e["code"] == code {
			return true
		}
	}
	return false
}

// pointerOf returns source.pointer of an error object.
func pointerOf(e object) (string, bool) {
	source, _ := e["source"].(object)
	p, ok := source["pointer"].(string)
	return p, ok
}

// splitPointer returns the tokens of a JSON Pointer (RFC 6901).
func splitPointer(pointer string) ([]string, bool) {
	if pointer == "" {
		return nil, true
	}
	if pointer[0] != '/' || strings.Contains(strings.NewReplacer("~0", "", "~1", "").Replace(pointer), "~") {
		return nil, false
	}
	tokens := strings.Split(pointer[1:], "/")
	for i, token := range tokens {
		tokens[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
	}
	return tokens, true
}

// resolves reports whether the tokens lead to a value.
func resolves(v any, tokens []string) bool {
	for _, token := range tokens {
		switch in := v.(type) {
		case object:
			next, found := in[token]
			if !found {
				return false
			}
			v = next
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(in) {
				return false
			}
			v = in[i]
		default:
			return false
		}
	}
	return true
}
