package userstore

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// walk calls f with the JSON Pointer and the value of every field of Attributes and
// Address in a, in order.
func walk(a *Attributes, f func(pointer string, field reflect.Value)) {
	visit := func(prefix string, structure reflect.Value) {
		for i := range structure.NumField() {
			name, options, _ := strings.Cut(structure.Type().Field(i).Tag.Get("json"), ",")
			if options != "omitzero" {
				name += " without omitzero"
			}
			f(prefix+name, structure.Field(i))
		}
	}
	outer := reflect.ValueOf(a).Elem()
	visit("/", outer)
	visit("/address/", reflect.ValueOf(&a.Address.value).Elem())
}

// Each place has the scalar that its pointer names, and no scalar is missing.
func TestMembersCoverEveryScalar(t *testing.T) {
	covered := map[string]int{}
	for _, m := range members {
		covered[m.pointer]++
	}
	want := map[string]int{}
	var a Attributes
	walk(&a, func(pointer string, field reflect.Value) {
		if pointer == "/address" {
			return
		}
		want[pointer] = 1
		a = Attributes{}
		setText(t, field, pointer)
		for i, m := range members {
			v, ok := a.Scalars()[i].Get()
			if ok != (m.pointer == pointer) || ok && v != Text(pointer) {
				t.Errorf("the member %s reads %q, %t where only %s is set", m.pointer, v.Text(), ok, pointer)
			}
		}
	})
	if d := cmp.Diff(want, covered); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func setText(t *testing.T, field reflect.Value, text string) {
	t.Helper()
	switch o := field.Addr().Interface().(type) {
	case *Optional[string]:
		*o = Value(text)
	case *Optional[TextOrInt]:
		*o = Value(Text(text))
	default:
		t.Fatalf("a field of the type %s is not handled here", field.Type())
	}
}

// A null is not a value to check.
func TestMembersSkipNull(t *testing.T) {
	null := Attributes{Address: Null[Address]()}
	for i, o := range null.Scalars() {
		if _, ok := o.Get(); ok {
			t.Errorf("%s finds a value in a null address", members[i].pointer)
		}
	}
}

func TestMembersHaveRulesOfTheirOwn(t *testing.T) {
	var rules Rules
	all := reflect.ValueOf(&rules).Elem()
	for i := range all.NumField() {
		never := func(string) bool { return false }
		all.Field(i).Set(reflect.ValueOf(Rule{Want: all.Type().Field(i).Name, Valid: never}))
	}
	var patch Attributes
	walk(&patch, func(_ string, field reflect.Value) { setState(field, stateValue) })
	invalid, ok := errors.AsType[*InvalidError](rules.Validate(patch))
	if !ok || len(invalid.Problems) != len(members) || all.NumField() != len(members) {
		t.Fatalf("%d members have %d rules, which find %v", len(members), all.NumField(), invalid)
	}
	for i, p := range invalid.Problems {
		name := memberName(i)
		if p.Pointer != members[i].pointer || !strings.EqualFold(p.Reason, "must be "+name) {
			t.Errorf("the rule of %s is another: %v", members[i].pointer, p)
		}
	}
}

func TestNamesListEveryTag(t *testing.T) {
	for _, null := range []bool{false, true} {
		var a Attributes
		var want, wantAddress []string
		walk(&a, func(pointer string, field reflect.Value) {
			if name, ok := strings.CutPrefix(pointer, "/address/"); ok {
				wantAddress = append(wantAddress, name)
			} else {
				want = append(want, pointer[1:])
			}
			// A null counts: the patch provides it.
			state := stateValue
			if null {
				state = Null[string]().state
			}
			setState(field, state)
		})
		if d := cmp.Diff(want, a.Names()); d != "" {
			t.Errorf("Attributes (-want +got):\n%s", d)
		}
		if d := cmp.Diff(wantAddress, a.Address.value.names()); d != "" {
			t.Errorf("Address (-want +got):\n%s", d)
		}
	}
}

// Each name follows its own field, not a neighbour's.
func TestNamesOfOneField(t *testing.T) {
	var a Attributes
	walk(&a, func(pointer string, field reflect.Value) {
		a = Attributes{}
		setState(field, stateValue)
		got := a.Names()
		if inAddress, ok := strings.CutPrefix(pointer, "/address/"); ok {
			pointer, got = "/"+inAddress, a.Address.value.names()
		}
		if d := cmp.Diff([]string{pointer[1:]}, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", pointer, d)
		}
	})
	if got := (Attributes{}).Names(); len(got) != 0 {
		t.Errorf("nothing has the names %v", got)
	}
}

// setState sets the state of an Optional of any type.
func setState(field reflect.Value, s state) {
	switch o := field.Addr().Interface().(type) {
	case *Optional[string]:
		o.state = s
	case *Optional[TextOrInt]:
		o.state = s
	case *Optional[Address]:
		o.state = s
	}
}
