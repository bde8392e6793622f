package suite

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/userrecord/userrecord/conformance"
)

// A Stop is why a run ends before its time: the cause of its context.
type Stop string

// Error returns the reason.
func (s Stop) Error() string { return string(s) }

// Stopped is the obstacle where whoever started the run stopped it.
const Stopped = "the run was stopped"

// Limited returns the context of a run: it is done when ctx is, or after
// Options.MaxTime.
func Limited(ctx context.Context, o *conformance.Options) (context.Context, context.CancelFunc) {
	limit := MaxTime(o)
	return context.WithTimeoutCause(ctx, limit, Stop(fmt.Sprintf("the run took longer than %v (Options.MaxTime)", limit)))
}

// Obstacle returns why the context of a run is done, or "" if it is not.
func Obstacle(ctx context.Context) string {
	if ctx.Err() == nil {
		return ""
	}
	var stop Stop
	if errors.As(context.Cause(ctx), &stop) {
		return string(stop)
	}
	return Stopped
}

// Before returns the options of a run that ends before the deadline of the test, with
// time for the restoration: at its deadline go test ends the process.
func Before(t *testing.T) *conformance.Options {
	var o conformance.Options
	if deadline, ok := t.Deadline(); ok {
		left := time.Until(deadline)
		o.MaxTime = min(MaxTime(&o), max(left-time.Minute, left/2, time.Nanosecond))
	}
	return &o
}
