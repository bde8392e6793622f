package servertest

import "fmt"

// What the server does with other JSON types in place of a text.
func typeChecks() []check {
	const source = "page, response example and response 422"
	return family("types",
		must("composite", "An array or an object is refused as the value of a text attribute; every attribute in turn.", source, typesComposite).together(),
		should("scalar", "A number or a boolean as the value of a text attribute is refused, or set as the same text.", source, typesScalar),
	)
}

// writableScalars returns the scalars that may be written, of which there must be one.
func (t *trial) writableScalars() []string {
	var found []string
	for _, p := range pointers {
		if t.notWritable(p) == "" {
			found = append(found, p)
		}
	}
	if len(found) == 0 {
		t.skipf("needs an attribute that may be written")
	}
	return found
}

func typesComposite(t *trial) {
	for _, p := range t.writableScalars() {
		t.refuseValue(p, []any{"x"})
		t.refuseValue(p, object{"x": "y"})
	}
}

// typesScalar does not try numbers where the page shows numbers.
func typesScalar(t *trial) {
	for _, p := range t.writableScalars() {
		if !isTextOrInt(p) {
			t.textOrRefuse(p, 42, "42")
		}
	}
	for _, p := range t.writableScalars() {
		t.textOrRefuse(p, true, "true")
	}
}

// textOrRefuse patches a text attribute with a value of another type, and fails unless
// that is refused, or set as the text.
func (t *trial) textOrRefuse(pointer string, v any, text string) {
	before := t.read()
	a := t.patch(t.setting(map[string]any{pointer: v}))
	if t.refusedWhole(a, before, pointer, v) {
		return
	}
	t.expectSet(a, before, pointer, v)
	if got, _ := lookup(t.recordOf(a).attributes, pointer); got != text {
		t.failf(fmt.Sprintf("%s %s to be refused, or set as the text %q", pointer, show(v), text), "the value as it is")
	}
	t.observef("%s %s is accepted as a text", pointer, show(v))
}
