package sqlstore

import (
	"context"
	"time"
)

// checking lets one check run at a time, since a check needs two connections at
// once.
type checking struct {
	running chan struct{} // holds one element while a check runs
	began   time.Time     // of the last check
	failure error         // of it
}

func newChecking() *checking { return &checking{running: make(chan struct{}, 1)} }

// alone calls do while nobody else checks. Who has waited for all of a check that
// failed shares its error: the next one would take as long.
func (c *checking) alone(ctx context.Context, do func() error) error {
	arrived := time.Now()
	select {
	case c.running <- struct{}{}:
		defer func() { <-c.running }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if c.failure != nil && c.began.After(arrived) {
		return c.failure
	}
	c.began, c.failure = time.Now(), nil
	err := do()
	if ctx.Err() == nil { // which may be why
		c.failure = err
	}
	return err
}
