package servertest

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/conformance"
)

// A session is one run against a server.
type session struct {
	ctx      context.Context
	end      context.CancelCauseFunc // of ctx
	target   Target
	opts     conformance.Options
	client   *http.Client
	hide     *hider
	patience patience
	room     int // for results, in bytes

	original *record // of the user, before the run
	other    *record // of the other user, if it could be read
	learned  learned
	belief   belief
	dates    map[string]int  // the statuses of birth dates that were tried
	keeps    map[string]bool // the scalars that patches were seen to set, or not
	chains   []*chain        // of concurrent patches
	shared   *answer         // to a valid patch
	stale    bool            // a read showed what the record was before
	unsound  bool            // a check has failed
	causes   causes
	first    first
	refused  map[string]bool // attributes that no patch may repeat
	health   health

	strange     map[string]bool // pointers of attributes that were sent and that the page does not name
	overwritten []string        // pointers of what was set before it could be read
	notes       []string        // for the report

	mu       sync.Mutex
	current  *record // of the user, as an answer showed it last
	next     time.Time
	slowest  time.Duration  // of the requests, from when it went out to the answer or the timeout
	statuses map[int]string // that were seen, each with the requirement that saw it first
}

// learned is what the run finds out about the server before the checks.
type learned struct {
	nullClears   bool // null clears an attribute
	memberClears bool // null clears a member of the address
	address      addressMode
	dateTime     bool            // birthDate takes a date-time
	numbers      map[string]bool // the pointers of scalars that must be numbers
}

type addressMode string

const (
	addressModeUnknown  addressMode = ""
	addressModeMerged   addressMode = "merged member by member"
	addressModeReplaced addressMode = "replaced as a whole"
	addressModeComplete addressMode = "refused unless complete"
)

const maxExchanges = 8 // that a trial keeps

// patiently sends the message for the trial, and notes the exchange. It keeps to the
// rate, and sends the message again after a 429. It ends the run when the server has
// used up its patience.
func (s *session) patiently(t *trial, m *message) (*answer, error) {
	for try := 0; ; try++ {
		if err := s.pace(); err != nil {
			return nil, err
		}
		sent, begin := s.patience.sent(), time.Now()
		a, err := s.once(t, m)
		s.took(time.Since(begin))
		t.note(m, a, err)
		if err != nil {
			s.unanswered(t, m, sent, err)
			return nil, err
		}
		s.patience.answered(a.status)
		if a.status != http.StatusTooManyRequests {
			return a, nil
		}
		s.see(t, m, a)
		if err := s.waitFor(t, m, retryAfter(a, try)); err != nil {
			return nil, err
		}
	}
}

// took notes how long a request took.
func (s *session) took(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.slowest = max(s.slowest, d)
}

// see remembers the status of the answer, and the record of the user if it has one.
func (s *session) see(t *trial, m *message, a *answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, seen := s.statuses[a.status]; !seen && m.method == http.MethodPatch && !m.odd {
		s.statuses[a.status] = t.Requirement.ID
	}
	if a.status == http.StatusOK && m.url == s.target.userURL(s.target.User) {
		a.recognise(s.current)
		if r, err := a.record(); err == nil {
			s.current = r
		}
	}
}

// pace waits for the turn of the next request.
func (s *session) pace() error {
	if s.opts.Rate <= 0 {
		return s.ctx.Err()
	}
	s.mu.Lock()
	now := time.Now()
	turn := s.next
	if turn.Before(now) {
		turn = now
	}
	s.next = turn.Add(time.Duration(float64(time.Second) / s.opts.Rate))
	s.mu.Unlock()
	return s.sleep(turn.Sub(now))
}

func (s *session) sleep(d time.Duration) error {
	if d <= 0 {
		return s.ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-s.ctx.Done():
		return s.ctx.Err()
	}
}

// readRecord reads a user in the way that the target allows.
func (s *session) readRecord(t *trial, id uuid.UUID) (*record, error) {
	r, err := s.tryRead(t, id)
	if err != nil {
		t.doubt()
	}
	return r, err
}

func (s *session) tryRead(t *trial, id uuid.UUID) (*record, error) {
	m := t.patchOf(id, object{})
	switch {
	case s.target.ReadByGet:
		m.method, m.body = http.MethodGet, nil
		m.header.Del("Content-Type")
	case s.target.Record != nil && id == s.target.User:
		m = t.patchOf(id, s.echo())
	case s.target.Record != nil:
		return nil, errors.New("no way to read this user: use GET (Target.ReadByGet)")
	}
	m.reads = true
	a, err := s.exchange(t, m)
	if err != nil {
		return nil, err
	}
	if a.status != http.StatusOK {
		return nil, statusError(a.status)
	}
	return a.record()
}

// statusError is a status that is not 200.
type statusError int

func (e statusError) Error() string { return strconv.Itoa(int(e)) }

// echo returns attributes that change nothing: one attribute with the value that it has.
func (s *session) echo() object {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range s.echoes(s.current) {
		return object{name: s.current.attributes[name]}
	}
	for _, p := range pointers {
		if _, inAddress := memberOf(p); !inAddress && !s.managed(p) {
			return object{p[1:]: nil} // it has no value to clear
		}
	}
	return object{}
}

func (s *session) currentAddress() object {
	s.mu.Lock()
	defer s.mu.Unlock()
	address, _ := s.current.attributes["address"].(object)
	return address
}
