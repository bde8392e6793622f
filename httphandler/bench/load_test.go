package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler/bench/contestant"
	"github.com/userrecord/userrecord/userstore"
)

// Every answer is checked, not only the first.
func TestAnswerReader(t *testing.T) {
	const good = "HTTP/1.1 200 OK\r\nDate: x\r\nContent-Length: 3\r\n\r\nabc"
	tests := map[string]struct {
		second, want string
	}{
		"good":           {good, ""},
		"not 200":        {strings.Replace(good, "200", "501", 1), "an answer has status 501"},
		"longer":         {strings.Replace(good, "3", "4", 1) + "d", errLength.Error()},
		"no length":      {strings.Replace(good, "Content-Length", "Length", 1), errNoLength.Error()},
		"not a number":   {strings.Replace(good, "3", "x", 1), `strconv.ParseUint: parsing "x": invalid syntax`},
		"negative":       {strings.Replace(good, "3", "-3", 1), `strconv.ParseUint: parsing "-3": invalid syntax`},
		"chunked":        {strings.Replace(good, "Content-Length: 3", "Transfer-Encoding: chunked", 1), errNoLength.Error()},
		"cut in body":    {good[:len(good)-1], "unexpected EOF"},
		"cut in header":  {good[:30], "EOF"},
		"nothing at all": {"", "EOF"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := newAnswerReader(strings.NewReader(good + tt.second))
			require.NoError(t, r.next())
			got := ""
			if err := r.next(); err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// An answer of another status is read too, of whatever length.
func TestAnswerOfAnyStatus(t *testing.T) {
	r := newAnswerReader(strings.NewReader("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc" +
		"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 4\r\n\r\ndefg" +
		"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhij" +
		"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nklmn"))
	var got []string
	for range 3 {
		status, body, err := r.answer()
		require.NoError(t, err)
		got = append(got, fmt.Sprintf("%d %s", status, body))
	}
	if diff := cmp.Diff([]string{"200 abc", "500 defg", "200 hij"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, _, err := r.answer(); err != errLength {
		t.Errorf("error %v, want %v", err, errLength)
	}
	for _, line := range []string{"", "HTTP/2 200 \r\n", "x200 OK\r\n"} {
		if status, err := statusOf([]byte(line)); err == nil {
			t.Errorf("the status of %q is %d", line, status)
		}
	}
}

// The load sends the requests that the contestants get in process.
func TestLoad(t *testing.T) {
	request := contestant.Requests[0]
	good, err := contestantOf(contestant.Handler)
	require.NoError(t, err)
	for status, c := range map[int]contestant.Contestant{exitOK: good, exitFailure: {New: refusing}} {
		h, err := newServer(c, request)
		require.NoError(t, err)
		server := httptest.NewServer(h)
		defer server.Close()
		address := server.Listener.Addr().String()
		got, stdout, stderr := call(t, loadCommand, address, request.Name, (20 * time.Millisecond).String())
		if got != status {
			t.Errorf("status %d, want %d:\n%s%s", got, status, stdout, stderr)
		}
	}
}

// Even the shortest run has an answer, so nothing is divided by zero.
func TestLoadWithoutTime(t *testing.T) {
	request := contestant.Requests[0]
	floor, err := contestantOf(contestant.Bare)
	require.NoError(t, err)
	h, err := newServer(floor, request)
	require.NoError(t, err)
	server := httptest.NewServer(h)
	defer server.Close()
	done, err := sendAll(server.Listener.Addr().String(), wire(request), 0)
	require.NoError(t, err)
	if done.Requests < connections {
		t.Errorf("%d requests on %d connections", done.Requests, connections)
	}
}

func refusing([]userstore.User, contestant.Answer) (http.Handler, error) {
	return http.NotFoundHandler(), nil
}
