package handlertest

import (
	"maps"
	"slices"
)

// Operations returns the operations of the control endpoint, such as "GET /__admin/calls".
func (f *Fake) Operations() []string { return slices.Sorted(maps.Keys(f.controls())) }

// FaultNames returns the names of the faults that JSON can have.
func FaultNames() []string { return faultNames() }
