package servertest

import "slices"

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
	all := t.writableScalars()
	for _, v := range []any{[]any{"x"}, object{"x": "y"}} {
		if t.refusesEach(all, v) {
			continue
		}
		for _, p := range all {
			t.refuseValue(p, v)
		}
	}
}

// typesScalar does not try numbers where the page shows numbers.
func typesScalar(t *trial) {
	all := t.writableScalars()
	t.mayOverwrite()
	for _, x := range []struct {
		pointers []string
		v        any
	}{{slices.DeleteFunc(slices.Clone(all), isTextOrInt), 42}, {all, true}} {
		if t.refusesEach(x.pointers, x.v) {
			continue
		}
		for _, p := range x.pointers {
			t.textOrRefuse(p, x.v, show(x.v))
		}
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
		t.failf(say("%s %s to be refused, or set as the text %q", pointer, show(v), text), "the value as it is")
	}
	t.observef("%s %s is accepted as a text", pointer, show(v))
}
