package servertest

import (
	"maps"
	"net/http"
)

// What becomes of an attribute that null has cleared.
func clearedChecks() []check {
	return family("null",
		should("shown", "A cleared attribute is shown as null, and not left out: caches keep what an answer leaves out.", pageRecord, nullShown),
		must("again", "An attribute, or an address, that was cleared can be set again.", pageProvided, nullAgain),
	)
}

const pageRecord = "page: the complete new user record is returned"

// clearedTogether clears the first attribute that may be written, and the street or the
// whole address with it, and returns the attribute and what the answer shows. The check
// does not run if the server refuses null.
func (t *trial) clearedTogether(whole bool) (pointer string, shown object) {
	pointer = t.writableAttributes()[0]
	t.ensure(pointer)
	values := object{pointer[1:]: nil}
	if t.notWritable(street) == "" {
		t.ensure(street)
		values["address"] = nil
		if !whole {
			maps.Copy(values, t.setting(map[string]any{street: nil}))
		}
	}
	a := t.patch(values)
	if a.refused() && len(values) > 1 {
		a = t.patch(object{pointer[1:]: nil})
	}
	if a.status != http.StatusOK {
		t.skipf("null is answered with %d", a.status)
	}
	return pointer, t.recordOf(a).attributes
}

const street = "/address/street"

// nullShown asks for null where it cleared an attribute, a member of the address and the
// whole address.
func nullShown(t *trial) {
	p, shown := t.clearedTogether(false)
	t.mustShow("the answer", shown, p[1:])
	if address, ok := shown["address"].(object); ok && len(address) > 0 && t.notWritable(street) == "" {
		t.mustShow("the address in the answer", address, "street")
	}
	if t.notWritable(street) == "" {
		_, shown = t.clearedTogether(true)
		t.mustShow("the answer", shown, "address")
	}
}

func (t *trial) mustShow(where string, in object, name string) {
	if _, found := in[name]; !found {
		t.failf(where+" to have "+name+": null", "it left out")
	}
}

// nullAgain sets the street alone after a null address, for which there is no address
// to merge it into.
func nullAgain(t *trial) {
	p, shown := t.clearedTogether(true)
	if _, ok := shown["address"].(object); shown["address"] != nil && !ok {
		t.failf("an address without members to be null or an object", "%s", show(shown["address"]))
	}
	t.mustSet(p, t.fresh(p))
	if t.notWritable(street) == "" {
		t.setOrRefuse(street, t.fresh(street))
	}
}
