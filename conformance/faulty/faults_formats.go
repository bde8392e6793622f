package faulty

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/userrecord/userrecord/userstore"
)

// Values that are taken and should be refused, and the other way round.
func formatFaults() []Fault {
	return []Fault{
		{"country-germany-only", "A country other than DE is refused with 422.", refuseRequestText("/address/country", func(s string) bool { return s != "DE" })},
		{"every-value-refused", "Every value is refused with 422.", requestValues(func(_ string, v any) any {
			if s, ok := v.(string); ok {
				return s + "\u0000"
			}
			return v
		})},
	}
}

// What goes wrong with values of a wrong JSON type.
func typeFaults() []Fault {
	return []Fault{
		{"type-objects-coerced", "An object for a text is stored as JSON.", requestValues(coerce(func(v any) bool { _, ok := v.(object); return ok }))},
		{"type-wrong-ignored", "An attribute of a wrong JSON type is ignored.", requestAttributes(dropWrong)},
		{"type-wrong-clears", "An attribute of a wrong JSON type is cleared.", requestValues(func(_ string, v any) any {
			if v == nil || isText(v) || isNumber(v) {
				return v
			}
			return nil
		})},
		{"type-wrong-fails", "An attribute of a wrong JSON type makes the server fail.", attributesOr501(func(a object) bool { return hasWrong(a, false) })},
		{"address-text-ignored", "An address that is no object is ignored.", requestAttributes(func(a object) {
			if _, ok := a["address"].(object); !ok && a["address"] != nil {
				delete(a, "address")
			}
		})},
		{"address-member-wrong-ignored", "A member of the address of a wrong JSON type is ignored.", requestAttributes(func(a object) {
			if address, ok := a["address"].(object); ok {
				dropWrong(address)
			}
		})},
		{"number-rounded", "A number beyond the integers of JavaScript is rounded.", requestValues(func(p string, v any) any {
			if n, ok := v.(json.Number); ok {
				f, _ := n.Float64()
				return fmt.Sprintf("%g", f)
			}
			return v
		})},
		{"number-fails", "A number for a member of the address makes the server fail.", attributesOr501(func(a object) bool {
			address, _ := a["address"].(object)
			return isNumber(address["houseNo"]) || isNumber(address["postalCode"])
		})},
	}
}

func isNumber(v any) bool { _, ok := v.(json.Number); return ok }
func isText(v any) bool   { _, ok := v.(string); return ok }

func coerce(is func(v any) bool) func(string, any) any {
	return func(p string, v any) any {
		if is(v) && p != "/address" {
			return strings.TrimSpace(string(encode(v)))
		}
		return v
	}
}

// isWrong reports whether no scalar may have the JSON type of v.
func isWrong(name string, v any) bool {
	number := name == "houseNo" || name == "postalCode"
	return v != nil && !isText(v) && !(number && isNumber(v))
}

func dropWrong(o object) {
	for name, v := range o {
		if isWrong(name, v) && name != "address" {
			delete(o, name)
		}
	}
}

func hasWrong(o object, inAddress bool) bool {
	for name, v := range o {
		address, ok := v.(object)
		switch {
		case name == "address" && ok && !inAddress:
			if hasWrong(address, true) {
				return true
			}
		case isWrong(name, v):
			return true
		}
	}
	return false
}

// What goes wrong with createdAt and with unknown attributes.
func attributeFaults() []Fault {
	return []Fault{
		{"created-at-writable", "A patch sets createdAt.", createdAtWritable},
		{"created-at-now", "createdAt is the time of the last patch.", createdAtNow},
		{"created-at-unix", "createdAt is a number of seconds since 1970.", answerValues(func(p string, v any) any {
			if t, err := userstore.ParseTime(fmt.Sprint(v)); err == nil && p == "/createdAt" {
				return t.Unix()
			}
			return v
		})},
		{"created-at-fails", "Any createdAt makes the server fail.", attributesOr501(func(a object) bool { _, ok := a["createdAt"]; return ok })},
		{"created-at-echo-refused", "createdAt is refused even as it is, and with it a whole record sent back.", requestAttributes(func(a object) {
			if _, ok := a["createdAt"]; ok {
				a["createdAt"] = "2001-01-01T00:00:00Z"
			}
		})},
		{"created-at-refused-but-rest-done", "A patch with another createdAt is refused, and the rest of it is made.", refusedButRestDone(func(name string) bool { return name == "createdAt" })},
		{"unknown-fails", "An unknown attribute makes the server fail, as a missing column does.", attributesOr501(hasUnknown)},
		{"unknown-drops-rest", "An unknown attribute makes the server ignore the whole patch.", requestAttributes(func(a object) {
			if hasUnknown(a) {
				clear(a)
			}
		})},
		{"unknown-refused-but-rest-done", "A patch with an unknown attribute is refused, and the rest of it is made.", refusedButRestDone(func(name string) bool { return !isKnown(name) })},
		{"unknown-role-clears-email", "An attribute role changes another attribute.", requestAttributes(massAssign)},
	}
}

func isKnown(name string) bool {
	if name == "address" || name == "createdAt" || strings.HasPrefix(name, "@") {
		return true
	}
	for _, p := range pointers {
		if p == "/"+name {
			return true
		}
	}
	return false
}

func hasUnknown(a object) bool {
	for name := range a {
		if !isKnown(name) {
			return true
		}
	}
	return false
}

func massAssign(a object) {
	for _, name := range []string{"role", "isAdmin", "admin", "password", "emailVerified"} {
		if _, ok := a[name]; ok {
			delete(a, name)
			a["lastName"] = "Admin"
		}
	}
}
