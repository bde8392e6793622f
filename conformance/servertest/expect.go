package servertest

import (
	"fmt"
	"net/http"
)

// pageProvided is the source of checks: the sentence of the page on provided fields.
const pageProvided = "page: provided fields get set to the provided values"

// freeTextGroups are scalars without a format, in groups of which one does.
var freeTextGroups = [][]string{
	{"/lastName", "/firstName"},
	{"/address/street", "/address/locality", "/address/additionalAddressLink", "/address/region"},
}

// freeTexts returns scalars to try texts with: a name, and a member of the address, as
// far as they may be written.
func (t *trial) freeTexts() []string {
	var found []string
	for _, group := range freeTextGroups {
		for _, p := range t.seenFirst(group) {
			if t.notWritable(p) == "" {
				found = append(found, p)
				break
			}
		}
	}
	if len(found) == 0 {
		t.skipf("needs a free text that may be written; give the user a name")
	}
	return found
}

// readWhole returns the record of the user, and fails if it cannot be read.
func (t *trial) readWhole() *record {
	if r := t.believed(); r != nil {
		return r
	}
	r, err := t.readRecord(t, t.target.User)
	if err != nil {
		t.failf("to read the user back", "%v", err)
	}
	return r
}

// setOrRefuse patches one scalar. It fails unless the value is set exactly and
// everything else is untouched, or the patch is refused and changes nothing. It
// reports whether the value was set.
func (t *trial) setOrRefuse(pointer string, v any) bool {
	before := t.read()
	a := t.patch(t.setting(map[string]any{pointer: v}))
	if t.refusedWhole(a, before, pointer, v) {
		t.observeRefusal(pointer, v, a)
		return false
	}
	t.expectSet(a, before, pointer, v)
	return true
}

func (t *trial) observeRefusal(pointer string, v any, a *answer) {
	t.observef("%s %s is refused with %d", pointer, show(v), a.status)
}

// refusedWhole reports whether the patch was refused. It fails unless the answer is
// 200, or a refusal that changed nothing.
func (t *trial) refusedWhole(a *answer, before state, pointer string, v any) bool {
	if a.status == http.StatusOK {
		return false
	}
	if !a.refused() {
		t.failf(fmt.Sprintf("200 or a refusal (4xx) for %s %s", pointer, show(v)), "%d", a.status)
	}
	t.expectState("after a refused request", before)
	return true
}

// mustSet is setOrRefuse for a value that a server must take.
func (t *trial) mustSet(pointer string, v any) {
	before := t.read()
	t.expectSet(t.patch(t.setting(map[string]any{pointer: v})), before, pointer, v)
}

// expectSet fails unless, in the answer and in the record afterwards, the scalar has
// the value and all else is as before.
func (t *trial) expectSet(a *answer, before state, pointer string, v any) {
	t.expectTaken(a, before, pointer, v, func(got string, has bool) bool { return has && got == normal(pointer, v) })
}

// expectTaken is expectSet with a rule of its own for the scalar: faithful is given its
// normal form, and whether it has a value.
func (t *trial) expectTaken(a *answer, before state, pointer string, v any, faithful func(got string, has bool) bool) {
	if a.status != http.StatusOK {
		t.failf(fmt.Sprintf("200 for %s %s", pointer, show(v)), "%d", a.status)
	}
	for i, got := range []state{t.recordOf(a).state, t.read()} {
		where := []string{"in the answer", "in the record afterwards"}[i]
		if text, has := got[pointer]; !faithful(text, has) {
			t.fail(failure{Where: where + ": " + pointer, Expected: show(v), Got: shown(before, got, pointer)})
		}
		t.same(where+", after a patch of "+pointer, before.without(pointer).compare(got.without(pointer)))
	}
}

// refuseValue fails unless the value of the scalar is refused, and nothing
// changes.
func (t *trial) refuseValue(pointer string, v any) {
	before := t.read()
	a := t.patch(t.setting(map[string]any{pointer: v}))
	if !a.refused() {
		t.failf(fmt.Sprintf("%s %s to be refused (4xx)", pointer, show(v)), "%d", a.status)
	}
	t.expectState("after a refused request", before)
}

// ignoreOrRefuse sends a patch that a server may take or refuse. It fails unless the
// state is the wanted one after a 200, and the one before after a refusal.
func (t *trial) ignoreOrRefuse(attributes object, want state) *answer {
	before := t.read()
	a := t.patch(attributes)
	if t.refusedWhole(a, before, "the attributes", attributes) {
		return a
	}
	t.expectRecord(a, want)
	return a
}

// expectRecord fails unless the answer, and the record afterwards, have the state.
func (t *trial) expectRecord(a *answer, want state) {
	t.same("in the answer", want.compare(t.recordOf(a).state))
	t.expectState("in the record afterwards", want)
}

// recordOf returns the record that the answer holds, and fails if it holds none.
func (t *trial) recordOf(a *answer) *record {
	r, err := a.record()
	if err != nil {
		t.failf("the user record", "another body: %v", err)
	}
	return r
}

// ensure gives the scalar a value if it has none, and returns the state. The check does
// not run if that is impossible.
func (t *trial) ensure(pointer string) state {
	now := t.read()
	if _, has := now[pointer]; has {
		return now
	}
	t.patch(t.setting(map[string]any{pointer: t.fresh(pointer)}))
	now = t.read()
	if _, has := now[pointer]; !has {
		if t.quick != nil {
			t.amiss() // it may be possible when the record is as it was before the run
		}
		t.skipf("%s could not be given a value", pointer)
	}
	return now
}

// shown describes the value of a scalar. It does not show an old value, which may be a
// person's, and which the hider would not find in ASCII.
func shown(before, got state, pointer string) string {
	text, has := got[pointer]
	switch {
	case !has:
		return noValue
	case text == before[pointer]:
		return "the old value"
	}
	return show(text)
}
