package servertest

// setAllOrRefuse is setOrRefuse for a value of several scalars: in the quick way with
// one patch, unless that is refused.
func (t *trial) setAllOrRefuse(pointers []string, v any) {
	if t.quick != nil && !t.quick.apart && t.setAll(pointers, v) {
		return
	}
	taken := false
	for _, p := range pointers {
		taken = t.setOrRefuse(p, v) || taken
	}
	if t.quick != nil {
		t.quick.apart, t.quick.vain = true, !taken
	}
}

// setAll patches the scalars with the value, and fails unless that sets them and nothing
// else, or is refused. It reports whether it was taken.
func (t *trial) setAll(pointers []string, v any) bool {
	values, want := map[string]any{}, t.read()
	for _, p := range pointers {
		values[p], want = v, want.changed(p, v)
	}
	a := t.patch(t.setting(values))
	if t.refusedWhole(a, t.read(), "the attributes", v) {
		return false
	}
	t.expectRecord(a, want)
	return true
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
		if t.setAll(pointers, nil) {
			return true
		}
	}
	cleared := false
	for _, p := range pointers {
		cleared = t.clearScalar(p) || cleared
	}
	return cleared
}
