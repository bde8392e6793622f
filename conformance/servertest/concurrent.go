package servertest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/userrecord/userrecord/conformance/internal/concurrent"
	"github.com/userrecord/userrecord/conformance/internal/linear"
)

// maxTries is how often a patch is sent that loses against others.
const maxTries = 10

// A write is a patch by one of several clients.
type write struct {
	pointer string
	value   any
	body    object
	ticket  *ticket
	answer  *answer // the last one
	err     error
}

// send patches the user until the server takes it or refuses it for good.
func (w *write) send(t *trial) {
	for try := range maxTries {
		m := t.patchOf(t.target.User, w.body)
		m.ticket = w.ticket
		w.answer, w.err = t.exchange(t, m)
		if w.err != nil || !lost(w.answer.status) || t.sleep(time.Duration(try)*5*time.Millisecond) != nil {
			return
		}
	}
}

// lost reports whether the status says that another request got in the way.
func lost(status int) bool {
	return status == http.StatusConflict || status == http.StatusPreconditionFailed || status == http.StatusServiceUnavailable
}

// acknowledged reports whether the server says that it set the value.
func (w *write) acknowledged() bool { return w.err == nil && w.answer.status == http.StatusOK }

// unclear reports whether the server may have set the value, or may still set it.
func (w *write) unclear() bool { return w.err != nil || w.answer.status >= 500 }

func anyUnclear(writes []*write) bool { return slices.ContainsFunc(writes, (*write).unclear) }

// newWrites returns writes of fresh values.
func (t *trial) newWrites(pointers []string) []*write {
	var writes []*write
	for _, p := range pointers {
		v := t.fresh(p)
		writes = append(writes, &write{pointer: p, value: v, body: t.setting(map[string]any{p: v})})
	}
	return writes
}

// sendAll sends the writes at the same moment and returns those that were
// acknowledged.
func (t *trial) sendAll(writes []*write) []*write {
	gate := newGate(len(writes))
	concurrent.Together(len(writes), func(i int) {
		writes[i].ticket = &ticket{gate: gate}
		defer writes[i].ticket.arrive()
		writes[i].send(t)
	})
	var taken []*write
	for _, w := range writes {
		if w.acknowledged() {
			taken = append(taken, w)
		}
	}
	return taken
}

// A reader reads the user while others patch it.
type reader struct {
	t     *trial
	quiet object // the attributes of the patches that read; nil reads as the target says
}

// beside returns a reader that does not touch the written scalars. A patch that reads
// by repeating a known value could undo a write.
func (t *trial) beside(written []string) *reader {
	if t.target.Record == nil {
		return &reader{t: t}
	}
	for _, p := range pointers {
		isWritten := slices.ContainsFunc(written, func(w string) bool { return attributeOf(w) == attributeOf(p) })
		v, ok := lookup(t.original.attributes, p)
		if _, in := memberOf(p); ok && !in && !isWritten && !t.managed(p) {
			t.mustPatch(object{p[1:]: v})
			return &reader{t, object{p[1:]: v}}
		}
	}
	t.skipf("needs one more attribute, or another way to read (Target.ReadByGet)")
	return nil
}

func (r *reader) read() (state, error) {
	if r.quiet == nil {
		got, err := r.t.readRecord(r.t, r.t.target.User)
		if err != nil {
			return nil, err
		}
		return got.state, nil
	}
	m := r.t.patchOf(r.t.target.User, r.quiet)
	m.reads = true
	a, err := r.t.exchange(r.t, m)
	switch {
	case err != nil:
		return nil, err
	case a.status != http.StatusOK:
		return nil, fmt.Errorf("%d", a.status)
	}
	got, err := a.record()
	if err != nil {
		return nil, err
	}
	return got.state, nil
}

// mustRead returns the state of the user, and fails where it cannot be read.
func (t *trial) mustRead(side *reader) state {
	now, err := side.read()
	if err != nil {
		t.failf("to read the user back", "%s", unread(err))
	}
	return now
}

