package sqlstore

import (
	"context"
	"time"
)

// A checkOnce runs one check at a time, since each check needs two connections.
type checkOnce struct {
	running chan struct{} // holds one element while a check runs
	began   time.Time     // of the last check
	failure error         // of the last check
}

func newCheckOnce() *checkOnce { return &checkOnce{running: make(chan struct{}, 1)} }

// run calls check while no other one runs. A caller that has waited for all of a
// check that failed shares its error: another check would take as long.
func (c *checkOnce) run(ctx context.Context, check func() error) error {
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
	err := check()
	if ctx.Err() == nil { // otherwise that may be why it failed
		c.failure = err
	}
	return err
}
