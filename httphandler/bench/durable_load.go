package main

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
)

// A patchLoad patches users at one server. It knows what each user must have afterwards.
type patchLoad struct {
	address string
	form    requestForm
	users   []uuid.UUID
	serial  atomic.Int64
	last    []string // names of each user that were acknowledged last; "" if that is not known
}

// A requestForm is how a server wants its requests.
type requestForm struct {
	path      string // before the id
	mediaType string
	body      string   // a format of the id (%[1]s) and two names (%[2]s, %[3]s)
	wants     []string // what an answer contains, beside the names
}

// A patchResult is what a run has measured.
type patchResult struct {
	inTime    int             // patches that were acknowledged within the duration
	failed    int             // answers that were not 200
	latencies []time.Duration // of all acknowledged patches
}

// run patches users on n connections for the duration. The connections patch different
// users, so that it is clear which patch of a user is the last.
func (l *patchLoad) run(n int, duration time.Duration) (patchResult, error) {
	conns, err := dialAll(l.address, n)
	defer closeAll(conns)
	if err != nil {
		return patchResult{}, err
	}
	results, errs := make([]patchResult, n), make([]error, n)
	var group sync.WaitGroup
	end := time.Now().Add(duration)
	for i, conn := range conns {
		group.Go(func() { results[i], errs[i] = l.patchUntil(end, conn, i, n) })
	}
	group.Wait()
	var all patchResult
	for _, r := range results {
		all.inTime += r.inTime
		all.failed += r.failed
		all.latencies = append(all.latencies, r.latencies...)
	}
	slices.Sort(all.latencies)
	return all, errors.Join(errs...)
}

// patchTimeout is how long an answer may take after the end: a server may wait for a
// lock.
const patchTimeout = time.Minute

// patchUntil patches every nth user until the end, at least one. It begins with any.
func (l *patchLoad) patchUntil(end time.Time, conn net.Conn, first, n int) (r patchResult, err error) {
	if err := conn.SetDeadline(end.Add(patchTimeout)); err != nil {
		return r, err
	}
	reader := newAnswerReader(conn)
	share := (len(l.users) - first + n - 1) / n // users of this connection
	for turn := rand.IntN(share); ; turn = (turn + 1) % share {
		i := first + turn*n
		begin := time.Now()
		failed, err := l.patch(conn, reader, i)
		answered := time.Now()
		switch {
		case err != nil:
			return r, err
		case failed:
			r.failed++
		default:
			r.latencies = append(r.latencies, answered.Sub(begin))
			if answered.Before(end) {
				r.inTime++
			}
		}
		if answered.After(end) {
			return r, nil
		}
	}
}

// patch patches a user and checks the answer. The first one on a connection must have the
// whole record; the others are as long as that.
func (l *patchLoad) patch(conn net.Conn, reader *answerReader, i int) (failed bool, err error) {
	serial := l.serial.Add(1)
	firstName, lastName := fmt.Sprintf("Joan %08d", serial), fmt.Sprintf("Smith %08d", serial)
	l.last[i] = ""
	wants := []string{firstName, lastName}
	if reader.length == 0 {
		wants = append(wants, l.form.wants...)
	}
	if _, err := conn.Write(l.form.request(l.users[i], firstName, lastName)); err != nil {
		return false, err
	}
	status, body, err := reader.answer()
	if err != nil || status != 200 {
		return true, err
	}
	for _, want := range wants {
		if !bytes.Contains(body, []byte(want)) {
			return false, fmt.Errorf("an answer lacks %s", want)
		}
	}
	l.last[i] = firstName + "\t" + lastName
	return false, nil
}

func (f requestForm) request(id uuid.UUID, firstName, lastName string) []byte {
	body := fmt.Sprintf(f.body, id, firstName, lastName)
	return fmt.Appendf(nil, "PATCH %s%s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer demo-token\r\nAccept: %[3]s\r\nContent-Type: %[3]s\r\nContent-Length: %d\r\n\r\n%s",
		f.path, id, f.mediaType, len(body), body)
}

// percentile returns the smallest of the sorted figures that at least p percent of them
// do not exceed.
func percentile(sorted []time.Duration, p int) time.Duration {
	rank := (len(sorted)*p + 99) / 100
	return sorted[max(rank, 1)-1]
}
