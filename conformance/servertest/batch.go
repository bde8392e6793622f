package servertest

import (
	"maps"
	"slices"
)

// allTexts returns the scalars without a format that may be written.
func (t *trial) allTexts() []string {
	var found []string
	for _, p := range slices.Concat(freeTextGroups...) {
		if t.notWritable(p) == "" {
			found = append(found, p)
		}
	}
	if len(found) == 0 {
		t.skipf("needs a free text that may be written; give the user a name")
	}
	return found
}

// keepTexts is keepAll for values of free texts, of which a patch takes as many as it has
// free texts.
func (t *trial) keepTexts(values ...string) {
	texts := t.allTexts()
	t.mayOverwrite()
	for some := range slices.Chunk(values, len(texts)) {
		patch := map[string]any{}
		for i, v := range some {
			patch[texts[i]] = v
		}
		t.keepAll(patch)
	}
}

// keepAll patches several scalars at once, and fails unless each is set exactly, in the
// JSON type that it was sent in, or refused. A patch that is refused is taken apart.
func (t *trial) keepAll(values map[string]any) {
	before := t.read()
	a := t.patch(t.setting(values))
	if a.refused() && len(values) > 1 {
		t.expectState("after a refused request", before)
		for _, p := range slices.Sorted(maps.Keys(values)) {
			t.keepAll(map[string]any{p: values[p]})
		}
		return
	}
	if t.refusedWhole(a, before, "the attributes", values) {
		t.observef("%s is refused with %d", show(values), a.status)
		return
	}
	for p, v := range values {
		before = before.with(p, v)
	}
	t.expectTexts(t.recordOf(a), slices.Sorted(maps.Keys(values)))
	t.expectRecord(a, before)
}

// expectTexts fails if a scalar of the record has a value that is no text.
func (t *trial) expectTexts(r *record, pointers []string) {
	for _, p := range pointers {
		got, has := lookup(r.attributes, p)
		if _, isText := got.(string); has && !isText && !isTextOrInt(p) {
			t.fail(failure{Where: "in the answer: " + p, Expected: "a text", Got: show(got)})
		}
	}
}
