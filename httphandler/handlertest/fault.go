package handlertest

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/httphandler"
)

// A Fault makes the fake fail or delay a request: by default the next one, of any user.
// Its methods return a changed copy:
//
//	handlertest.LoseAnswer.Times(2).Delayed(time.Second)
//
// The zero Fault does nothing. Package fmt prints what it does.
type Fault struct {
	name     string // of the behaviour
	status   int    // of Status
	header   http.Header
	body     string
	handler  http.Handler  // of Handler
	duration time.Duration // of SlowBody

	delay time.Duration
	user  uuid.NullUUID // not valid: any
	times int           // 0: once; endless: without end
}

const endless = -1

// The refusals and failures of the page. Only FailAfterWrite changes the user.
var (
	Unauthenticated       = Fault{name: "unauthenticated"}         // 401
	MissingLinkedIdentity = Fault{name: "missing-linked-identity"} // 401
	Forbidden             = Fault{name: "forbidden"}               // 403
	FailBeforeWrite       = Fault{name: "fail-before-write"}       // 501, unchanged
	FailAfterWrite        = Fault{name: "fail-after-write"}        // 501, changed
)

// Faults of the connection. LoseAnswer, CutBody and GarbleBody carry the request out
// first, so that a valid patch changes the user.
var (
	// ResetConnection resets the connection instead of answering (TCP RST), and
	// changes nothing.
	ResetConnection = Fault{name: "reset-connection"}
	// LoseAnswer carries the request out and closes the connection instead of
	// answering. If the connection had served an earlier request, curl and browsers
	// then send a PATCH again by themselves, and so does net/http if the request has
	// the header field Idempotency-Key or X-Idempotency-Key: see docs/operate.md of the
	// module.
	LoseAnswer = Fault{name: "lose-answer"}
	// CutBody breaks the connection in the middle of the answer's body. The
	// Content-Length is that of the whole.
	CutBody = Fault{name: "cut-body"}
	// GarbleBody answers with a body of the right length that is not UTF-8, and so
	// not JSON. Status and header are right.
	GarbleBody = Fault{name: "garble-body"}
)

// Status answers with the status and the header, as a gateway in front of the service
// does, and changes nothing. The body is a line of text. header may be nil. It panics if
// the status is not one of 200 to 599, or the header is malformed, has a name twice, or has
// Content-Length or Transfer-Encoding: for an answer that is malformed use [Handler].
//
//	handlertest.Status(http.StatusTooManyRequests, http.Header{"Retry-After": {"1"}})
func Status(status int, header http.Header) Fault {
	check(status >= 200 && status <= 599, "the status of an answer is from 200 to 599")
	answer, err := answerHeader(header)
	check(err == nil, fmt.Sprint("the header ", err))
	f := Fault{name: "status", status: status, header: answer}
	if bodyAllowed(status) {
		f.body = fmt.Sprintf("%d %s\n", status, http.StatusText(status))
	}
	return f
}

func bodyAllowed(status int) bool {
	return status != http.StatusNoContent && status != http.StatusNotModified
}

// Handler lets h answer. h can read the request's body. It must return once the context
// of the request is done, which it is when the client or the test has gone. It panics if h
// is nil.
func Handler(h http.Handler) Fault {
	check(h != nil, "the handler is nil")
	return Fault{name: "handler", handler: h}
}

// SlowBody carries the request out and answers, but takes d for the body. The status and
// the header come at once. It panics if d is negative.
func SlowBody(d time.Duration) Fault {
	check(d >= 0, "a body does not take a negative time")
	return Fault{name: "slow-body", duration: d}
}

// Delay delays a request by d, and is no fault otherwise: see [Fault.Delayed].
func Delay(d time.Duration) Fault { return Fault{}.Delayed(d) }

// Delayed delays the request by d before anything else happens but the reading of its
// body. If the client gives up meanwhile, nothing is written. It panics if d is negative.
func (f Fault) Delayed(d time.Duration) Fault {
	check(d >= 0, "a delay is not negative")
	f.delay = d
	return f
}

// For applies the fault only to requests for that user (see [httphandler.PathID]).
func (f Fault) For(id uuid.UUID) Fault {
	f.user = uuid.NullUUID{UUID: id, Valid: true}
	return f
}

// Times applies the fault to n requests. It panics if n is less than 1.
func (f Fault) Times(n int) Fault {
	check(n >= 1, "a fault happens at least once")
	f.times = n
	return f
}

// Always applies the fault to every request for which there is no fault with a limited
// number of uses: see [Fake.Inject].
func (f Fault) Always() Fault {
	f.times = endless
	return f
}

// A behaviour is what a fault does: an error of a step of the handler, or an answer of
// its own.
type behaviour struct {
	authenticate, authorize, before, after error
	answer                                 func(x *exchange)
}

var behaviours = map[string]behaviour{
	"":                        {},
	"unauthenticated":         {authenticate: httphandler.ErrInvalidToken},
	"missing-linked-identity": {authenticate: httphandler.ErrMissingLinkedIdentity},
	"forbidden":               {authorize: httphandler.ErrForbidden},
	"fail-before-write":       {before: errors.New("handlertest: fault before write")},
	"fail-after-write":        {after: errors.New("handlertest: fault after write")},
	"status":                  {answer: (*exchange).answerStatus},
	"handler":                 {answer: func(x *exchange) { x.fault.handler.ServeHTTP(x.w, x.r) }},
	"reset-connection":        {answer: (*exchange).resetConnection},
	"lose-answer":             {answer: (*exchange).loseAnswer},
	"cut-body":                {answer: (*exchange).cutBody},
	"garble-body":             {answer: (*exchange).garbleBody},
	"slow-body":               {answer: (*exchange).slowBody},
}

// Format writes what the fault does, such as "status 503, 3 times".
func (f Fault) Format(s fmt.State, _ rune) {
	var parts []string
	switch {
	case f.status != 0:
		parts = append(parts, fmt.Sprint(f.name, " ", f.status))
	case f.duration != 0:
		parts = append(parts, fmt.Sprint(f.name, " ", f.duration))
	case f.name != "":
		parts = append(parts, f.name)
	}
	if f.delay != 0 || f.name == "" {
		parts = append(parts, fmt.Sprint("delay ", f.delay))
	}
	if f.user.Valid {
		parts = append(parts, "for "+f.user.UUID.String())
	}
	switch {
	case f.times == endless:
		parts = append(parts, "always")
	case f.times > 1:
		parts = append(parts, fmt.Sprint(f.times, " times"))
	}
	fmt.Fprint(s, strings.Join(parts, ", "))
}
