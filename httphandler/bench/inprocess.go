package main

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/userrecord/userrecord/httphandler/bench/contestant"
	"github.com/userrecord/userrecord/userstore"
)

// compareInProcess measures every contestant with every request, without a network.
func compareInProcess(ctx context.Context, cfg config, stdout io.Writer) error {
	var ops []*op
	for _, request := range contestant.Requests {
		for _, c := range contestant.All {
			o, err := newContest(c, request)
			if err != nil {
				return err
			}
			ops = append(ops, o)
		}
	}
	if err := measure(ctx, cfg, ops); err != nil {
		return err
	}
	var results []result
	for i, request := range contestant.Requests {
		group := ops[i*len(contestant.All):][:len(contestant.All)]
		rows := append([][]string{{request.Name, "ratio of time", "ns", "allocations", "bytes"}}, inProcessRows(group)...)
		if err := writeTable(stdout, fmt.Sprintf("In process, request %q, to the %s:", request.Name, contestant.Floor), rows); err != nil {
			return err
		}
		for j, o := range group {
			results = append(results, result{request.Name, contestant.All[j].Name, timeRatio(group, o)})
		}
	}
	return draw(cfg.svg, "Time of a patch in process, to the "+contestant.Floor, results)
}

// newContest returns the op that sends the request to the contestant.
func newContest(c contestant.Contestant, request contestant.Request) (*op, error) {
	h, err := newServer(c, request)
	if err != nil {
		return nil, err
	}
	call := contestant.NewCall(request, userstore.ExampleUser().ID)
	return &op{name: c.Name, run: func(n int) error { return repeat(call, h, n, request.Status) }}, nil
}

// newServer returns the server of the contestant, with the example user.
func newServer(c contestant.Contestant, request contestant.Request) (http.Handler, error) {
	user := userstore.ExampleUser()
	fixed, err := contestant.AnswerOf(user, request)
	if err != nil {
		return nil, err
	}
	return c.New([]userstore.User{user}, fixed)
}

func repeat(call *contestant.Call, h http.Handler, n, status int) error {
	for range n {
		if got := call.Do(h); got != status {
			return fmt.Errorf("status %d, want %d", got, status)
		}
	}
	return nil
}

func inProcessRows(group []*op) (rows [][]string) {
	for _, o := range group {
		rows = append(rows, []string{
			o.name,
			timeRatio(group, o).String(),
			digits(median(o.runs.nanoseconds)),
			fmt.Sprintf("%.0f", median(o.runs.allocs)),
			fmt.Sprintf("%.0f", median(o.runs.bytes)),
		})
	}
	return rows
}

// timeRatio returns the time of o as a ratio to the mux floor of its group.
func timeRatio(group []*op, o *op) quartiles {
	for _, floor := range group {
		if floor.name == contestant.Floor {
			return quartilesOf(ratios(o.runs.nanoseconds, floor.runs.nanoseconds))
		}
	}
	panic("no floor in the group")
}
