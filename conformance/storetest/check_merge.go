package storetest

import "github.com/userrecord/userrecord/userstore"

// Whether a patch makes of a record what Attributes.Merge does.
func mergeChecks() []check {
	return []check{
		must("set", "A patch of one attribute, or of one member of the address, sets it and leaves the others.", "Patch", checkSet),
		must("set-several", "A patch of several attributes sets all of them.", "Patch", checkSetSeveral),
		must("nothing", "A patch that provides nothing returns the record as it is.", "Patch", checkNothing),
		must("null", "null clears an attribute, or a member of the address, and nothing else; clearing what is absent changes nothing.", "Patch", checkNull),
		must("address-null", "A patch whose address is null clears all of the address, and nothing else.", "Patch", checkAddressNull),
		must("address-empty", "A patch whose address has no members changes nothing.", "Patch", checkAddressEmpty),
		must("address-last", "An address whose last member is cleared is absent, and can be set again.", "Patch", checkAddressLast),
		must("merge", "The record is Attributes.Merge of the record before and the patch, for every combination of states.", "Patch", checkMerge),
	}
}

var noScalar = userstore.Null[userstore.TextOrInt]()

func checkSet(t *trial) {
	full, empty := t.newUser(plainAttributes(0)), t.newUser(userstore.Attributes{})
	s := t.open(full, empty)
	for _, u := range []userstore.User{full, empty} {
		want := u.Attributes
		for _, c := range scalars {
			want = c.with(want, textValue(c.plain[1]))
			t.patchTo(s, u.ID, c.to(c.plain[1]), want)
		}
	}
}

func checkSetSeveral(t *trial) {
	full, empty := t.newUser(plainAttributes(0)), t.newUser(userstore.Attributes{})
	s := t.open(full, empty)
	for _, u := range []userstore.User{full, empty} {
		want := u.Attributes
		for i, c := range scalars {
			next := scalars[(i+5)%len(scalars)]
			patch := next.with(c.to(c.plain[1]), textValue(next.plain[0]))
			want = next.with(c.with(want, textValue(c.plain[1])), textValue(next.plain[0]))
			t.patchTo(s, u.ID, patch, want)
		}
		t.patchTo(s, u.ID, plainAttributes(1), plainAttributes(1))
	}
}

func checkNothing(t *trial) {
	full, empty := t.newUser(plainAttributes(0)), t.newUser(userstore.Attributes{})
	s := t.open(full, empty)
	for _, u := range []userstore.User{full, empty} {
		t.patchTo(s, u.ID, userstore.Attributes{}, u.Attributes)
	}
}

func checkNull(t *trial) {
	full, empty := t.newUser(plainAttributes(0)), t.newUser(userstore.Attributes{})
	s := t.open(full, empty)
	for _, u := range []userstore.User{full, empty} {
		want := u.Attributes
		for _, c := range scalars {
			if c.of(want) != (textOrInt{}) {
				want = c.with(want, textOrInt{})
			}
			t.patchTo(s, u.ID, c.with(userstore.Attributes{}, noScalar), want)
		}
	}
}

func checkAddressNull(t *trial) {
	full, empty := t.newUser(plainAttributes(0)), t.newUser(userstore.Attributes{})
	s := t.open(full, empty)
	for _, u := range []userstore.User{full, empty} {
		want := u.Attributes
		want.Address = userstore.Optional[userstore.Address]{}
		t.patchTo(s, u.ID, userstore.Attributes{Address: userstore.Null[userstore.Address]()}, want)
	}
}

func checkAddressEmpty(t *trial) {
	full, empty := t.newUser(plainAttributes(0)), t.newUser(userstore.Attributes{})
	s := t.open(full, empty)
	for _, u := range []userstore.User{full, empty} {
		t.patchTo(s, u.ID, userstore.Attributes{Address: userstore.Value(userstore.Address{})}, u.Attributes)
	}
}

func checkAddressLast(t *trial) {
	u := t.newUser(scalars[0].to("Ada"))
	s := t.open(u)
	for _, c := range scalars {
		if c.inAddress() {
			set := c.to(c.plain[0])
			t.patchTo(s, u.ID, set, u.Attributes.Merge(set))
			t.patchTo(s, u.ID, c.with(userstore.Attributes{}, noScalar), u.Attributes)
		}
	}
}

// checkMerge combines the states that an attribute, the address and two of its members
// can have in a record with those that they can have in a patch.
func checkMerge(t *trial) {
	type example struct {
		user  userstore.User
		patch userstore.Attributes
	}
	var examples []example
	var users []userstore.User
	for _, record := range recordStates() {
		for _, patch := range patchStates() {
			u := t.newUser(record)
			examples = append(examples, example{u, patch})
			users = append(users, u)
		}
	}
	s := t.open(users...)
	for _, e := range examples {
		t.patchTo(s, e.user.ID, e.patch, e.user.Attributes.Merge(e.patch))
	}
}

func recordStates() []userstore.Attributes {
	street := userstore.Address{Street: userstore.Value("Waldstrasse")}
	both := street
	both.HouseNo = intValue(18)
	name := userstore.Value("Ada")
	return []userstore.Attributes{
		{},
		{FirstName: name},
		{FirstName: name, Address: userstore.Value(street)},
		{Address: userstore.Value(both)},
	}
}

func patchStates() []userstore.Attributes {
	var states []userstore.Attributes
	addresses := []userstore.Optional[userstore.Address]{{}, userstore.Null[userstore.Address](), userstore.Value(userstore.Address{})}
	for _, street := range []userstore.Optional[string]{{}, userstore.Null[string](), userstore.Value("Rue Cler")} {
		for _, houseNo := range []textOrInt{{}, noScalar, textValue("18")} {
			addresses = append(addresses, userstore.Value(userstore.Address{Street: street, HouseNo: houseNo}))
		}
	}
	for _, a := range addresses {
		for _, name := range []userstore.Optional[string]{{}, userstore.Null[string](), userstore.Value("Grace")} {
			states = append(states, userstore.Attributes{FirstName: name, Address: a})
		}
	}
	return states
}
