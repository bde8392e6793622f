package servertest

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/userrecord/userrecord/conformance/internal/suite"
)

// What a patch of the address does. The page leaves open whether the members of
// an object are fields too. A server may merge a partial address, replace the whole
// address, or refuse anything but a complete one; it may not mix these.
func addressChecks() []check {
	return family("address",
		must("complete", "A complete address object becomes the stored address.", pageProvided, func(t *trial) { t.setWholeAddress() }),
		must("partial", "A partial address is merged, or replaces the address, or is refused; nothing else is lost.", "page: omitted fields are left untouched", addressPartial),
		should("steady", "Whether the address is merged or replaced is the same for each member.", "page: omitted fields are left untouched", addressSteady),
		observe("mode", "A partial address is merged, or replaces the address, or is refused.", "page: omitted fields are left untouched", addressObserve),
		must("empty", "An address without members changes nothing, clears the address, or is refused.", pageProvided, addressEmpty),
		must("type", "An address that is not an object is refused.", "page, response example and response 422", addressType).together(),
		must("member-type", "An address with a member of a wrong JSON type is refused, and nothing of the patch is applied.", "page, response example and response 422", addressMemberType).together(),
	)
}

// memberValue returns a new value for a member of the address. The country and the
// region keep their values, or take those of the page's example: a server may check
// that they go together.
func (t *trial) memberValue(pointer string) any {
	page, ok := map[string]any{"/address/country": "DE", "/address/region": "BW"}[pointer]
	if !ok {
		return t.fresh(pointer)
	}
	if v, ok := lookup(t.original.attributes, pointer); ok {
		return v
	}
	return page
}

// setWholeAddress sets every member of the address that may be written, and
// returns the state. It fails unless the address becomes what was sent.
func (t *trial) setWholeAddress() state {
	values := map[string]any{}
	want := t.read().without("/address/")
	reason := ""
	for _, p := range pointers {
		if _, inAddress := memberOf(p); !inAddress {
			continue
		}
		if why := t.notWritable(p); why != "" {
			reason = why
			continue
		}
		v := t.memberValue(p)
		values[p], want = v, want.with(p, v)
	}
	if len(values) < 2 {
		t.skipf("needs an address with two members that may be written: %s", reason)
	}
	a := t.patch(t.setting(values))
	if a.status != http.StatusOK {
		t.failf("200 for a complete address", "%d", a.status)
	}
	t.expectRecord(a, want)
	return want
}

// wholeAddress returns the state with a whole address. In the quick way, it sets none if
// there is one.
func (t *trial) wholeAddress() state {
	if t.quick == nil || t.unsound {
		return t.setWholeAddress()
	}
	now := t.read()
	for _, p := range pointers {
		_, in := memberOf(p)
		if _, has := now[p]; in && !has && t.notWritable(p) == "" {
			return t.setWholeAddress()
		}
	}
	return now
}

// patchMember patches one member of the address alone, which must have another one, and
// returns what that did to the others.
func (t *trial) patchMember(before state, pointer string) addressMode {
	v := t.fresh(pointer)
	member, _ := memberOf(pointer)
	a := t.patch(object{"address": object{member: v}})
	if t.refusedWhole(a, before, pointer, v) {
		return addressModeComplete
	}
	got := t.recordOf(a).state
	merged, replaced := before.with(pointer, v), before.without("/address/").with(pointer, v)
	mode, want := addressModeMerged, merged
	if maps.Equal(replaced, got) {
		mode, want = addressModeReplaced, replaced
	}
	if !maps.Equal(want, got) {
		t.fail(neither("the address merged or replaced", "merged", merged.compare(got), "replaced", replaced.compare(got)))
	}
	t.expectState("in the record afterwards", want)
	return mode
}

func addressPartial(t *trial) {
	t.needWritable("/address/street")
	t.patchMember(t.wholeAddress(), "/address/street")
}

func addressObserve(t *trial) {
	t.needWritable("/address/street")
	t.observef("a partial address is %s", t.patchMember(t.wholeAddress(), "/address/street"))
}

// addressSteady ignores refusals: one member may require another. It patches one
// after the other: a server that goes by turns would keep in step with more patches.
func addressSteady(t *trial) {
	t.needWritable("/address/street", "/address/locality")
	var first addressMode
	before := t.wholeAddress()
	for _, p := range []string{"/address/street", "/address/locality", "/address/postalCode"} {
		if t.notWritable(p) != "" {
			continue
		}
		mode := t.patchMember(before, p)
		before = t.read()
		switch {
		case mode == addressModeComplete:
		case first == addressModeUnknown:
			first = mode
		case first != mode:
			t.fail(failure{Where: "when only " + p + " is patched", Expected: "the address " + string(first) + ", as for another member", Got: "it " + string(mode)})
		}
	}
	if first == addressModeUnknown {
		t.skipf("no partial address was accepted")
	}
}

func addressEmpty(t *trial) {
	before := t.wholeAddress()
	a := t.patch(object{"address": object{}})
	if t.refusedWhole(a, before, "the address", object{}) {
		t.observef("{} is refused with %d", a.status)
		return
	}
	cleared := before.without("/address/")
	if got := t.read(); !maps.Equal(cleared, got) && !maps.Equal(before, got) {
		t.fail(neither("the address unchanged or cleared", "unchanged", before.compare(got), "cleared", cleared.compare(got)))
	}
}

// neither is the failure of what should be one of two things and is neither. Its
// detail has the differences from each.
func neither(expected, one string, fromOne []failure, other string, fromOther []failure) failure {
	var lines []string
	for _, f := range slices.Concat(suite.At("if it is "+one, fromOne), suite.At("if it is "+other, fromOther)) {
		lines = append(lines, f.String())
	}
	return failure{Expected: expected, Got: "neither", Detail: strings.Join(lines, "\n")}
}

func addressType(t *trial) {
	t.needWritable("/address/street")
	for _, v := range []any{"x", 1, true, []any{"x"}} {
		before := t.read()
		a := t.patch(object{"address": v})
		if !a.refused() {
			t.failf("the address "+show(v)+" to be refused (4xx)", "%d", a.status)
		}
		t.expectState("after a refused request", before)
	}
}

func addressMemberType(t *trial) {
	t.needWritable("/address/street")
	for _, v := range []any{object{"x": "y"}, []any{"x"}} {
		t.refuseValue("/address/street", v)
		if t.notWritable("/lastName") == "" {
			t.refuse(t.patchOf(t.target.User, t.setting(map[string]any{"/lastName": t.fresh("/lastName"), "/address/street": v})))
		}
	}
}
