package conformance

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

func storeModelChecks() []storeCheck {
	return []storeCheck{
		storeMust("model", "After any sequence of patches, the records are what Attributes.Merge makes of them.", "Patch", storeModel),
	}
}

const (
	leastExamples = 20 // sequences that are drawn, however slow the Store is
	storeExamples = 40 // sequences that are drawn of a fast one
	storeSteps    = 12 // at most, in a sequence
	wholeAddress  = "/address"
	modelTime     = 500 * time.Millisecond
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

// A storeModelState knows what the records of two users should be. A third is known
// to nobody.
type storeModelState struct {
	ids     [3]uuid.UUID
	records [2]userstore.Attributes
}

// storeModel gives each sequence users of its own, so that it begins with a
// known state. Where a sequence fails, smaller ones need more users: they get
// another Store.
func storeModel(t *storeTrial) {
	pointers := []string{wholeAddress}
	for _, c := range scalars {
		pointers = append(pointers, c.pointer)
	}
	space := sequenceSpace{users: []int{0, 1, 0, 1, 0, 1, 2}, pointers: pointers, choices: 3, nullable: func(string) bool { return true }}
	var s userstore.Store
	var states []storeModelState
	steps, reason := falsify(t.opts.Seed, space.sequences(storeSteps, 2*storeSteps), rounds(leastExamples, storeExamples, modelTime), func(steps []step) string {
		if len(states) == 0 {
			s, states = t.openModel()
		}
		next := states[0]
		states = states[1:]
		return next.run(t, s, steps)
	})
	if reason != "" {
		t.failf("seed %d: %s\nafter the steps\n%s", t.opts.Seed, reason, describeStoreSteps(steps))
	}
}

// openModel returns a Store with users for so many sequences as are drawn.
func (t *storeTrial) openModel() (userstore.Store, []storeModelState) {
	var states []storeModelState
	var users []userstore.User
	for range storeExamples {
		full, empty := t.newUser(plainAttributes(0)), t.newUser(userstore.Attributes{})
		states = append(states, storeModelState{[3]uuid.UUID{full.ID, empty.ID, t.newID()}, [2]userstore.Attributes{full.Attributes, empty.Attributes}})
		users = append(users, full, empty)
	}
	return t.open(users...), states
}

// run runs the steps and returns how the Store differs from the model, or "".
func (m storeModelState) run(t *storeTrial, s userstore.Store, steps []step) string {
	for _, st := range steps {
		var got userstore.User
		var err error
		if st.read {
			got, err = s.Get(t.ctx, m.ids[st.user])
		} else {
			got, err = s.Patch(t.ctx, m.ids[st.user], st.attributes())
		}
		if st.user == 2 {
			if !errors.Is(err, userstore.ErrNotFound) {
				return fmt.Sprintf("expected an error that matches ErrNotFound, got %v", err)
			}
			continue
		}
		if err != nil {
			return fmt.Sprintf("expected no error, got %v", err)
		}
		if !st.read {
			m.records[st.user] = m.records[st.user].Merge(st.attributes())
		}
		if diff := difference(m.records[st.user], got.Attributes); diff != "" {
			return "in the record returned: " + diff
		}
	}
	return m.readAll(t, s)
}

// readAll compares what is read at the end.
func (m storeModelState) readAll(t *storeTrial, s userstore.Store) string {
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

// attributes returns the patch of a step. The address as a whole comes after its
// members: null instead of them, and {} where there are none.
func (st step) attributes() userstore.Attributes {
	var patch userstore.Attributes
	for _, c := range st.changes {
		switch {
		case c.pointer == wholeAddress:
		case c.null:
			patch = scalarAt(c.pointer).with(patch, noScalar)
		default:
			patch = scalarAt(c.pointer).with(patch, scalarAt(c.pointer).modelValues()[c.choice])
		}
	}
	for _, c := range st.changes {
		if c.pointer == wholeAddress && c.null {
			patch.Address = userstore.Null[userstore.Address]()
		} else if c.pointer == wholeAddress && patch.Address.IsZero() {
			patch.Address = userstore.Value(userstore.Address{})
		}
	}
	return patch
}

func describeStoreSteps(steps []step) string {
	users := [3]string{"a user with all attributes", "a user without attributes", "an unknown user"}
	var lines []string
	for _, st := range steps {
		if st.read {
			lines = append(lines, "read "+users[st.user])
		} else {
			lines = append(lines, "patch "+users[st.user]+" with "+showAttributes(st.attributes()))
		}
	}
	return strings.Join(lines, "\n")
}
