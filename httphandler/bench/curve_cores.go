package main

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"sync"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/httphandler/bench/contestant"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// A crowd is a number of goroutines that patch at the same time, each its own user or
// all the same user.
type crowd struct {
	store userstore.Store
	ids   []uuid.UUID // the user of each goroutine
	cores int
}

func newCrowd(goroutines, cores int, oneUser bool) (crowd, error) {
	store := new(memstore.Store)
	c := crowd{store: store, cores: cores}
	err := newUsers(goroutines, func(u userstore.User) error {
		c.ids = append(c.ids, u.ID)
		_, err := store.Create(context.Background(), u)
		return err
	})
	for i := range c.ids {
		if oneUser {
			c.ids[i] = c.ids[0]
		}
	}
	return c, err
}

// do returns a function that splits n calls among the goroutines.
func (c crowd) do(calls []func(n int) error) func(n int) error {
	return onCores(c.cores, func(n int) error {
		errs := make([]error, len(calls))
		var group sync.WaitGroup
		for i, call := range calls {
			group.Go(func() { errs[i] = call(n/len(calls) + 1) })
		}
		group.Wait()
		return errors.Join(errs...)
	})
}

// patches returns a function that makes n patches of the store.
func (c crowd) patches() func(n int) error {
	var calls []func(int) error
	for _, id := range c.ids {
		calls = append(calls, patchStore(c.store, []uuid.UUID{id}))
	}
	return c.do(calls)
}

// requests returns a function that sends n requests to the handler.
func (c crowd) requests() func(n int) error {
	mux := http.NewServeMux()
	mux.Handle("/users/{userId}", httphandler.New(c.store, httphandler.InsecureAllowEveryone(), nil))
	return c.requestsOf(mux)
}

func (c crowd) requestsOf(server http.Handler) func(n int) error {
	request := contestant.Requests[0]
	var calls []func(int) error
	for _, id := range c.ids {
		call := contestant.NewCall(request, id)
		calls = append(calls, func(n int) error { return repeat(call, server, n, request.Status) })
	}
	return c.do(calls)
}

// coresCurve measures one goroutine and one user on each core.
func coresCurve(curveSizes) (curve, error) {
	c := curve{title: "On more cores, a goroutine and a user for each, time by the number of patches:", of: "cores"}
	floor, err := floorHandler()
	if err != nil {
		return c, err
	}
	for _, cores := range allCores() {
		crowd, err := newCrowd(cores, cores, false)
		if err != nil {
			return c, err
		}
		c.points = append(c.points, point{label(cores), []*op{
			{name: contestant.Floor, run: crowd.requestsOf(floor)},
			{name: "handler", run: crowd.requests()},
			{name: "memstore", run: crowd.patches()},
		}})
	}
	return c, nil
}

func floorHandler() (http.Handler, error) {
	c, err := contestantOf(contestant.Floor)
	if err != nil {
		return nil, err
	}
	return newServer(c, contestant.Requests[0])
}

// contentionCurve measures more and more goroutines, all with the same user or each
// with its own.
func contentionCurve(sizes curveSizes) (curve, error) {
	c := curve{title: "Against contention, on all cores, time by the number of patches:", of: "goroutines"}
	for _, goroutines := range sizes.goroutines {
		own, err := newCrowd(goroutines, runtime.NumCPU(), false)
		if err != nil {
			return c, err
		}
		one, err := newCrowd(goroutines, runtime.NumCPU(), true)
		if err != nil {
			return c, err
		}
		c.points = append(c.points, point{label(goroutines), []*op{
			{name: "handler, own users", run: own.requests()},
			{name: "handler, one user", run: one.requests()},
			{name: "memstore, own users", run: own.patches()},
			{name: "memstore, one user", run: one.patches()},
		}})
	}
	return c, nil
}
