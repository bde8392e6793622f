package main

import (
	"bytes"
	"os"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestProgress(t *testing.T) {
	for live, want := range map[bool]string{
		true:  `^\rimported 1500 users, \d+ a second\x1b\[K\r\x1b\[Kimported 1 user, skipped 2 in 1\.0 s\n$`,
		false: `^imported 1 user, skipped 2 in 1\.0 s\n$`,
	} {
		var out bytes.Buffer
		p := newProgress(&out, "imported")
		p.live, p.begin, p.last = live, time.Now().Add(-time.Second), time.Now().Add(-progressInterval)
		p.update(1500)
		p.update(1600) // too soon
		p.end(1, ", skipped 2")
		if !regexp.MustCompile(want).MatchString(out.String()) {
			t.Errorf("live = %v: %q, want %s", live, out.String(), want)
		}
	}
}

func TestIsTerminal(t *testing.T) {
	null, err := os.Open(os.DevNull)
	require.NoError(t, err)
	defer null.Close()
	for _, stream := range []any{new(bytes.Buffer), null, nil} {
		if isTerminal(stream) {
			t.Errorf("%T is taken for a terminal", stream)
		}
	}
	if terminal, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0); err == nil {
		defer terminal.Close()
		if !isTerminal(terminal) {
			t.Error("a terminal is not taken for one")
		}
	}
}
