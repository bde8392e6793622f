package servertest

import (
	"maps"
	"slices"
)

const otherInstant = "2001-01-01T00:00:00Z"

// Whether a client can change createdAt.
func createdAtChecks() []check {
	return family("created-at",
		should("read-only", "A client cannot change createdAt: it is ignored or refused.", "OWASP API3:2023", createdReadOnly),
		ofWholeRun(must("fixed", "createdAt stays the same instant through patches of other attributes.", "page: omitted fields are left untouched", createdFixed)),
		must("whole-patch", "A patch with another createdAt is refused as a whole, or the rest of it is applied.", "page, responses 200 and 422", createdWhole),
		should("echo", "The whole record that was just read, with one attribute changed, is accepted.", "JSON:API 1.1, updating resource attributes", createdEcho),
	)
}

// createdReadOnly is no MUST: to the letter of the page, createdAt is a field as any
// other.
func createdReadOnly(t *trial) {
	defer t.putCreatedBack()
	t.mayOverwrite()
	for _, v := range []any{otherInstant, nil} {
		a := t.ignoreOrRefuse(object{"createdAt": v}, t.read())
		t.observef("createdAt %s is answered with %d", show(v), a.status)
	}
}

func createdFixed(t *trial) {
	want, ok := t.read()["/createdAt"]
	if !ok {
		t.skipf("the record has no createdAt")
	}
	for range t.times(3) {
		_, r, _, _ := t.change()
		for _, got := range []state{r.state, t.read()} {
			if got["/createdAt"] != want {
				t.fail(failure{Where: "/createdAt", Expected: show(want) + ", as before", Got: got.describe("/createdAt")})
			}
		}
	}
}

// createdWhole is not about createdAt itself.
func createdWhole(t *trial) {
	defer t.putCreatedBack()
	t.ignorable("createdAt", otherInstant)
}

// putCreatedBack sets createdAt to what it was before the run, if a patch changed it.
func (t *trial) putCreatedBack() {
	was, now := t.original.state["/createdAt"], t.stateNow()["/createdAt"]
	if was != now {
		t.try(t, object{"createdAt": t.original.attributes["createdAt"]})
	}
}

// ignorable sends a valid attribute with another one, and fails unless the patch is
// refused, or the valid attribute is set, whatever becomes of the other, and nothing
// else changes.
func (t *trial) ignorable(name string, v any) *answer {
	p := t.anyWritable(1)[0]
	good := t.fresh(p)
	attributes := t.setting(map[string]any{p: good})
	attributes[name] = v
	want := t.read()
	a := t.patch(attributes)
	if t.refusedWhole(a, want, "the attributes", attributes) {
		return a
	}
	want = want.with(p, good).without("/" + name)
	t.same("in the answer", want.compare(t.recordOf(a).state.without("/"+name)))
	t.same("in the record afterwards", want.compare(t.read().without("/"+name)))
	return a
}

// createdEcho leaves out the managed attributes, and those that the page does not name,
// which may be read-only. If the server refuses the rest, it tries again without those
// that servers often manage.
func createdEcho(t *trial) {
	p := t.anyWritable(1)[0]
	v := t.fresh(p)
	r := t.readWhole()
	attributes := maps.Clone(r.attributes)
	maps.DeleteFunc(attributes, func(name string, _ any) bool {
		return slices.Contains(t.target.Managed, name) || !isAttribute(name) && name != "createdAt"
	})
	putScalar(attributes, p, v)
	a := t.patch(attributes)
	if a.refused() {
		t.expectState("after a refused request", r.state)
		t.observef("with email and phoneNumber it is refused with %d", a.status)
		delete(attributes, "email")
		delete(attributes, "phoneNumber")
		a = t.patch(attributes)
	}
	if a.refused() {
		t.failf("200 for the whole record with another "+p, "%d", a.status)
	}
	t.expectSet(a, r.state, p, v)
}

// putScalar sets the scalar in an attributes object. It replaces the object of the
// address, which others may share, and does not change it.
func putScalar(attributes object, pointer string, v any) {
	member, inAddress := memberOf(pointer)
	if !inAddress {
		attributes[pointer[1:]] = v
		return
	}
	address := object{member: v}
	old, _ := attributes["address"].(object)
	for name, value := range old {
		if name != member {
			address[name] = value
		}
	}
	attributes["address"] = address
}
