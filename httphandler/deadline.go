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

	mu    sync.Mutex
	timer *timer // nil until Done is called or the context is found to have ended
}

// A timer is a context that ends with a deadline.
type timer struct {
	context.Context
	stop context.CancelFunc
}

// canceled stands for the timer of a deadline that never had one before end.
var canceled = func() *timer {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	return &timer{ctx, stop}
}()

// start makes d a context that ends after the timeout, or at end, which the caller must
// call.
func (d *deadline) start(parent context.Context, timeout time.Duration) {
	d.Context, d.at = parent, clock()+timeout
}

func (d *deadline) end() {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.timer != nil:
		d.timer.stop()
	case d.Context.Err() != nil:
		d.startTimer() // ends as the parent has
	default:
		d.timer = canceled
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

// startTimer must be called only once, with the lock.
func (d *deadline) startTimer() {
	ctx, stop := context.WithDeadline(d.Context, d.time())
	d.timer = &timer{ctx, stop}
}

// Done starts the timer.
func (d *deadline) Done() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.timer == nil {
		d.startTimer()
	}
	return d.timer.Done()
}

// Err says what it would with a timer.
func (d *deadline) Err() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.timer == nil {
		if d.Context.Err() == nil && clock() < d.at {
			return nil
		}
		d.startTimer()
	}
	return d.timer.Err()
}

// Value asks the context with the timer, once there is one: so package context finds
// that out, and needs no goroutine for a context derived from this one.
func (d *deadline) Value(key any) any {
	d.mu.Lock()
	timer := d.timer
	d.mu.Unlock()
	if timer != nil && timer != canceled {
		return timer.Value(key)
	}
	return d.Context.Value(key)
}
