package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/httphandler/bench/contestant"
	"github.com/userrecord/userrecord/userstore"
)

// loadCommand sends a request to an address for a duration, on all connections at
// once, and prints a loadResult as JSON.
const loadCommand = "load"

// A loadResult counts the answers. Each was 200 and as long as the first one on its
// connection.
type loadResult struct {
	Requests int64
	Elapsed  time.Duration
}

func load(_ context.Context, args []string, _ io.Reader, stdout io.Writer) error {
	if len(args) != 3 {
		return usagef("load ADDRESS REQUEST DURATION")
	}
	request, err := requestOf(args[1])
	if err != nil {
		return err
	}
	duration, err := time.ParseDuration(args[2])
	if err != nil {
		return usageError{err}
	}
	done, err := sendAll(args[0], wire(request), duration)
	if err != nil {
		return err
	}
	return json.NewEncoder(stdout).Encode(done)
}

// wire returns the bytes of the request in HTTP/1.1.
func wire(request contestant.Request) []byte {
	id := userstore.ExampleUser().ID
	body := request.Body(id)
	return fmt.Appendf(nil, "PATCH /users/%s HTTP/1.1\r\nHost: localhost\r\nAccept: %[2]s\r\nContent-Type: %[2]s\r\nContent-Length: %d\r\n\r\n%s",
		id, httphandler.MediaType, len(body), body)
}

// sendAll sends the request on all connections for the duration and returns the first
// error. The time starts when all connections are open. Each connection sends at least
// once, because on a busy machine a short time could end before the first answer.
func sendAll(address string, request []byte, duration time.Duration) (loadResult, error) {
	conns, err := dialAll(address, connections)
	defer closeAll(conns)
	if err != nil {
		return loadResult{}, err
	}
	var (
		answers atomic.Int64
		stop    atomic.Bool
		group   sync.WaitGroup
		failed  = make(chan error, len(conns))
	)
	begin := time.Now()
	timer := time.AfterFunc(duration, func() { stop.Store(true) })
	defer timer.Stop()
	for _, conn := range conns {
		group.Go(func() {
			if err := send(conn, request, begin.Add(duration+answerTimeout), &answers, &stop); err != nil {
				stop.Store(true)
				failed <- err
			}
		})
	}
	group.Wait()
	elapsed := time.Since(begin)
	select {
	case err := <-failed:
		return loadResult{}, err
	default:
		return loadResult{answers.Load(), elapsed}, nil
	}
}

// dialAll opens n connections. On an error it returns those that it has opened.
func dialAll(address string, n int) (conns []net.Conn, err error) {
	for range n {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			return conns, err
		}
		conns = append(conns, conn)
	}
	return conns, nil
}

func closeAll(conns []net.Conn) {
	for _, conn := range conns {
		conn.Close()
	}
}

// answerTimeout is how long an answer may take after the duration has ended.
const answerTimeout = 10 * time.Second

// send sends requests on one connection until stop, at least one.
func send(conn net.Conn, request []byte, deadline time.Time, answers *atomic.Int64, stop *atomic.Bool) error {
	if err := conn.SetDeadline(deadline); err != nil {
		return err
	}
	reader := newAnswerReader(conn)
	for {
		if _, err := conn.Write(request); err != nil {
			return err
		}
		if err := reader.next(); err != nil {
			return err
		}
		answers.Add(1)
		if stop.Load() {
			return nil
		}
	}
}
