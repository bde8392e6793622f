package servertest

import (
	"net/http"
	"slices"
	"strings"
)

// Of several values in one patch, a quick trial judges each: where the patch is taken by
// the record, and where it is refused by the errors, if they name all of them. Where it
// cannot, it sends each by itself.

// refusesEach patches the scalars with the value, all at once, and reports whether the
// answer refuses each of them.
func (t *trial) refusesEach(pointers []string, v any) bool {
	if t.quick == nil {
		return false
	}
	return namesEach(t.patch(t.setting(pairs(pointers, alike(pointers, v)))), pointers)
}

// alike returns the value as often as there are scalars.
func alike(pointers []string, v any) []any { return slices.Repeat([]any{v}, len(pointers)) }

func pairs(pointers []string, values []any) map[string]any {
	m := map[string]any{}
	for i, p := range pointers {
		m[p] = values[i]
	}
	return m
}

// namesEach reports whether the answer is a refusal with an error for each of the
// scalars.
func namesEach(a *answer, pointers []string) bool {
	named := map[string]bool{}
	for _, e := range errorList(a) {
		p, _ := pointerOf(e)
		named[strings.TrimPrefix(p, "/data/attributes")] = true
	}
	return a.refused() && !slices.ContainsFunc(pointers, func(p string) bool { return !named[p] })
}

// setNext is setOrRefuse for the first of the values and each of the scalars; in the
// quick way for as many values as there are scalars, one each. It returns the values
// that are left.
func (t *trial) setNext(pointers []string, values []string) (rest []string) {
	n := 1
	if t.quick != nil {
		n = min(len(pointers), len(values))
		pointers = pointers[:n]
	}
	each := alike(pointers, values[0])
	for i := range n {
		each[i] = values[i]
	}
	t.setAllOrRefuse(pointers, each)
	return values[n:]
}

// setAllOrRefuse is setOrRefuse for several scalars and a value for each.
func (t *trial) setAllOrRefuse(pointers []string, values []any) {
	if t.quick != nil && t.setAll(pointers, values) {
		return
	}
	for i, p := range pointers {
		t.setOrRefuse(p, values[i])
	}
}

// setAll patches the scalars with the values in a quick trial. It reports whether that
// says of each that it was set or refused.
func (t *trial) setAll(pointers []string, values []any) bool {
	want := t.read()
	for i, p := range pointers {
		want = want.changed(p, values[i])
	}
	a := t.patch(t.setting(pairs(pointers, values)))
	switch {
	case a.status == http.StatusOK:
		t.expectRecord(a, want)
		return true
	case namesEach(a, pointers):
		for i, p := range pointers {
			t.observeRefusal(p, values[i], a)
		}
		return true
	}
	return false
}

// clearings returns the scalars in groups: each by itself, or in the quick way in two
// groups, so that neighbours are apart.
func (t *trial) clearings(pointers []string) [][]string {
	var each [][]string
	for i, p := range pointers {
		if t.quick != nil && i >= 2 {
			each[i%2] = append(each[i%2], p)
		} else {
			each = append(each, []string{p})
		}
	}
	return each
}

// clearAll is clearScalar for several scalars. It reports whether it cleared one.
func (t *trial) clearAll(pointers []string) bool {
	if t.quick != nil {
		for _, p := range pointers {
			t.ensure(p)
		}
		if t.setAll(pointers, alike(pointers, nil)) {
			return true
		}
	}
	cleared := false
	for _, p := range pointers {
		cleared = t.clearScalar(p) || cleared
	}
	return cleared
}

// mayOverwrite lets the rest of a quick trial overwrite what it set itself before another
// answer has shown it.
func (t *trial) mayOverwrite() {
	if t.quick != nil {
		t.quick.set = map[string]bool{}
	}
}
