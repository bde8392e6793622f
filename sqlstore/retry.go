package sqlstore

import (
	"cmp"
	"context"
	"math/rand/v2"
	"time"
)

// A call is one call of a method of the Store.
type call struct {
	op     string // for the error
	needs  readiness
	resend bool // also if the outcome of an attempt is unknown
}

// retry makes attempts until one succeeds or fails for good, or the bounds of
// [Options.MaxRetries] are reached. Once the outcome of one is unknown, it stays
// unknown unless a later one succeeds.
func retry[T any](ctx context.Context, s *Store, c call, attempt func() (T, error)) (none T, err error) {
	if err := ctx.Err(); err != nil {
		return none, err
	}
	var unknown error
	began := time.Now()
	for n := 0; ; n++ {
		result, failure := attemptOnce(ctx, s, c.needs, attempt)
		if failure == nil {
			return result, nil
		}
		kind, err := s.explain(ctx, c.op, failure)
		if kind == kindLost {
			unknown = err
		}
		if n >= s.opts.MaxRetries || !kind.isRetried(c.resend) || time.Since(began) > retryTime {
			return none, cmp.Or(unknown, err)
		}
		if !pause(ctx, n) {
			_, err = s.explain(ctx, c.op, failure) // again, now that ctx is done
			return none, cmp.Or(unknown, err)
		}
	}
}

func attemptOnce[T any](ctx context.Context, s *Store, needs readiness, attempt func() (T, error)) (none T, err error) {
	if err := s.ensureReady(ctx, needs); err != nil {
		return none, err
	}
	return attempt()
}

// isRetried reports whether an attempt that ended so is followed by another one.
func (k errorKind) isRetried(resend bool) bool {
	return k == kindConflict || k == kindUnavailable || k == kindLost && resend
}

// retryTime is how long after the first attempt another one may begin. Connecting
// may take long.
const retryTime = 5 * time.Second

const (
	firstPause = time.Millisecond
	maxPause   = 100 * time.Millisecond
)

// pause waits between attempt n, counted from 0, and the next one. It reports
// whether ctx is still alive.
func pause(ctx context.Context, n int) bool {
	longest := min(firstPause<<min(n, 10), maxPause)
	timer := time.NewTimer(rand.N(longest))
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}
