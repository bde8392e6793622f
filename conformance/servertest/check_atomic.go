package servertest

const pageAtomic = "page, response 422; RFC 5789, section 2"

// A patch with an invalid attribute sets nothing. The invalid attribute is an object
// in place of a text, which no server may take.
func atomicChecks() []check {
	return family("atomic",
		must("first", "If the first attribute is bad, none after it is set.", pageAtomic, func(t *trial) {
			good, bad := t.mixed()
			t.refuse(t.bodyOf(t.target.User, t.splice(append([]object{bad}, good...)...)))
		}).together(),
		must("last", "If the last attribute is bad, none before it is set.", pageAtomic, func(t *trial) {
			good, bad := t.mixed()
			t.refuse(t.bodyOf(t.target.User, t.splice(append(good, bad)...)))
		}).together(),
		must("address", "If a member of the address or an attribute beside it is bad, nothing else is set, in the address or beside it.", pageAtomic, atomicAddress).together(),
	)
}

// mixed returns up to two valid attributes and an invalid one.
func (t *trial) mixed() (good []object, bad object) {
	beside := t.besideAddress(2)
	for _, p := range beside[1:min(3, len(beside))] {
		good = append(good, object{p[1:]: t.fresh(p)})
	}
	return good, object{beside[0][1:]: wrongType()}
}

// besideAddress returns the writable text attributes outside of the address. There must
// be atLeast of them.
func (t *trial) besideAddress(atLeast int) []string {
	var found []string
	for _, p := range []string{"/lastName", "/firstName", "/zoneInfo", "/locale", "/gender", "/birthDate", "/pictureUrl"} {
		if t.notWritable(p) == "" {
			found = append(found, p)
		}
	}
	if len(found) < atLeast {
		t.skipf("needs %d attributes beside the address that may be written", atLeast)
	}
	return found
}

func atomicAddress(t *trial) {
	good, bad := "/address/locality", "/address/street"
	t.needWritable(good, bad)
	p := t.besideAddress(1)[0]
	beside := object{p[1:]: t.fresh(p)}
	address := t.setting(map[string]any{good: t.fresh(good), bad: wrongType()})
	t.refuse(t.bodyOf(t.target.User, t.splice(beside, address)))
	t.refuse(t.bodyOf(t.target.User, t.splice(address, beside)))
	fine := t.setting(map[string]any{good: t.fresh(good)})
	t.refuse(t.bodyOf(t.target.User, t.splice(fine, object{p[1:]: wrongType()})))
}
