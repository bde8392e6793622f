package userstore

// Merge returns the record that the patch makes of a, by the rule of RFC 7396:
// an omitted attribute is left untouched, null clears it, a value replaces it.
// The address is merged by the same rule, member by member: a null address
// clears every member, and {} changes nothing. The result is canonical even if a
// is not.
//
// Merge applies a patch to a record. It does not combine two patches: a null in
// the first would be lost.
//
// It is a pure function, and the reference that every [Store] must match.
func (a Attributes) Merge(patch Attributes) Attributes {
	merged, changes := a.Scalars(), patch.Scalars()
	for place := range merged {
		merged[place] = merged[place].merge(changes[place])
	}
	return merged.Attributes()
}

func (o Optional[T]) merge(patch Optional[T]) Optional[T] {
	if !patch.IsZero() {
		o = patch
	}
	if o.IsNull() {
		return Optional[T]{}
	}
	return o
}
