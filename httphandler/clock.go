package httphandler

import "time"

// epoch is some moment from which clock counts.
var epoch = time.Now()

// clock returns the time since epoch, which steps of the wall clock do not change. It
// costs half of [time.Now], which reads two clocks.
func clock() time.Duration { return time.Since(epoch) }

// moment returns the time.Time of a reading of the clock. Only its distance from other
// times is exact: after a step of the wall clock it shows what that clock would say
// without the step.
func moment(at time.Duration) time.Time { return epoch.Add(at) }
