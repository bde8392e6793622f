package suite

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/userrecord/userrecord/conformance"
)

// The context of a run ends by itself, and says why it ended.
func TestLimited(t *testing.T) {
	for name, tt := range map[string]struct {
		options conformance.Options
		wait    time.Duration // until the run is stopped
		want    string
	}{
		"default":       {conformance.Options{}, time.Hour, "the run took longer than 15m0s (Options.MaxTime)"},
		"chosen":        {conformance.Options{MaxTime: time.Second}, time.Hour, "the run took longer than 1s (Options.MaxTime)"},
		"stopped first": {conformance.Options{}, time.Minute, "the run was stopped"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				outer, stop := context.WithTimeout(t.Context(), tt.wait)
				defer stop()
				ctx, cancel := Limited(outer, &tt.options)
				defer cancel()
				if got := Obstacle(ctx); got != "" {
					t.Errorf("at the beginning: %q", got)
				}
				<-ctx.Done()
				if got := Obstacle(ctx); got != tt.want {
					t.Errorf("%q, want %q", got, tt.want)
				}
			})
		})
	}
}

func TestTimeout(t *testing.T) {
	for want, o := range map[time.Duration]conformance.Options{
		10 * time.Second: {},
		time.Minute:      {Timeout: time.Minute},
		time.Second:      {Timeout: time.Minute, MaxTime: time.Second},
		time.Millisecond: {MaxTime: time.Millisecond},
	} {
		if got := Timeout(&o); got != want {
			t.Errorf("%v, want %v", got, want)
		}
	}
}

func TestBefore(t *testing.T) {
	deadline, ok := t.Deadline()
	if !ok {
		t.Skip("the test has no deadline")
	}
	left := time.Until(deadline)
	if got := MaxTime(Before(t)); got <= 0 || got > 15*time.Minute || got >= left {
		t.Errorf("%v, with %v left", got, left)
	}
}
