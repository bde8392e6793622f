package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
)

// A curve is a set of ops measured at several points, such as numbers of users.
type curve struct {
	title  string
	of     string // what the points are, such as "users"
	points []point
}

// A point is the ops at one point of a curve. All points have ops of the same names.
type point struct {
	label string
	ops   []*op
}

// curveSizes are the points of the curves.
type curveSizes struct{ users, valueLength, goroutines []int }

var fullSizes = curveSizes{
	users:       []int{1_000, 100_000, 1_000_000},
	valueLength: []int{16, 128, 1024},
	goroutines:  []int{1, 2, 16, 128},
}

// drawCurves prints a table for each curve.
func drawCurves(ctx context.Context, cfg config, stdout io.Writer) error {
	for _, build := range []func(curveSizes) (curve, error){usersCurve, sizeCurve, coresCurve, contentionCurve} {
		c, err := build(cfg.curves)
		if err != nil {
			return err
		}
		runtime.GC() // frees what the last curve left
		if err := c.draw(ctx, cfg, stdout); err != nil {
			return err
		}
	}
	return heapCurve(ctx, cfg.curves, stdout)
}

func (c curve) draw(ctx context.Context, cfg config, stdout io.Writer) error {
	var ops []*op
	for _, p := range c.points {
		ops = append(ops, p.ops...)
	}
	if err := measure(ctx, cfg, ops); err != nil {
		return err
	}
	return writeTable(stdout, c.title, c.rows())
}

// rows returns the median of each op and its ratio to the previous point.
func (c curve) rows() [][]string {
	head := []string{c.of}
	for _, o := range c.points[0].ops {
		head = append(head, o.name+", ns", "step")
	}
	rows := [][]string{head}
	for i, p := range c.points {
		row := []string{p.label}
		for j, o := range p.ops {
			now := median(o.runs.nanoseconds)
			step := ""
			if i > 0 {
				step = "× " + digits(now/median(c.points[i-1].ops[j].runs.nanoseconds))
			}
			row = append(row, digits(now), step)
		}
		rows = append(rows, row)
	}
	return rows
}

// onCores returns run with GOMAXPROCS set to cores.
func onCores(cores int, run func(n int) error) func(n int) error {
	return func(n int) error {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
		return run(n)
	}
}

// allCores returns the numbers of cores to measure: 1, and 2 if there are that many.
func allCores() (all []int) {
	for cores := 1; cores <= min(2, runtime.NumCPU()); cores++ {
		all = append(all, cores)
	}
	return all
}

// label formats n with commas, as in 1,000,000.
func label(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", label(n/1000), n%1000)
}