// apart returns essential scalars of different attributes that may be written: two or
// more, up to most.
func (t *trial) apart(most int) []string {
	var found []string
	seen := map[string]bool{}
	for _, p := range pointers {
		if essential[p] && t.notWritable(p) == "" && !seen[attributeOf(p)] && len(found) < most {
			seen[attributeOf(p)] = true
			found = append(found, p)
		}
	}
	if len(found) < 2 {
		t.skipf("needs two attributes that may be written; give the user more attributes")
	}
	return found
}

// steady returns the scalars that patches set when they are sent one after the other,
// by the record afterwards and by their answers. Of other scalars, concurrent patches
// would prove nothing.
func (t *trial) steady(pointers []string) []string {
	known := func(p string) bool { _, known := t.keeps[p]; return known }
	t.findKept(slices.DeleteFunc(slices.Clone(pointers), known))
	steady := slices.DeleteFunc(slices.Clone(pointers), func(p string) bool { return !t.keeps[p] })
	if len(steady) < 2 {
		t.skipf("of patches sent one after the other, the values of %d are kept", len(steady))
	}
	return steady
}

// findKept finds out for steady, once in a run, whether patches set the scalars.
func (t *trial) findKept(pointers []string) {
	if len(pointers) == 0 {
		return
	}
	writes := t.newWrites(pointers)
	for _, w := range writes {
		w.send(t)
	}
	now := t.read()
	for _, w := range writes {
		if !w.acknowledged() {
			t.keeps[w.pointer] = false
			continue
		}
		r, err := w.answer.record()
		want := normal(w.pointer, w.value)
		t.keeps[w.pointer] = err == nil && r.state[w.pointer] == want && now[w.pointer] == want
	}
}

// setOrSkip sets the values. The check does not run if they are not there afterwards.
func (t *trial) setOrSkip(values map[string]any) {
	w := &write{body: t.setting(values)}
	w.send(t)
	now := t.read()
	for p, v := range values {
		if !w.acknowledged() || now[p] != normal(p, v) {
			t.skipf("%s is not kept even without others", p)
		}
	}
}

// longWord returns a text of 40 letters, long for a name.
func (t *trial) longWord() string { return strings.Repeat(t.word(), 5) }

// freeText returns a writable scalar that takes any word.
func (t *trial) freeText(others ...string) string {
	for _, p := range []string{"/lastName", "/firstName", "/address/street", "/address/locality"} {
		if t.notWritable(p) == "" && !slices.Contains(others, p) {
			return p
		}
	}
	t.skipf("needs %d names or parts of an address that may be written", len(others)+1)
	return ""
}

// settings returns the attributes objects that set either scalar, or both, to their
// values.
func (t *trial) settings(names [2]string, values [2][]string) map[linear.Pair]object {
	bodies := map[linear.Pair]object{}
	for _, x := range append(values[0], "") {
		for _, y := range append(values[1], "") {
			set := map[string]any{}
			for i, v := range (linear.Pair{x, y}) {
				if v != "" {
					set[names[i]] = v
				}
			}
			bodies[linear.Pair{x, y}] = t.setting(set)
		}
	}
	return bodies
}

// callPair patches the user once; a patch of nothing reads.
func (t *trial) callPair(side *reader, names [2]string, body object) linear.Reply {
	if len(body) == 0 {
		seen, err := side.read()
		if err != nil {
			return linear.Reply{End: linear.EndRefused}
		}
		return linear.Reply{Seen: pairSeen(names, seen)}
	}
	w := &write{body: body}
	w.answer, w.err = t.exchange(t, t.patchOf(t.target.User, body))
	switch {
	case w.unclear():
		return linear.Reply{End: linear.EndUnclear}
	case !w.acknowledged():
		return linear.Reply{End: linear.EndRefused}
	}
	r, err := w.answer.record()
	if err != nil {
		return linear.Reply{End: linear.EndUnclear}
	}
	return linear.Reply{Seen: pairSeen(names, r.state)}
}

func pairSeen(names [2]string, s state) linear.Pair {
	var p linear.Pair
	for i, name := range names {
		if p[i] = apartFrom(s[name]); p[i] == "" {
			p[i] = linear.Absent
		}
	}
	return p
}
