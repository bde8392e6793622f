package servertest

import "net/http"

// What null and the empty text do. Null is a provided value: a server may refuse it,
// and may not ignore it.
func nullChecks() []check {
	return family("null",
		must("attribute", "An explicit null clears the attribute, or is refused; every attribute in turn.", pageProvided, nullAttribute),
		must("stays", "A cleared attribute stays cleared when another one is patched.", "page: omitted fields are left untouched", nullStays),
		must("text", "The text \"null\" is a text, not null.", pageProvided, nullText),
		should("empty", "The empty text is set or clears the attribute, or is refused; it is not ignored.", "JSON:API 1.1, updating resource attributes", nullEmpty),
		must("address", "A null address clears all of it, or is refused.", pageProvided, nullAddress),
		must("address-member", "A null member of the address clears that member alone, or is refused.", pageProvided, nullMember),
		observe("form", "A cleared attribute is shown as null or left out.", "JSON:API 1.1, resource objects", nullForm),
	)
}

// writableAttributes returns the scalars outside of the address that may be written,
// of which there must be one.
func (t *trial) writableAttributes() []string {
	var found []string
	for _, p := range pointers {
		if _, inAddress := memberOf(p); !inAddress && t.notWritable(p) == "" {
			found = append(found, p)
		}
	}
	if len(found) == 0 {
		t.skipf("needs an attribute that may be written")
	}
	return found
}

// clearScalar patches the scalar with null, and fails unless that clears it, or is
// refused. It reports whether it cleared it.
func (t *trial) clearScalar(pointer string) bool {
	before := t.ensure(pointer)
	a := t.patch(t.setting(map[string]any{pointer: nil}))
	if t.refusedWhole(a, before, pointer, nil) {
		t.observeRefusal(pointer, nil, a)
		return false
	}
	t.expectTaken(a, before, pointer, nil, func(_ string, has bool) bool { return !has })
	return true
}

// nullAttribute leaves out absent attributes to which a server may refuse to give a
// value, and puts back what it cleared.
func nullAttribute(t *trial) {
	old := t.readWhole()
	var cleared []string
	for _, p := range t.writableAttributes() {
		if _, has := old.state[p]; has || essential[p] {
			cleared = append(cleared, p)
		}
	}
	for _, group := range t.clearings(cleared) {
		had := object{}
		for _, p := range group {
			if v, has := lookup(old.attributes, p); has {
				had[p[1:]] = v
			}
		}
		if t.clearAll(group) && len(had) > 0 {
			t.patch(had)
		}
	}
}

func nullStays(t *trial) {
	names := t.firstWritable(2)
	if !t.clearScalar(names[0]) {
		t.skipf("the server refuses null")
	}
	v := t.fresh(names[1])
	t.setAndCompare(map[string]any{names[1]: v}, t.read().with(names[1], v))
}

func nullText(t *trial) {
	texts := t.freeTexts()
	t.setAllOrRefuse(texts, alike(texts, "null"))
}

func nullEmpty(t *trial) {
	for _, p := range t.freeTexts() {
		before := t.ensure(p)
		a := t.patch(t.setting(map[string]any{p: ""}))
		if t.refusedWhole(a, before, p, "") {
			t.observef("%s \"\" is refused with %d", p, a.status)
			continue
		}
		t.expectTaken(a, before, p, "", func(got string, _ bool) bool { return got == "" })
	}
}

func nullAddress(t *trial) {
	before := t.wholeAddress()
	a := t.ignoreOrRefuse(object{"address": nil}, before.without("/address/"))
	if a.refused() {
		t.observef("null is refused with %d", a.status)
	}
}

// nullMember sends the other members of the address too, unless the server merges it.
func nullMember(t *trial) {
	t.wholeAddress()
	for _, p := range []string{"/address/additionalAddressLink", "/address/region", "/address/street"} {
		if t.notWritable(p) == "" {
			t.clearScalar(p)
			return
		}
	}
	t.skipf("needs a street, a region or an additionalAddressLink that may be written")
}

func nullForm(t *trial) {
	p := t.writableAttributes()[0]
	t.ensure(p)
	a := t.patch(object{p[1:]: nil})
	r, err := a.record()
	if a.status != http.StatusOK || err != nil {
		t.observef("null is answered with %d", a.status)
		return
	}
	form := "left out"
	if v, found := r.attributes[p[1:]]; found {
		form = "shown as " + shownForm(v)
	}
	t.observef("a cleared attribute is %s", form)
}

// shownForm names the form of a value, and never the value, which may be a person's.
func shownForm(v any) string {
	switch v {
	case nil:
		return "null"
	case "":
		return "the empty text"
	}
	return "another value"
}
