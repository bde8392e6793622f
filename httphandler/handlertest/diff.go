package handlertest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/userrecord/userrecord/userstore"
)

// Diff returns how a record or a patch differs from the wanted one, one line for each
// member, or "" if it does not:
//
//	/firstName: -"John" +"Joan"
//	/address/houseNo: -18 +null
//	/gender: -omitted +"male"
//
// It shows values, which package fmt and cmp.Diff do not: use it only for users that
// are invented, as those of a fake are.
func Diff[T userstore.User | userstore.Attributes](want, got T) string {
	var b strings.Builder
	w, withID := any(want).(userstore.User)
	g, _ := any(got).(userstore.User)
	if withID {
		writeDiff(&b, "/id", w.ID.String(), g.ID.String())
		writeDiff(&b, "/createdAt", instant(w.CreatedAt), instant(g.CreatedAt))
	} else {
		w.Attributes, g.Attributes = any(want).(userstore.Attributes), any(got).(userstore.Attributes)
	}
	diffAttributes(&b, w.Attributes, g.Attributes)
	return b.String()
}

// instant is the same text for the same instant in any zone.
func instant(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func diffAttributes(b *strings.Builder, want, got userstore.Attributes) {
	if membersOf(want.Address) == membersOf(got.Address) { // it may be omitted, null or {}
		writeDiff(b, "/address", addressText(want.Address), addressText(got.Address))
	}
	w, g := want.Scalars(), got.Scalars()
	for place := range w {
		writeDiff(b, userstore.ScalarPointer(place), scalarText(w[place]), scalarText(g[place]))
	}
}

func membersOf(address userstore.Optional[userstore.Address]) userstore.Scalars {
	return userstore.Attributes{Address: address}.Scalars()
}

func writeDiff(b *strings.Builder, pointer, want, got string) {
	if want != got {
		fmt.Fprintf(b, "%s: -%s +%s\n", pointer, want, got)
	}
}

func scalarText(o userstore.Optional[userstore.TextOrInt]) string {
	if o.IsZero() {
		return "omitted"
	}
	text, err := json.Marshal(o)
	return cmp.Or(string(text), fmt.Sprint(err))
}

func addressText(o userstore.Optional[userstore.Address]) string {
	switch {
	case o.IsZero():
		return "omitted"
	case o.IsNull():
		return "null"
	}
	return "an object"
}
