package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime/pprof"

	"github.com/userrecord/userrecord/httphandler/bench/contestant"
)

// serveCommand serves a contestant for a request. It prints its address. Then, for each
// line of its input, it prints the processor time that it has used, in nanoseconds. It
// ends with its input. The third argument is the file for its CPU profile, or "".
const serveCommand = "serve"

func serve(_ context.Context, args []string, stdin io.Reader, stdout io.Writer) error {
	if len(args) != 3 {
		return usagef("serve CONTESTANT REQUEST PROFILE")
	}
	c, err := contestantOf(args[0])
	if err != nil {
		return err
	}
	request, err := requestOf(args[1])
	if err != nil {
		return err
	}
	h, err := newServer(c, request)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: h}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	fmt.Fprintln(stdout, listener.Addr())
	if err := profiled(args[2], func() error { return tellProcessorTime(stdin, stdout) }); err != nil {
		return err
	}
	if err := server.Close(); err != nil {
		return err
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// profiled calls do and writes its CPU profile into the file, unless name is "".
func profiled(name string, do func() error) (err error) {
	if name == "" {
		return do()
	}
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if err := pprof.StartCPUProfile(file); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	return do()
}

func tellProcessorTime(stdin io.Reader, stdout io.Writer) error {
	lines := bufio.NewScanner(stdin)
	for lines.Scan() {
		used, err := processorTime()
		if err != nil {
			return err
		}
		fmt.Fprintln(stdout, used.Nanoseconds())
	}
	return lines.Err()
}

func contestantOf(name string) (contestant.Contestant, error) {
	return find(contestant.All, func(c contestant.Contestant) bool { return c.Name == name })
}

func requestOf(name string) (contestant.Request, error) {
	return find(contestant.Requests, func(r contestant.Request) bool { return r.Name == name })
}

func find[T any](all []T, is func(T) bool) (none T, _ error) {
	for _, one := range all {
		if is(one) {
			return one, nil
		}
	}
	return none, usagef("there is no such contestant or request")
}
