package storetest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/userstore"
)

// Which patches the Store refuses, with which errors, and that they change nothing.
func refusalChecks() []check {
	return []check{
		must("invalid", "A patch that Attributes.Check refuses gives an error that matches ErrInvalid, for every attribute.", "Patch", checkInvalid),
		must("invalid-unchanged", "A patch that is refused changes nothing, whatever else it provides.", "Patch", checkInvalidUnchanged),
		must("invalid-first", "An invalid patch of an unknown id is invalid, rather than not found.", "Patch", checkInvalidFirst),
		must("errors-private", "The texts of errors hold no value of a user, nor of the patch.", "errors", checkErrorsPrivate),
	}
}

// invalidTexts returns texts that the scalar must not have.
func (c scalar) invalidTexts() []string {
	return []string{
		"a\x00b", "\x00", "a\nb", "\x1f", "\x7f", "\u0085", "\xff", "a\xc3", "\xed\xa0\x80", "\xf4\x90\x80\x80",
		strings.Repeat("a", c.max+1), strings.Repeat("\U0001f600", c.max+1),
	}
}

// invalid returns patches of the scalar that Check refuses.
func (c scalar) invalid() []userstore.Attributes {
	var patches []userstore.Attributes
	for _, text := range c.invalidTexts() {
		patches = append(patches, c.to(text))
	}
	if c.either != nil {
		for _, n := range []int64{-1, userstore.MaxInt + 1, math.MinInt64, math.MaxInt64} {
			patches = append(patches, c.with(userstore.Attributes{}, intValue(n)))
		}
	}
	return patches
}

func checkInvalid(t *trial) {
	u := t.newUser(plainAttributes(0))
	s := t.open(u)
	for _, c := range scalars {
		for _, patch := range c.invalid() {
			if _, err := s.Patch(t.ctx, u.ID, patch); !errors.Is(err, userstore.ErrInvalid) {
				t.fail(conformance.Failure{Where: "a patch of " + c.pointer + " with " + showScalar(c.of(patch)), Expected: "an error that matches ErrInvalid", Got: errorText(err)})
			}
		}
	}
}

func checkInvalidUnchanged(t *trial) {
	full, empty := t.newUser(plainAttributes(0)), t.newUser(userstore.Attributes{})
	s := t.open(full, empty)
	for _, u := range []userstore.User{full, empty} {
		for _, c := range scalars {
			for _, bad := range []userstore.Attributes{c.invalid()[0], c.with(plainAttributes(1), c.of(c.invalid()[10]))} {
				if _, err := s.Patch(t.ctx, u.ID, bad); err != nil {
					t.expect("read after a refused patch", u.Attributes, t.get(s, u.ID).Attributes)
				}
			}
		}
	}
}

func checkInvalidFirst(t *trial) {
	u := t.newUser(plainAttributes(0))
	s := t.open(u)
	for _, id := range t.unknownIDs(u) {
		_, err := s.Patch(t.ctx, id, scalars[0].to("a\x00b"))
		if !errors.Is(err, userstore.ErrInvalid) || errors.Is(err, userstore.ErrNotFound) {
			t.failf("an error that matches ErrInvalid alone", "%s", errorText(err))
		}
	}
}

// checkErrorsPrivate provokes every kind of error, with values that are easy to find in
// an error text.
func checkErrorsPrivate(t *trial) {
	const mark = "Kanarienvogel"
	var record userstore.Attributes
	for _, c := range scalars {
		record = c.with(record, textValue(mark))
	}
	u := t.newUser(record)
	s := t.open(u)
	private := func(_ userstore.User, err error) {
		if err == nil {
			return
		}
		for _, text := range []string{err.Error(), fmt.Sprintf("%+v", err)} {
			if strings.Contains(text, mark) || strings.Contains(text, "90210424242") {
				t.failf("an error text without values", "%q", shortened(text))
			}
		}
	}
	cancelled, cancel := context.WithCancel(t.ctx)
	cancel()
	for _, c := range scalars {
		for _, bad := range c.invalidTexts() {
			private(s.Patch(t.ctx, u.ID, c.to(bad[:len(bad)/2]+mark+bad[len(bad)/2:])))
		}
		if c.either != nil {
			private(s.Patch(t.ctx, u.ID, c.with(record, intValue(-90210424242))))
		}
	}
	for _, id := range []uuid.UUID{u.ID, t.newID()} {
		private(s.Get(cancelled, id))
		private(s.Patch(cancelled, id, record))
		private(s.Get(t.ctx, id))
		private(s.Patch(t.ctx, id, record))
	}
}
