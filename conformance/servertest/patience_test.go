package servertest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"testing/synctest"
	"time"
)

// Three timeouts in a row are too many. Those of requests that were under way at the
// same time are one, and any answer begins a new row.
func TestPatienceWithTimeouts(t *testing.T) {
	var p patience
	timeout := func(request string, sent int, wantOver bool) {
		t.Helper()
		if which, many := p.timedOut(request, sent); many != map[bool]string{true: "3 requests in a row"}[wantOver] || wantOver && which != "the first was: first" {
			t.Errorf("%s: %q, %q", request, many, which)
		}
	}
	timeout("lost before", p.sent(), false)
	timeout("lost before", p.sent(), false)
	p.answered(http.StatusOK)
	for range 6 {
		timeout("first", 0, false) // at once
	}
	timeout("second", p.sent(), false)
	timeout("late", 0, false)
	timeout("third", p.sent(), true)

	p.answered(http.StatusTooManyRequests)
	timeout("sent before the answer", 2, false)
	if got := p.sent(); got != 1 {
		t.Errorf("%d timeouts after an answer and one more, want 1", got)
	}
}

// A server that hangs now and then is given up after ten timeouts.
func TestPatienceWithAllTimeouts(t *testing.T) {
	var p patience
	for n := 1; n <= allTimeouts; n++ {
		which, many := p.timedOut("this", p.sent())
		if over := many != ""; over != (n == allTimeouts) || over && (many != "10 requests of the run" || which != "the last was: this") {
			t.Errorf("timeout %d: %q, %q", n, many, which)
		}
		p.answered(http.StatusOK)
	}
}

// A server that answers only 429 is waited for, but for two minutes in all.
func TestPatienceWithBusyServers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p patience
		if !p.waits(time.Hour) {
			t.Error("no patience without a 429")
		}
		p.answered(http.StatusTooManyRequests)
		time.Sleep(time.Minute)
		p.answered(http.StatusTooManyRequests) // the row goes on
		if !p.waits(time.Minute) || p.waits(time.Minute+time.Nanosecond) {
			t.Error("it does not end after two minutes")
		}
		p.answered(http.StatusOK)
		p.answered(http.StatusTooManyRequests)
		if !p.waits(2 * time.Minute) {
			t.Error("another answer does not begin a new row")
		}
	})
}

func TestRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, tt := range []struct {
			field string
			try   int
			want  time.Duration
		}{
			{"", 0, 100 * time.Millisecond},
			{"", 3, 800 * time.Millisecond},
			{"", 1000, 102400 * time.Millisecond},
			{"0", 1, 200 * time.Millisecond},
			{"1", 0, time.Second},
			{"3600", 0, time.Hour},
			{"-1", 0, 100 * time.Millisecond},
			{"99999999999999999999", 0, 100 * time.Millisecond},
			{time.Now().Add(90 * time.Second).UTC().Format(http.TimeFormat), 0, 90 * time.Second},
			{"soon", 0, 100 * time.Millisecond},
		} {
			if got := retryAfter(&answer{header: http.Header{"Retry-After": {tt.field}}}, tt.try); got != tt.want {
				t.Errorf("%q after %d tries: %v, want %v", tt.field, tt.try, got, tt.want)
			}
		}
	})
}

func TestIsTimeout(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want bool
	}{
		{nil, false},
		{errors.New("connection refused"), false},
		{context.Canceled, false},
		{&url.Error{Op: "Patch", Err: context.DeadlineExceeded}, true},
		{fmt.Errorf("the response broke off: %w", context.DeadlineExceeded), true},
	} {
		if got := isTimeout(tt.err); got != tt.want {
			t.Errorf("%v: %v, want %v", tt.err, got, tt.want)
		}
	}
}
