package servertest

import (
	"slices"
	"strings"
)

// evidence is what a failed check leaves for the search for its cause.
type evidence struct {
	failures []failure
	fault    *exchanged // the exchange at fault; nil if there was none
	before   *record    // that an earlier answer showed; nil if none did
	after    *record    // that the last answer showed, of those from the fault on; nil if none did
}

// evidence gathers what the exchanges of the trial show.
func (t *trial) evidence(failures []failure) *evidence {
	t.mu.Lock()
	defer t.mu.Unlock()
	e := &evidence{failures: failures}
	at := atFault(t.exchanges)
	if at < 0 {
		return e
	}
	e.fault, e.before = &t.exchanges[at], t.original
	for _, x := range t.exchanges[:at] {
		e.before = recordIn(x, e.before)
	}
	for _, x := range t.exchanges[at:] {
		e.after = recordIn(x, e.after)
	}
	return e
}

// recordIn returns the record that the answer shows, or else the other one.
func recordIn(x exchanged, other *record) *record {
	if x.answer == nil || x.answer.status != 200 {
		return other
	}
	if r, err := x.answer.record(); err == nil {
		return r
	}
	return other
}

// shown returns the record in the answer at fault, or nil.
func (e *evidence) shown() *record {
	if e.fault == nil {
		return nil
	}
	return recordIn(*e.fault, nil)
}

// answer returns the answer at fault, or nil.
func (e *evidence) answer() *answer {
	if e.fault == nil {
		return nil
	}
	return e.fault.answer
}

// patched returns the pointers that the request at fault sets or clears.
func (e *evidence) patched() []string {
	if e.fault == nil {
		return nil
	}
	document, err := parseObject(e.fault.message.body)
	if err != nil {
		return nil
	}
	data, _ := document["data"].(object)
	attributes, _ := data["attributes"].(object)
	return slices.DeleteFunc(slices.Clone(pointers), func(p string) bool { return !provides(attributes, p) })
}

// provides reports whether the attributes object has the scalar, be it null.
func provides(attributes object, pointer string) bool {
	v, found := attributes[attributeOf(pointer)]
	member, inAddress := memberOf(pointer)
	if address, ok := v.(object); inAddress && ok {
		_, found = address[member]
	}
	return found
}

// all reports whether all failures, of which there is one at least, are so.
func (e *evidence) all(so func(failure) bool) bool {
	return len(e.failures) > 0 && !slices.ContainsFunc(e.failures, func(f failure) bool { return !so(f) })
}

// every reports whether all failures, of which there is one at least, are about a scalar,
// and so.
func (e *evidence) every(so func(pointer string, f failure) bool) bool {
	return e.all(func(f failure) bool {
		p := pointerIn(f)
		return p != "" && so(p, f)
	})
}

// pointerIn returns the pointer to the scalar that the failure is about, or "".
func pointerIn(f failure) string {
	where := f.Where[strings.LastIndex(f.Where, " ")+1:]
	if slices.Contains(pointers, where) || where == "/createdAt" {
		return where
	}
	return ""
}

// only returns the scalar that all failures are about, or the attribute if they are about
// several of its members; otherwise "".
func (e *evidence) only() string {
	name := ""
	for _, f := range e.failures {
		p := pointerIn(f)
		switch {
		case p == "" || name != "" && attributeOf(p) != attributeOf(name):
			return ""
		case name == "":
			name = p
		case name != p:
			name = "/" + attributeOf(p)
		}
	}
	return name
}
