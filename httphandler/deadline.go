package httphandler

import (
	"context"
	"sync"
	"time"
)

// A deadline is a context like that of [context.WithDeadline], whose timer starts only
// when somebody waits for it, since a timer costs more than a patch in memory.
type deadline struct {
	context.Context               // the parent
	at              time.Duration // by clock

	mu      sync.Mutex
	waiting context.Context // nil until Done is called
	stop    context.CancelFunc
	ended   error // why it has ended, once Err or end has found that out
}

// start makes d a context that ends after the timeout, or at end, which the caller must
// call.
func (d *deadline) start(parent context.Context, timeout time.Duration) {
	d.Context, d.at = parent, clock()+timeout
}

// end does nothing if d was not started.
func (d *deadline) end() {
	if d.Context == nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.waiting != nil:
		d.stop()
	case d.ended == nil:
		if d.ended = d.Context.Err(); d.ended == nil {
			d.ended = context.Canceled
		}
	}
}

// Deadline returns the earlier one of the parent's deadline and this one.
func (d *deadline) Deadline() (time.Time, bool) {
	own := d.time()
	if at, ok := d.Context.Deadline(); ok && at.Before(own) {
		return at, true
	}
	return own, true
}

// time returns when d ends, by the wall clock of today.
func (d *deadline) time() time.Time {
	now := time.Now()
	return now.Add(d.at - now.Sub(epoch))
}

// Done starts the timer.
func (d *deadline) Done() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.waiting == nil {
		d.waiting, d.stop = context.WithDeadline(d.Context, d.time())
		if d.ended != nil {
			d.stop()
		}
	}
	return d.waiting.Done()
}

// Err says what it would with a timer.
func (d *deadline) Err() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.ended != nil:
	case d.waiting != nil:
		return d.waiting.Err()
	case d.Context.Err() != nil:
		d.ended = d.Context.Err()
	case clock() >= d.at:
		d.ended = context.DeadlineExceeded
	}
	return d.ended
}

// Value asks the context with the timer, once there is one: so package context finds
// that out, and needs no goroutine for a context derived from this one.
func (d *deadline) Value(key any) any {
	d.mu.Lock()
	waiting := d.waiting
	d.mu.Unlock()
	if waiting != nil {
		return waiting.Value(key)
	}
	return d.Context.Value(key)
}
