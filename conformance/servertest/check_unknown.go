package servertest

// What the server does with attributes that the page does not name.
func unknownChecks() []check {
	return family("unknown",
		must("attribute", "An unknown attribute is ignored or refused, and changes no other.", "page: omitted fields are left untouched", unknownAttribute),
		must("whole-patch", "A patch with an unknown attribute is refused as a whole, or the rest of it is applied.", "page, responses 200 and 422", unknownWhole),
		must("privileged", "An unknown attribute that sounds like a right is ignored or refused, and changes no other.", "page: omitted fields are left untouched", unknownPrivileged),
		observe("choice", "An unknown attribute is ignored, refused or kept.", "JSON:API 1.1, updating resource attributes", unknownChoice),
	)
}

// unknownName names an attribute that no server is expected to have.
const unknownName = "userconformUnknown"

func unknownAttribute(t *trial) {
	t.ignoreOrRefuse(object{unknownName: "x"}, t.read())
	t.ignoreOrRefuse(object{unknownName: object{"x": []any{1, nil}}}, t.read())
	t.forget(unknownName)
}

func unknownWhole(t *trial) {
	t.ignorable(unknownName, "x")
	t.forget(unknownName)
}

// unknownPrivileged does not try names that the record has, since the server knows
// them; nor password, which a server might set, and the run could not restore.
func unknownPrivileged(t *trial) {
	r := t.readWhole()
	for _, attributes := range []object{{"role": "admin"}, {"isAdmin": true}, {"emailVerified": true}} {
		for name := range attributes {
			if _, known := r.attributes[name]; known {
				t.observef("the record has %s: not tried", name)
				continue
			}
			t.ignoreOrRefuse(attributes, r.state)
			t.forget(name)
		}
	}
}

func unknownChoice(t *trial) {
	a := t.patch(object{unknownName: "x"})
	switch {
	case a.refused():
		t.observef("an unknown attribute is refused with %d", a.status)
	case t.forget(unknownName):
		t.observef("an unknown attribute is kept")
	default:
		t.observef("an unknown attribute is answered with %d and ignored", a.status)
	}
}

// forget clears an attribute that the page does not name, if the server kept it, and
// reports whether it did.
func (t *trial) forget(name string) bool {
	if t.readWhole().attributes[name] == nil {
		return false
	}
	t.patch(object{name: nil})
	return true
}
