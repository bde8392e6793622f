package servertest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A suspicion is one way in which a server goes wrong that turns many requirements red.
// It looks at one failed check: if this alone explains all its failures, it returns what
// the server does, in one sentence, and an example. What it cannot explain for certain
// it leaves alone.
type suspicion struct {
	least  int // how many requirements it explains to be worth a word
	spread int // how many attributes these are about, at least
	look   func(*evidence) (title, hint string)
}

// suspicions are in the order in which they are to explain a failure.
var suspicions = []suspicion{
	{1, 1, suspectNames},
	{3, 0, suspectErrorsAs200},
	{3, 3, suspectPartialAnswer},
	{3, 1, suspectNull},
	{3, 3, suspectOldAnswer},
	{3, 1, suspectCreatedAt},
	{3, 1, suspectAttribute},
	{3, 0, suspectMediaType},
	{3, 0, suspectErrorDocuments},
	{3, 0, suspectCredentials},
	{3, 0, suspectRefusal},
	{3, 0, suspectCrash},
}

// suspectNames: the record has the attribute under a name in another convention.
func suspectNames(e *evidence) (title, hint string) {
	if e.after == nil || !e.every(func(p string, _ failure) bool { return otherName(e.after.attributes, p) != "" }) {
		return "", ""
	}
	return titleNames, namesHint(e.after.attributes)
}

const titleNames = "The attributes have other names than those of the page."

// namesHint shows a name in another convention, or returns "".
func namesHint(attributes object) string {
	for _, p := range append(slices.Clone(pointers), "/createdAt") {
		if other := otherName(attributes, p); other != "" {
			return fmt.Sprintf("The answer has `%s` where `%s` is expected.", other, p[strings.LastIndex(p, "/")+1:])
		}
	}
	return ""
}

// otherName returns the name, in another convention, of the scalar, if it is absent under
// its own: first-name, first_name, FirstName, firstname.
func otherName(attributes object, pointer string) string {
	in, name := attributes, pointer[1:]
	if member, inAddress := memberOf(pointer); inAddress {
		in, _ = attributes["address"].(object)
		name = member
	}
	if _, has := in[name]; has {
		return ""
	}
	for _, other := range slices.Sorted(maps.Keys(in)) {
		if bare(other) == bare(name) {
			return other
		}
	}
	return ""
}

// bare returns the letters and digits of a name in lower case.
func bare(name string) string {
	return strings.ToLower(strings.NewReplacer("-", "", "_", "", " ", "", ".", "").Replace(name))
}

// suspectPartialAnswer: the answer to a patch has nothing that was not patched.
func suspectPartialAnswer(e *evidence) (title, hint string) {
	patched, shown := e.patched(), e.shown()
	if len(patched) == 0 || shown == nil || e.before == nil {
		return "", ""
	}
	for p := range shown.state {
		if p != "/createdAt" && !slices.ContainsFunc(patched, func(q string) bool { return attributeOf(q) == attributeOf(p) }) {
			return "", ""
		}
	}
	if !e.every(func(p string, f failure) bool {
		return inAnswer(f) && !slices.Contains(patched, p) && shown.state[p] == ""
	}) {
		return "", ""
	}
	return "The answer to a patch holds only the attributes that were patched.",
		fmt.Sprintf("A patch of %s is answered with nothing else of the user: the rest is left out, or cleared.", patched[0][1:])
}

// suspectNull: null changes nothing, as if the attribute had been omitted.
func suspectNull(e *evidence) (title, hint string) {
	patched := e.patched()
	if e.before == nil || e.after == nil || !e.every(func(p string, f failure) bool {
		return slices.Contains(patched, p) && (f.Expected == noValue || f.Expected == show(nil)) && e.after.state[p] != "" && e.after.state[p] == e.before.state[p]
	}) {
		return "", ""
	}
	return "A null is taken for an omitted attribute: it clears nothing.", ""
}

// suspectOldAnswer: the answer to a patch is the record from before it.
func suspectOldAnswer(e *evidence) (title, hint string) {
	patched, shown := e.patched(), e.shown()
	if len(patched) == 0 || shown == nil || e.before == nil || !maps.Equal(shown.state, e.before.state) {
		return "", ""
	}
	if !e.every(func(p string, f failure) bool { return inAnswer(f) && slices.Contains(patched, p) }) {
		return "", ""
	}
	return "The answer to a patch shows none of its changes.", ""
}

func inAnswer(f failure) bool { return strings.HasPrefix(f.Where, "in the answer") }

func suspectCreatedAt(e *evidence) (title, hint string) {
	if e.only() != "/createdAt" || e.before == nil || e.after == nil || e.before.state["/createdAt"] == e.after.state["/createdAt"] {
		return "", ""
	}
	return "createdAt changes when other attributes are patched.", ""
}

// suspectAttribute: one attribute is not shown, or not set.
func suspectAttribute(e *evidence) (title, hint string) {
	only := e.only()
	if only == "" || e.before == nil || e.after == nil {
		return "", ""
	}
	absent := e.every(func(p string, f failure) bool { _, has := e.after.state[p]; return !has && f.Expected != noValue })
	same := e.every(func(p string, _ failure) bool {
		return e.after.state[p] != "" && e.after.state[p] == e.before.state[p] && slices.Contains(e.patched(), p)
	})
	switch {
	case absent:
		return fmt.Sprintf("The record is without %s.", only[1:]), ""
	case same:
		return fmt.Sprintf("A patch of %s does not change it.", only[1:]), ""
	}
	return "", ""
}
