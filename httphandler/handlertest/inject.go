package handlertest

import (
	"slices"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// injected is a fault that was injected.
type injected struct {
	fault Fault
	used  int
	left  int // or endless
}

// isUnused reports whether the fault was not used as often as it says.
func (i *injected) isUnused() bool { return i.left > 0 || i.used == 0 }

// Inject applies each fault to the next request, or to as many as the fault says (see
// [Fault.Times], [Fault.Always], [Fault.For]). A request uses at most one fault: of those
// for its user, the earliest injected one that is not applied always and is not used up,
// or, if there is none, the latest injected one that is applied always. It uses the fault
// even if it is refused for another reason first.
//
// A fault that was injected and not used fails the test of a [NewServer]; see
// [Fake.Unused].
func (f *Fake) Inject(faults ...Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, fault := range faults {
		i := &injected{fault: fault, left: max(fault.times, 1)}
		if fault.times == endless {
			i.left = endless
		}
		f.faults = append(f.faults, i)
	}
}

// Unused returns the faults that no request has used, or not as often as [Fault.Times]
// says. Those are left over: Times(3) after one use is returned as Times(2).
func (f *Fake) Unused() []Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	var unused []Fault
	for _, i := range f.faults {
		if i.isUnused() {
			fault := i.fault
			fault.times = i.left
			unused = append(unused, fault)
		}
	}
	return unused
}

// ClearFaults removes all faults, so that none is left unused.
func (f *Fake) ClearFaults() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = nil
}

// takeFault returns the fault of a request for the user, if it is for one, and uses it
// up. The caller holds f.mu.
func (f *Fake) takeFault(user uuid.NullUUID) Fault {
	var always *injected
	for _, i := range f.faults {
		switch {
		case i.left == 0 || i.fault.user.Valid && i.fault.user != user:
		case i.left == endless:
			always = i
		default:
			i.left--
			i.used++
			return i.fault
		}
	}
	if always == nil {
		return Fault{}
	}
	always.used++
	return always.fault
}

// Reset makes the fake what it was at the start: its users, no faults, no calls. A
// request that is under way changes nothing any more and is not recorded; if it is
// delayed, or was about to change a user, its connection is broken.
func (f *Fake) Reset() {
	f.gate.Lock() // no patch is being written
	defer f.gate.Unlock()
	f.mu.Lock()
	defer f.mu.Unlock()
	close(f.reset)
	f.reset = make(chan struct{})
	f.faults = nil
	f.forgetCalls()
	f.restoreUsers()
	f.notify()
}

func (f *Fake) restoreUsers() {
	for _, user := range f.allUsers() {
		if !slices.ContainsFunc(f.users, func(u userstore.User) bool { return u.ID == user.ID }) {
			must(f.Store.Delete(noContext, user.ID))
		}
	}
	for _, user := range f.users {
		_, err := f.Store.Put(noContext, user)
		must(err)
	}
}
