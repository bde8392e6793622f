package userstore_test

import (
	"testing"

	"github.com/userrecord/userrecord/userstore"
)

// Each place has its member and pointer, in the order of the page.
func TestScalarsAreInTheirPlaces(t *testing.T) {
	if n := len(userstore.Scalars{}); n != len(allScalars) {
		t.Fatalf("%d places for %d members", n, len(allScalars))
	}
	for i, s := range allScalars {
		if got := userstore.ScalarPointer(i); got != s.pointer {
			t.Errorf("place %d is %s, want %s", i, got, s.pointer)
		}
		a := s.with(userstore.Attributes{}, "x")
		scalars := a.Scalars()
		for j, o := range scalars {
			if v, ok := o.Get(); ok != (i == j) || ok && v != userstore.Text("x") {
				t.Errorf("%s: place %d holds %v", s, j, o)
			}
		}
		if got := scalars.Attributes(); got != a {
			t.Errorf("%s (-want +got):\n%s", s, diff(a, got))
		}
	}
}

func TestScalarsOfNull(t *testing.T) {
	scalars := userstore.Attributes{Address: userstore.Null[userstore.Address]()}.Scalars()
	for i, s := range allScalars {
		if got := scalars[i].IsNull(); got != s.inAddress || !got && !scalars[i].IsZero() {
			t.Errorf("%s is %v under an address that is null", s, scalars[i])
		}
		clearing := s.withNull(userstore.Attributes{}).Scalars()
		if !clearing[i].IsNull() {
			t.Errorf("%s is %v, want null", s, clearing[i])
		}
	}
}

// Numbers stay numbers, and a record without an address does not get one.
func TestScalarsAndBack(t *testing.T) {
	numbers := userstore.Attributes{Address: userstore.Value(userstore.Address{
		HouseNo: userstore.Value(userstore.Int(18)), PostalCode: userstore.Value(userstore.Text("76131")),
	})}
	for _, a := range []userstore.Attributes{{}, numbers, full(""), userstore.ExampleUser().Attributes} {
		scalars := a.Scalars()
		if got := scalars.Attributes(); got != a {
			t.Errorf("-want +got:\n%s", diff(a, got))
		}
	}
}

// Set and CopyTo leave nothing of what was there before.
func TestScalarsOverwrite(t *testing.T) {
	street := userstore.Attributes{Address: userstore.Value(userstore.Address{Street: userstore.Value("Haid-und-Neu-Straße")})}
	all := []userstore.Attributes{{}, street, full("x"), userstore.ExampleUser().Attributes}
	for _, before := range all {
		for _, a := range all {
			scalars, got := before.Scalars(), before
			scalars.Set(&a)
			if want := a.Scalars(); scalars != want {
				t.Errorf("Set: %v, want %v", scalars, want)
			}
			scalars.CopyTo(&got)
			if got != a {
				t.Errorf("CopyTo (-want +got):\n%s", diff(a, got))
			}
		}
	}
}
