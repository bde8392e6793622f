package main

import (
	"context"
	"runtime"
	"time"
)

// An op is something to measure.
type op struct {
	name string
	run  func(n int) error // does it n times
	n    int               // how often it fits into the time of a round
	runs runs
}

// runs are the costs of one op, one figure for each round.
type runs struct{ nanoseconds, allocs, bytes []float64 }

// measure runs the ops in turn, so that a disturbance of the machine affects all of
// them alike.
func measure(ctx context.Context, cfg config, ops []*op) error {
	for _, o := range ops {
		if err := o.calibrate(cfg.time); err != nil {
			return err
		}
	}
	for range cfg.rounds {
		for _, o := range ops {
			if err := ctx.Err(); err != nil {
				return err
			}
			if cfg.collect {
				runtime.GC()
			}
			if err := o.round(); err != nil {
				return err
			}
		}
	}
	return nil
}

// minRuns is so many that the few allocations of the runtime itself do not count, even
// if the system stops the process while it calibrates.
const minRuns = 100

// calibrate finds n, which also warms up.
func (o *op) calibrate(target time.Duration) error {
	for o.n = 1; ; {
		begin := time.Now()
		if err := o.run(o.n); err != nil {
			return err
		}
		took := max(time.Since(begin), 1)
		if took >= target/4 {
			o.n = max(minRuns, int(float64(o.n)*float64(target)/float64(took)))
			return nil
		}
		o.n *= 2
	}
}

func (o *op) round() error {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	begin := time.Now()
	err := o.run(o.n)
	took := time.Since(begin)
	runtime.ReadMemStats(&after)
	per := func(total uint64) float64 { return float64(total) / float64(o.n) }
	o.runs.nanoseconds = append(o.runs.nanoseconds, per(uint64(took)))
	o.runs.allocs = append(o.runs.allocs, per(after.Mallocs-before.Mallocs))
	o.runs.bytes = append(o.runs.bytes, per(after.TotalAlloc-before.TotalAlloc))
	return err
}
