package storetest

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/conformance/internal/draw"
	"github.com/userrecord/userrecord/userstore"
)

func modelChecks() []check {
	return []check{
		must("model", "After any sequence of patches, the records are what Attributes.Merge makes of them.", "Patch", checkModel),
	}
}

const (
	leastExamples  = 20 // sequences that are drawn, however slow the Store is
	mostExamples   = 40 // sequences that are drawn of a fast one
	leastSteps     = 12 // in a sequence; at most twice as many
	addressPointer = "/address"
	modelTime      = 500 * time.Millisecond
)

// modelValues are what a drawn step can set the scalar to.
func (c scalar) modelValues() []textOrInt {
	third := textValue(c.plain[0])
	switch {
	case c.either != nil:
		third = intValue(18)
	case c.free:
		third = textValue("")
	}
	return []textOrInt{textValue(c.plain[0]), textValue(c.plain[1]), third}
}

// A modelState knows what the records of two users should be. A third is known
// to nobody.
type modelState struct {
	ids     [3]uuid.UUID
	records [2]userstore.Attributes
}

// checkModel gives each sequence users of its own, so that it begins with a
// known state. Where a sequence fails, smaller ones need more users: they get
// another Store.
func checkModel(t *trial) {
	pointers := []string{addressPointer}
	for _, c := range scalars {
		pointers = append(pointers, c.pointer)
	}
	space := draw.Space{Users: []int{0, 1, 0, 1, 0, 1, 2}, Pointers: pointers, Choices: 3, Nullable: func(string) bool { return true }}
	var s userstore.Store
	var states []modelState
	steps, reason := draw.Falsify(t.opts.Seed, space.Sequences(leastSteps, 2*leastSteps), draw.Rounds(leastExamples, mostExamples, modelTime), func(steps []draw.Step) string {
		if len(states) == 0 {
			s, states = t.openModel()
		}
		next := states[0]
		states = states[1:]
		return next.run(t, s, steps)
	})
	if reason != "" {
		t.failf("seed %d: %s\nafter the steps\n%s", t.opts.Seed, reason, describeSteps(steps))
	}
}

// openModel returns a Store with users for so many sequences as are drawn.
func (t *trial) openModel() (userstore.Store, []modelState) {
	var states []modelState
	var users []userstore.User
	for range mostExamples {
		full, empty := t.newUser(plainAttributes(0)), t.newUser(userstore.Attributes{})
		states = append(states, modelState{[3]uuid.UUID{full.ID, empty.ID, t.newID()}, [2]userstore.Attributes{full.Attributes, empty.Attributes}})
		users = append(users, full, empty)
	}
	return t.open(users...), states
}

// run runs the steps and returns how the Store differs from the model, or "".
func (m modelState) run(t *trial, s userstore.Store, steps []draw.Step) string {
	for _, st := range steps {
		var got userstore.User
		var err error
		if st.Read {
			got, err = s.Get(t.ctx, m.ids[st.User])
		} else {
			got, err = s.Patch(t.ctx, m.ids[st.User], patchOf(st))
		}
		if st.User == 2 {
			if !errors.Is(err, userstore.ErrNotFound) {
				return fmt.Sprintf("expected an error that matches ErrNotFound, got %v", err)
			}
			continue
		}
		if err != nil {
			return fmt.Sprintf("expected no error, got %v", err)
		}
		if !st.Read {
			m.records[st.User] = m.records[st.User].Merge(patchOf(st))
		}
		if diff := difference(m.records[st.User], got.Attributes); diff != "" {
			return "in the record returned: " + diff
		}
	}
	return m.readAll(t, s)
}

// readAll compares what is read at the end.
func (m modelState) readAll(t *trial, s userstore.Store) string {
	for i, want := range m.records {
		got, err := s.Get(t.ctx, m.ids[i])
		if err != nil {
			return fmt.Sprintf("expected no error, got %v", err)
		}
		if diff := difference(want, got.Attributes); diff != "" {
			return "in the record read at the end: " + diff
		}
	}
	return ""
}

// patchOf returns the patch of a step. The address as a whole comes after its
// members: null instead of them, and {} where there are none.
func patchOf(st draw.Step) userstore.Attributes {
	var patch userstore.Attributes
	for _, c := range st.Changes {
		switch {
		case c.Pointer == addressPointer:
		case c.Null:
			patch = scalarAt(c.Pointer).with(patch, noScalar)
		default:
			patch = scalarAt(c.Pointer).with(patch, scalarAt(c.Pointer).modelValues()[c.Choice])
		}
	}
	for _, c := range st.Changes {
		if c.Pointer == addressPointer && c.Null {
			patch.Address = userstore.Null[userstore.Address]()
		} else if c.Pointer == addressPointer && patch.Address.IsZero() {
			patch.Address = userstore.Value(userstore.Address{})
		}
	}
	return patch
}

func describeSteps(steps []draw.Step) string {
	users := [3]string{"a user with all attributes", "a user without attributes", "an unknown user"}
	var lines []string
	for _, st := range steps {
		if st.Read {
			lines = append(lines, "read "+users[st.User])
		} else {
			lines = append(lines, "patch "+users[st.User]+" with "+showAttributes(patchOf(st)))
		}
	}
	return strings.Join(lines, "\n")
}
