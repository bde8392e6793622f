package servertest

import "net/http"

// What becomes of an attribute that null has cleared.
func clearedChecks() []check {
	return family("null",
		should("shown", "A cleared attribute is shown as null, and not left out: caches keep what an answer leaves out.", pageRecord, nullShown),
		must("again", "An attribute, or an address, that was cleared can be set again.", pageProvided, nullAgain),
	)
}

const pageRecord = "page: the complete new user record is returned"

// clear patches a scalar, or the whole address, with null, and returns the attributes
// that the answer shows. The check does not run if the server refuses null.
func (t *trial) clear(attributes object) object {
	a := t.patch(attributes)
	if a.status != http.StatusOK {
		t.skipf("null is answered with %d", a.status)
	}
	return t.recordOf(a).attributes
}

// nullShown clears an attribute, a member of the address, and the whole address.
func nullShown(t *trial) {
	p := t.writableAttributes()[0]
	t.ensure(p)
	t.mustShow("the answer", t.clear(object{p[1:]: nil}), p[1:])
	const member = "/address/street"
	if t.notWritable(member) != "" {
		return
	}
	t.ensure(member)
	address, ok := t.clear(t.setting(map[string]any{member: nil}))["address"].(object)
	if ok && len(address) > 0 {
		t.mustShow("the address in the answer", address, "street")
	}
	t.mustShow("the answer", t.clear(object{"address": nil}), "address")
}

func (t *trial) mustShow(where string, in object, name string) {
	if _, found := in[name]; !found {
		t.failf(where+" to have "+name+": null", "it left out")
	}
}

// nullAgain sets the street alone after a null address, for which there is no address
// to merge it into.
func nullAgain(t *trial) {
	p := t.writableAttributes()[0]
	t.ensure(p)
	t.clear(object{p[1:]: nil})
	t.mustSet(p, t.fresh(p))
	const member = "/address/street"
	if t.notWritable(member) != "" {
		return
	}
	t.ensure(member)
	if v := t.clear(object{"address": nil})["address"]; v != nil {
		if _, ok := v.(object); !ok {
			t.failf("an address without members to be null or an object", "%s", show(v))
		}
	}
	t.setOrRefuse(member, t.fresh(member))
}
