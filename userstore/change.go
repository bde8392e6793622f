package userstore

import "context"

// A Change is the record of a user just before and just after a patch.
type Change struct {
	Before, After User
}

// Names returns the names of the attributes that differ, in the order of the page. It
// returns no name if the patch set only what was there already.
func (c Change) Names() []string {
	before, after := c.Before.Attributes.Scalars(), c.After.Attributes.Scalars()
	var differing Scalars
	for place := range differing {
		if before[place] != after[place] {
			differing[place] = Null[TextOrInt]()
		}
	}
	return differing.Attributes().Names()
}

// WithChange returns a context that asks a Store's Patch what it changed. A Store
// that can tell sets *change before Patch returns without an error; any other leaves
// it as it is. It reaches a Store behind other Stores that pass their context on.
func WithChange(ctx context.Context, change *Change) context.Context {
	return context.WithValue(ctx, changeKey{}, change)
}

// ChangeIn returns the change that a Store has to set: see [WithChange]. It is nil if
// nobody has asked.
func ChangeIn(ctx context.Context) *Change {
	change, _ := ctx.Value(changeKey{}).(*Change)
	return change
}

type changeKey struct{}
