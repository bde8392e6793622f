package servertest

import "maps"

const otherInstant = "2001-01-01T00:00:00Z"

// Whether a client can change createdAt.
func createdAtChecks() []check {
	return family("created-at",
		must("read-only", "A client cannot change createdAt: it is ignored or refused.", "page: createdAt is when the user was created", createdReadOnly),
		ofWholeRun(must("fixed", "createdAt stays the same instant through patches of other attributes.", "page: omitted fields are left untouched", createdFixed)),
		must("whole-patch", "A patch with another createdAt is refused as a whole, or the rest of it is applied.", "page, responses 200 and 422", createdWhole),
		should("echo", "The whole record that was just read, with one attribute changed, is accepted.", "JSON:API 1.1, updating resource attributes", createdEcho),
	)
}

func createdReadOnly(t *trial) {
	for _, v := range []any{otherInstant, nil} {
		a := t.ignoreOrRefuse(object{"createdAt": v}, t.read())
		t.observef("createdAt %s is answered with %d", show(v), a.status)
	}
}

// createdFixed compares with the record from before the run.
func createdFixed(t *trial) {
	want, ok := t.original.state["/createdAt"]
	if !ok {
		t.skipf("the record has no createdAt")
	}
	for range 3 {
		_, r, _, _ := t.change()
		for _, got := range []state{r.state, t.read()} {
			if got["/createdAt"] != want {
				t.fail(failure{Where: "since before the run: /createdAt", Expected: show(want), Got: got.describe("/createdAt")})
			}
		}
	}
}

func createdWhole(t *trial) {
	t.ignorable("createdAt", otherInstant)
}

// ignorable sends a valid attribute with one that the server may ignore, and fails
// unless the patch is refused, or the valid attribute is set and nothing else.
func (t *trial) ignorable(name string, v any) *answer {
	p := t.anyWritable(1)[0]
	good := t.fresh(p)
	attributes := t.setting(map[string]any{p: good})
	attributes[name] = v
	return t.ignoreOrRefuse(attributes, t.read().with(p, good))
}

// createdEcho leaves out the managed attributes. If the server refuses the rest, it
// tries again without those that servers often manage.
func createdEcho(t *trial) {
	p := t.anyWritable(1)[0]
	v := t.fresh(p)
	r := t.readWhole()
	attributes := maps.Clone(r.attributes)
	for _, name := range t.target.Managed {
		delete(attributes, name)
	}
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
