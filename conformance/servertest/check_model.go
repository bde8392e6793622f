package servertest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/userrecord/userrecord/conformance/internal/concurrent"
	"github.com/userrecord/userrecord/conformance/internal/draw"
	"github.com/userrecord/userrecord/conformance/internal/suite"
)

// Whether the record is, after random sequences of patches, what the rules of the page
// make of it.
func modelChecks() []check {
	return family("model",
		must("sequence", "After any sequence of patches, the record is what they make of it one after the other.", "page: provided fields get set, omitted fields are left untouched", modelSequence),
	)
}

const (
	serverExamples = 2
	serverSteps    = 10 // at least, in a sequence
)

// A serverModel runs sequences of patches against a server.
type serverModel struct {
	*trial
	taken int // patches that the server took
}

func modelSequence(t *trial) {
	space := draw.Space{Users: []int{0}, Pointers: t.modelPointers(), Choices: 2, Nullable: t.clearable}
	m := serverModel{trial: t}
	steps, failures := draw.Falsify(t.opts.Seed, space.Sequences(serverSteps, 2*serverSteps), concurrent.Rounds(2, serverExamples, serverTime), m.run)
	if len(failures) > 0 {
		detail := fmt.Sprintf("with the seed %d, after the steps\n%s", t.opts.Seed, m.describe(steps))
		t.fail(suite.WithDetail(failures, detail)...)
	}
	if m.taken == 0 {
		t.skipf("the server took none of the patches")
	}
}

// modelPointers returns the essential scalars that may be written.
func (t *trial) modelPointers() []string {
	var found []string
	for _, p := range pointers {
		if essential[p] && t.notWritable(p) == "" {
			found = append(found, p)
		}
	}
	if len(found) == 0 {
		t.skipf("needs an attribute that may be written; give the user more attributes")
	}
	return found
}

// clearable reports whether the server was seen to clear such scalars by null.
func (t *trial) clearable(pointer string) bool {
	if _, in := memberOf(pointer); in {
		return t.learned.address == addressModeMerged && t.learned.memberClears
	}
	return t.learned.nullClears
}

// modelValues are the values that a drawn step can set.
var modelValues = map[string][2]string{
	"/firstName":          {"Ada", "Grace"},
	"/lastName":           {"Lovelace", "Hopper"},
	"/pictureUrl":         {"https://example.com/ada.png", "https://example.com/grace.png"},
	"/gender":             {"female", "male"},
	"/birthDate":          {"1997-07-21", "1906-12-09"},
	"/address/country":    {"DE", "FR"},
	"/address/locality":   {"Karlsruhe", "Paris"},
	"/address/street":     {"Waldstrasse", "Rue Cler"},
	"/address/houseNo":    {"18", "7"},
	"/address/postalCode": {"76131", "75007"},
	"/locale":             {"de-DE", "en-GB"},
	"/zoneInfo":           {"Europe/Berlin", "America/New_York"},
}

func (m *serverModel) valueOf(c draw.Change) any {
	v := modelValues[c.Pointer][c.Choice]
	if c.Pointer != "/birthDate" {
		return v
	}
	day, err := time.Parse(time.DateOnly, v)
	if err != nil {
		panic(err) // one of the values above
	}
	return m.date(day)
}

// run begins with the state that the user has, and returns how the server
// differs from the model.
func (m *serverModel) run(steps []draw.Step) []failure {
	want := m.read()
	m.mayOverwrite() // each answer shows most of what the others left
	for _, s := range steps {
		if s.Read {
			if differences := want.compare(m.read()); len(differences) > 0 {
				return suite.At("in the record read", differences)
			}
			continue
		}
		next, failures := m.patchStep(s, want)
		if len(failures) > 0 {
			return failures
		}
		want = next
	}
	return suite.At("in the record read at the end", want.compare(m.reread().state))
}

// patchStep sends the patch of a step, and returns the state that it should lead to.
func (m *serverModel) patchStep(s draw.Step, before state) (state, []failure) {
	body, want := m.attributesOf(s, before)
	a := m.patch(body)
	switch {
	case a.refused():
		return before, nil
	case a.status != http.StatusOK:
		return nil, []failure{{Expected: "200 or a refusal (4xx)", Got: fmt.Sprint(a.status)}}
	}
	r, err := a.record()
	if err != nil {
		return nil, []failure{{Expected: "the user record", Got: fmt.Sprintf("another body: %v", err)}}
	}
	m.taken++
	return want, suite.At("in the answer", want.compare(r.state))
}

// attributesOf returns the attributes object of a step and the state that it should
// lead to. If the server replaces the address, the object has only the members that
// the step sets; if it wants a complete address, the other members are repeated.
func (m *serverModel) attributesOf(s draw.Step, before state) (object, state) {
	body, want, address := object{}, maps.Clone(before), object{}
	for _, c := range s.Changes {
		var v any
		if !c.Null {
			v = m.valueOf(c)
		}
		member, in := memberOf(c.Pointer)
		if !in {
			body[c.Pointer[1:]] = v
			want = want.changed(c.Pointer, v)
			continue
		}
		if len(address) == 0 {
			want = m.beginAddress(address, want)
		}
		address[member] = v
		want = want.changed(c.Pointer, v)
	}
	if len(address) > 0 {
		body["address"] = address
	}
	return body, want
}

// beginAddress prepares the address of a patch for the mode of the server, and returns
// the state less what the address loses by that.
func (m *serverModel) beginAddress(address object, want state) state {
	switch m.learned.address {
	case addressModeMerged:
	case addressModeReplaced:
		return want.without("/address/")
	default:
		maps.Copy(address, m.currentAddress())
	}
	return want
}

// changed returns the state with the scalar set, or cleared by nil.
func (s state) changed(pointer string, v any) state {
	if v == nil {
		s = maps.Clone(s)
		delete(s, pointer)
		return s
	}
	return s.with(pointer, v)
}

// describe returns the steps as lines.
func (m *serverModel) describe(steps []draw.Step) string {
	var lines []string
	for _, s := range steps {
		body, _ := m.attributesOf(s, state{})
		text, err := json.Marshal(body)
		switch {
		case s.Read:
			lines = append(lines, "read")
		case err == nil:
			lines = append(lines, "patch "+string(text))
		}
	}
	return strings.Join(lines, "\n")
}
