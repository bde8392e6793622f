package servertest

// What the server does with attributes that the page does not name.
func unknownChecks() []check {
	return family("unknown",
		must("attribute", "An unknown attribute is ignored, refused or kept, and changes no other.", "page: omitted fields are left untouched", unknownAttribute),
		must("whole-patch", "A patch with an unknown attribute is refused as a whole, or the rest of it is applied.", "page, responses 200 and 422", unknownWhole),
		should("privileged", "An unknown attribute that sounds like a right is ignored or refused.", "OWASP API3:2023", unknownPrivileged),
		observe("choice", "An unknown attribute is ignored, refused or kept.", "JSON:API 1.1, updating resource attributes", unknownChoice),
	)
}

// unknownName names an attribute that no server is expected to have.
const unknownName = "userconformUnknown"

func unknownAttribute(t *trial) {
	t.addUnknown(unknownName, "x")
	t.addUnknown(unknownName, object{"x": []any{1, nil}})
	privileged := object{}
	t.eachPrivileged(func(name string, v any) { privileged[name] = v })
	t.ignoreOrRefuse(privileged, t.read())
	for name := range privileged {
		t.forget(name)
	}
}

// addUnknown patches the user with an attribute that the page does not name, which must
// change nothing else, and takes it back. It reports whether the server kept it.
func (t *trial) addUnknown(name string, v any) bool {
	t.ignoreOrRefuse(object{name: v}, t.read())
	return t.forget(name)
}

func unknownWhole(t *trial) {
	t.ignorable(unknownName, "x")
	t.forget(unknownName)
}

func unknownPrivileged(t *trial) {
	t.eachPrivileged(func(name string, v any) {
		if t.addUnknown(name, v) {
			t.failf("the attribute "+name+" to be ignored or refused", "it in the record")
		}
	})
}

// eachPrivileged calls try with names that sound like rights. It leaves out names that
// the record has, since the server knows them; and password, which a server might set,
// and the run could not restore.
func (t *trial) eachPrivileged(try func(name string, v any)) {
	known := t.readWhole().attributes
	for _, p := range []struct {
		name  string
		value any
	}{{"role", "admin"}, {"isAdmin", true}, {"emailVerified", true}} {
		if known[p.name] != nil {
			t.observef("the record has %s: not tried", p.name)
			continue
		}
		try(p.name, p.value)
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
