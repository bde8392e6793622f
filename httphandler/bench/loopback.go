package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/userrecord/userrecord/httphandler/bench/contestant"
)

const connections = 64

// A visit is one contestant: its server, and what each round measured.
type visit struct {
	name      string
	server    *server
	perSecond []float64 // requests
	cpu       []float64 // the server's processor time for a request, in microseconds
	busy      []float64 // the share of the time in which the server ran
}

// compareOverLoopback measures all contestants with the requests that are not refused.
// The server is a process on one core, the load a process on another.
func compareOverLoopback(ctx context.Context, cfg config, stdout io.Writer) error {
	cores, err := twoCores()
	if err != nil {
		return err
	}
	if cfg.profiles != "" {
		if err := os.MkdirAll(cfg.profiles, 0o755); err != nil {
			return err
		}
	}
	var results []result
	for _, request := range contestant.Requests {
		if request.Status != 200 {
			continue
		}
		visits, err := visitAll(ctx, cfg, request, cores)
		if err != nil {
			return err
		}
		rows := append([][]string{{request.Name, "ratio of requests/s", "requests/s", "ratio of CPU", "CPU µs/request", "server busy"}}, loopbackRows(visits)...)
		title := fmt.Sprintf("Over loopback with %d connections, request %q, to the %s:", connections, request.Name, contestant.Bare)
		if err := writeTable(stdout, title, rows); err != nil {
			return err
		}
		for _, v := range visits {
			results = append(results, result{request.Name, v.name, quartilesOf(ratios(v.perSecond, visits[0].perSecond))})
		}
	}
	return draw(cfg.svg, "Requests a second over loopback, to the "+contestant.Bare, results)
}

func visitAll(ctx context.Context, cfg config, request contestant.Request, cores [2]int) (visits []*visit, err error) {
	defer func() {
		for _, v := range visits {
			err = errors.Join(err, v.server.stop())
		}
	}()
	for _, c := range contestant.All {
		s, err := startServer(ctx, cores[0], c.Name, request.Name, profileName(cfg.profiles, c.Name, request.Name))
		if err != nil {
			return visits, err
		}
		visits = append(visits, &visit{name: c.Name, server: s})
	}
	for range cfg.rounds {
		for _, v := range visits {
			if err := v.round(ctx, cfg.time, request, cores[1]); err != nil {
				return visits, fmt.Errorf("%s: %w", v.name, err)
			}
		}
	}
	return visits, nil
}

// profileName returns the file for the profile of a server, or "" for none.
func profileName(folder, contestant, request string) string {
	if folder == "" {
		return ""
	}
	return filepath.Join(folder, request+"-"+strings.NewReplacer(", ", "-", " ", "-", "/", "-").Replace(contestant)+".pprof")
}

func (v *visit) round(ctx context.Context, duration time.Duration, request contestant.Request, core int) error {
	before, err := v.server.processorTime()
	if err != nil {
		return err
	}
	begin := time.Now()
	done, err := runLoad(ctx, core, v.server.address, request.Name, duration)
	if err != nil {
		return err
	}
	after, err := v.server.processorTime()
	if err != nil {
		return err
	}
	used := after - before
	v.perSecond = append(v.perSecond, float64(done.Requests)/done.Elapsed.Seconds())
	v.cpu = append(v.cpu, float64(used.Microseconds())/float64(done.Requests))
	v.busy = append(v.busy, float64(used)/float64(time.Since(begin)))
	return nil
}

// loopbackRows compares the visits with the first one, which is the bare floor.
func loopbackRows(visits []*visit) (rows [][]string) {
	floor := visits[0]
	for _, v := range visits {
		rows = append(rows, []string{
			v.name,
			quartilesOf(ratios(v.perSecond, floor.perSecond)).String(),
			digits(median(v.perSecond)),
			quartilesOf(ratios(v.cpu, floor.cpu)).String(),
			digits(median(v.cpu)),
			fmt.Sprintf("%.0f %%", 100*median(v.busy)),
		})
	}
	return rows
}
