package userstore_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/userrecord/userrecord/userstore"
)

// diff is cmp.Diff for types with unexported fields: -want +got.
func diff(want, got any) string {
	return cmp.Diff(want, got, cmp.Exporter(func(reflect.Type) bool { return true }))
}

// A scalar is a member of Attributes or Address that is not an object.
type scalar struct {
	pointer   string
	field     string
	inAddress bool
}

func (s scalar) String() string { return s.pointer }

// allScalars uses reflection, so that no test can miss a new field.
var allScalars = func() (all []scalar) {
	for _, f := range reflect.VisibleFields(reflect.TypeFor[userstore.Attributes]()) {
		if f.Name != "Address" {
			all = append(all, scalar{"/" + jsonName(f), f.Name, false})
			continue
		}
		for _, g := range reflect.VisibleFields(reflect.TypeFor[userstore.Address]()) {
			all = append(all, scalar{"/address/" + jsonName(g), g.Name, true})
		}
	}
	return all
}()

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// scalarAt returns the scalar with the pointer.
func scalarAt(pointer string) scalar {
	for _, s := range allScalars {
		if s.pointer == pointer {
			return s
		}
	}
	panic("no scalar " + pointer)
}

// edit calls f with the Optional of the scalar. It adds an address if there is none.
func (s scalar) edit(a *userstore.Attributes, f func(optional any)) {
	if !s.inAddress {
		f(reflect.ValueOf(a).Elem().FieldByName(s.field).Addr().Interface())
		return
	}
	address, _ := a.Address.Get()
	f(reflect.ValueOf(&address).Elem().FieldByName(s.field).Addr().Interface())
	a.Address = userstore.Value(address)
}

// with returns a copy of a in which the scalar is the text.
func (s scalar) with(a userstore.Attributes, text string) userstore.Attributes {
	s.edit(&a, func(optional any) {
		switch o := optional.(type) {
		case *userstore.Optional[string]:
			*o = userstore.Value(text)
		case *userstore.Optional[userstore.TextOrInt]:
			*o = userstore.Value(userstore.Text(text))
		default:
			panic("unknown type of " + s.pointer)
		}
	})
	return a
}

// withNull returns a copy of a in which the scalar is null.
func (s scalar) withNull(a userstore.Attributes) userstore.Attributes {
	s.edit(&a, func(optional any) {
		switch o := optional.(type) {
		case *userstore.Optional[string]:
			*o = userstore.Null[string]()
		case *userstore.Optional[userstore.TextOrInt]:
			*o = userstore.Null[userstore.TextOrInt]()
		default:
			panic("unknown type of " + s.pointer)
		}
	})
	return a
}

// isNull reports whether the scalar of a is null.
func (s scalar) isNull(a userstore.Attributes) (null bool) {
	s.edit(&a, func(optional any) { null = optional.(interface{ IsNull() bool }).IsNull() })
	return null
}

// only returns attributes with one value.
func only(pointer, text string) userstore.Attributes {
	return scalarAt(pointer).with(userstore.Attributes{}, text)
}

// full returns attributes in which every scalar is its pointer and the suffix.
func full(suffix string) (a userstore.Attributes) {
	for _, s := range allScalars {
		a = s.with(a, s.pointer+suffix)
	}
	return a
}

// omit clears a field of a struct.
func omit(structPointer any, field string) {
	reflect.ValueOf(structPointer).Elem().FieldByName(field).SetZero()
}

// problems returns the problems of an error; nil has none.
func problems(t *testing.T, err error) []userstore.Problem {
	t.Helper()
	if err == nil {
		return nil
	}
	invalid, ok := errors.AsType[*userstore.InvalidError](err)
	if !ok {
		t.Fatalf("%v is no *InvalidError", err)
	}
	return invalid.Problems
}
