package main

import (
	"errors"
	"fmt"
	"time"
)

// A durableVisit is a rival that runs, and what the rounds measured.
type durableVisit struct {
	rival    rival
	database string // the file or URL
	server   *process
	load     *patchLoad
	figures  []durableFigures // by the index of the number of connections
}

// durableFigures are one figure for each round.
type durableFigures struct {
	perSecond []float64 // patches
	p50, p99  []float64 // milliseconds
	server    []float64 // processor time for a patch, in milliseconds
	engine    []float64 // the same of the database server
	memory    []float64 // the largest resident set of the server, in MB
	failed    int       // answers that were not 200
}

// round measures n connections for the duration.
func (v *durableVisit) round(i, n int, duration time.Duration, engine *process) error {
	if err := resetPeak(v.server.pid()); err != nil {
		return err
	}
	before, err := v.used(engine)
	if err != nil {
		return err
	}
	done, err := v.load.run(n, duration)
	if err != nil {
		return err
	}
	if len(done.latencies) == 0 {
		return errors.New("no patch succeeded")
	}
	after, err := v.used(engine)
	if err != nil {
		return err
	}
	peak, err := peakOf(v.server.pid())
	if err != nil {
		return err
	}
	v.figures[i].add(done, duration, after.minus(before), peak)
	return nil
}

func (f *durableFigures) add(done patchResult, duration time.Duration, used processors, peak int64) {
	per := func(t time.Duration) float64 { return milliseconds(t) / float64(len(done.latencies)) }
	// At least one, so that nothing is divided by zero where a round is too short.
	f.perSecond = append(f.perSecond, float64(max(done.inTime, 1))/duration.Seconds())
	f.p50 = append(f.p50, milliseconds(percentile(done.latencies, 50)))
	f.p99 = append(f.p99, milliseconds(percentile(done.latencies, 99)))
	f.server = append(f.server, per(used.server))
	f.engine = append(f.engine, per(used.engine))
	f.memory = append(f.memory, float64(peak)/1e6)
	f.failed += done.failed
}

// processors are processor times.
type processors struct{ server, engine time.Duration }

func (p processors) minus(q processors) processors {
	return processors{p.server - q.server, p.engine - q.engine}
}

func (v *durableVisit) used(engine *process) (used processors, err error) {
	if used.server, err = timeOf(v.server.pid()); err != nil || engine == nil {
		return used, err
	}
	used.engine, err = treeTimeOf(engine.pid())
	return used, err
}

func milliseconds(t time.Duration) float64 { return float64(t) / float64(time.Millisecond) }

// killAll kills the servers that run, with SIGKILL.
func killAll(visits []*durableVisit) (err error) {
	for _, v := range visits {
		err = errors.Join(err, v.server.kill())
	}
	return err
}

func durableTitle(database string, n int) string {
	if n == 1 {
		return database + ", 1 connection:"
	}
	return fmt.Sprintf("%s, %d connections:", database, n)
}

// durableRows compares the visits with the first one, which is userserver. A millisecond
// for a patch is a second for 1,000 patches.
func durableRows(visits []*durableVisit, i int, withEngine bool) [][]string {
	header := []string{"server", "patches/s", "userserver's rate to this one's", "p50 ms", "p99 ms", "CPU s/1,000"}
	if withEngine {
		header = append(header, "of the database")
	}
	rows := [][]string{append(header, "memory MB", "failed")}
	for _, v := range visits {
		f := v.figures[i]
		row := []string{
			v.rival.name,
			digits(median(f.perSecond)),
			quartilesOf(ratios(visits[0].figures[i].perSecond, f.perSecond)).String(),
			digits(median(f.p50)),
			digits(median(f.p99)),
			digits(median(f.server)),
		}
		if withEngine {
			row = append(row, digits(median(f.engine)))
		}
		rows = append(rows, append(row, digits(median(f.memory)), fmt.Sprint(f.failed)))
	}
	return rows
}
