package userstore_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/userrecord/userrecord/userstore"
)

func TestInvalidErrorMatches(t *testing.T) {
	invalid := &userstore.InvalidError{Problems: []userstore.Problem{{Pointer: "/email", Reason: "must be something"}}}
	for _, err := range []error{invalid, fmt.Errorf("store: %w", invalid), errors.Join(errors.New("other"), invalid)} {
		if !errors.Is(err, userstore.ErrInvalid) {
			t.Errorf("%v does not match ErrInvalid", err)
		}
		for _, other := range []error{userstore.ErrNotFound, userstore.ErrExists} {
			if errors.Is(err, other) {
				t.Errorf("%v matches %v", err, other)
			}
		}
		var details *userstore.InvalidError
		if !errors.As(err, &details) || details != invalid {
			t.Errorf("%v does not lead to the details", err)
		}
	}
}

func TestSentinelsDiffer(t *testing.T) {
	all := []error{userstore.ErrNotFound, userstore.ErrInvalid, userstore.ErrExists}
	for i, a := range all {
		for j, b := range all {
			if errors.Is(a, b) != (i == j) {
				t.Errorf("errors.Is(%v, %v) is %t", a, b, i != j)
			}
		}
	}
}

func TestInvalidErrorText(t *testing.T) {
	tests := []struct {
		problems []userstore.Problem
		want     string
	}{
		{nil, "userstore: invalid user"},
		{[]userstore.Problem{{"/email", "must be a"}}, "userstore: invalid user: /email must be a"},
		{[]userstore.Problem{{"/email", "must be a"}, {"/address/street", "must be b"}}, "userstore: invalid user: /email must be a; /address/street must be b"},
	}
	for _, tt := range tests {
		err := &userstore.InvalidError{Problems: tt.problems}
		if d := diff(tt.want, err.Error()); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
	}
}

// Error returns a single line, whatever was wrong.
func TestInvalidErrorIsOneLine(t *testing.T) {
	var a userstore.Attributes
	for _, s := range allScalars {
		a = s.with(a, "x\n\u0085\r")
	}
	if text := a.Check().Error(); strings.ContainsAny(text, "\n\r\u0085\u2028") {
		t.Errorf("%q", text)
	}
	if text := userstore.DefaultRules().Validate(full("!")).Error(); strings.ContainsAny(text, "\n\r\u0085\u2028") {
		t.Errorf("%q", text)
	}
}

// A nil *InvalidError in an error would not be nil.
func TestNoProblemIsNil(t *testing.T) {
	if err := (userstore.Attributes{}).Check(); err != nil {
		t.Errorf("Check() = %#v", err)
	}
	if err := userstore.DefaultRules().Validate(userstore.Attributes{}); err != nil {
		t.Errorf("Validate() = %#v", err)
	}
}
