package storetest

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/internal/concurrent"
	"github.com/userrecord/userrecord/conformance/internal/draw"
	"github.com/userrecord/userrecord/conformance/internal/suite"
	"github.com/userrecord/userrecord/userstore"
)

func modelChecks() []check {
	return []check{
		must("model", "After any sequence of patches, the records are what Attributes.Merge makes of them.", "Patch", checkModel),
	}
}

const (
	leastExamples = 20 // sequences, however slow the Store is
	mostExamples  = 40 // sequences, if it is fast
	leastSteps    = 12 // in a sequence, which has at most twice as many
	modelTime     = 500 * time.Millisecond
)

// addressPointer stands for the address as a whole in a step.
const addressPointer = "/address"

// unknownUser is the number, in a step, of the user that the Store does not have.
const unknownUser = 2

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

// A modelState knows what the records of two users should be. The Store does not
// have the third.
type modelState struct {
	ids     [3]uuid.UUID
	records [2]userstore.Attributes
}

// checkModel gives each sequence users of its own, so that it begins with a known
// state. When the users are used up, by trying smaller sequences, it opens another
// Store.
func checkModel(t *trial) {
	pointers := []string{addressPointer}
	for _, c := range scalars {
		pointers = append(pointers, c.pointer)
	}
	space := draw.Space{Users: []int{0, 1, 0, 1, 0, 1, 2}, Pointers: pointers, Choices: 3, Nullable: func(string) bool { return true }}
	var s userstore.Store
	var states []modelState
	steps, failures := draw.Falsify(t.opts.Seed, space.Sequences(leastSteps, 2*leastSteps), concurrent.Rounds(leastExamples, mostExamples, modelTime), func(steps []draw.Step) []conformance.Failure {
		if len(states) == 0 {
			s, states = t.openModel()
		}
		next := states[0]
		states = states[1:]
		return next.run(t, s, steps)
	})
	if len(failures) > 0 {
		detail := fmt.Sprintf("with the seed %d, after the steps\n%s", t.opts.Seed, describeSteps(steps))
		t.fail(suite.WithDetail(failures, detail)...)
	}
}

// openModel returns a Store with users for mostExamples sequences.
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

// run does the steps, and returns how the Store differs from the model.
func (m modelState) run(t *trial, s userstore.Store, steps []draw.Step) []conformance.Failure {
	for _, st := range steps {
		got, err := m.call(t, s, st)
		if failures := m.judge(st, got, err); len(failures) > 0 {
			return failures
		}
	}
	return m.readAll(t, s)
}

// call does the step in the Store, and in the model.
func (m *modelState) call(t *trial, s userstore.Store, st draw.Step) (userstore.User, error) {
	if st.Read {
		return s.Get(t.ctx, m.ids[st.User])
	}
	if st.User != unknownUser {
		m.records[st.User] = m.records[st.User].Merge(patchOf(st))
	}
	return s.Patch(t.ctx, m.ids[st.User], patchOf(st))
}

// judge compares what the Store returned for a step with the model.
func (m modelState) judge(st draw.Step, got userstore.User, err error) []conformance.Failure {
	switch {
	case st.User == unknownUser && errors.Is(err, userstore.ErrNotFound):
		return nil
	case st.User == unknownUser:
		return []conformance.Failure{{Expected: "an error that matches ErrNotFound", Got: errorText(err)}}
	case err != nil:
		return []conformance.Failure{{Expected: "no error", Got: errorText(err)}}
	}
	return suite.At("in the record returned", compare(m.records[st.User], got.Attributes))
}

// readAll reads the users, and compares them with the model.
func (m modelState) readAll(t *trial, s userstore.Store) []conformance.Failure {
	for i, want := range m.records {
		got, err := s.Get(t.ctx, m.ids[i])
		if err != nil {
			return []conformance.Failure{{Expected: "no error", Got: errorText(err)}}
		}
		if differences := compare(want, got.Attributes); len(differences) > 0 {
			return suite.At("in the record read at the end", differences)
		}
	}
	return nil
}

// errorText returns the text of an error that a Store returned, or "no error".
func errorText(err error) string {
	if err == nil {
		return "no error"
	}
	return err.Error()
}

// patchOf returns the patch of a step. If the step changes the address as a whole, null
// replaces what it does to the members, and another value adds an address without
// members if it does nothing to them.
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
