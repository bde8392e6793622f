package handlertest

import (
	"maps"
	"net"
	"slices"
)

// Operations returns the operations of the control endpoint, such as "GET /__admin/calls".
func (f *Fake) Operations() []string { return slices.Sorted(maps.Keys(f.controls())) }

// NewSingleListener returns a listener that accepts the connection.
func NewSingleListener(conn net.Conn) net.Listener { return &singleListener{conn} }

// ReportLeftOver is what NewServer does at the end of a test.
func (f *Fake) ReportLeftOver(t TB) { f.reportLeftOver(t) }

// FaultNames returns the names of the faults that JSON can have.
func FaultNames() []string { return faultNames() }
