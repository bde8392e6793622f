package drivertest

import (
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/userrecord/userrecord/userstore"
)

// A history is what writers did to one user, for [history.lost] to judge. Every
// value in it is written once.
type history struct {
	clock  atomic.Int64
	mu     sync.Mutex
	writes map[string]map[string]span // by place and value
	views  []view
}

// A span is from before a call to after its return.
type span struct{ began, ended int64 }

// A view is a record, as a call returned it.
type view struct {
	span
	record values
	place  string // that the call wrote, "" for none
	value  string
}

// newHistory begins with a record.
func newHistory(first values) *history {
	h := &history{writes: make(map[string]map[string]span)}
	for place, value := range first {
		h.writes[place] = map[string]span{value: {}}
	}
	return h
}

// write adds a call that writes a value, and returns that call's error.
func (h *history) write(place, value string, call func(userstore.Attributes) (userstore.User, error)) error {
	patch := values{place: value}.attributes()
	began := h.clock.Add(1)
	user, err := call(patch)
	ended := h.clock.Add(1)
	if err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.writes[place][value] = span{began, ended}
	h.views = append(h.views, view{span{began, ended}, valuesOf(user.Attributes), place, value})
	return nil
}

// end adds the record that is there when nobody writes any more.
func (h *history) end(last userstore.User) {
	now := h.clock.Add(1)
	h.views = append(h.views, view{span: span{now, now}, record: valuesOf(last.Attributes)})
}

// lost lists where a record does not hold its own write, or holds one that
// another write had replaced: one that began after the old one had returned,
// and that had returned before the record was asked for.
func (h *history) lost() (lost []string) {
	for _, v := range h.views {
		if v.record[v.place] != v.value {
			lost = append(lost, fmt.Sprintf("%s: %q was acknowledged with %q in its place", v.place, v.value, v.record[v.place]))
		}
		for _, place := range scalars {
			if fault := h.stale(v, place); fault != "" {
				lost = append(lost, fmt.Sprintf("%s: %s", place, fault))
			}
		}
	}
	return lost
}

func (h *history) stale(v view, place string) string {
	old := v.record[place]
	wrote, known := h.writes[place][old]
	if !known {
		return fmt.Sprintf("%q was never acknowledged", old)
	}
	for value, s := range h.writes[place] {
		if s.began > wrote.ended && s.ended < v.began {
			return fmt.Sprintf("%q was acknowledged and is gone: %q is back", value, old)
		}
	}
	return ""
}
