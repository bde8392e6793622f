package main

import (
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

func TestParseStat(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		want procStat
		bad  bool
	}{
		"plain": {"7 (postgres) S 5 7 7 0 -1 4194560 1 2 3 4 12 30 400 5000 20 0 1 0", procStat{5, 420 * time.Millisecond, 54 * time.Second}, false},
		// The name of a process may look like what follows it.
		"odd name":     {"7 (a) S 1 (b) R 5 7 7 0 -1 0 1 2 3 4 1 0 0 0 20 0", procStat{5, tick, 0}, false},
		"too short":    {"7 (a) S 5 7 7", procStat{}, true},
		"not a number": {"7 (a) S x 7 7 0 -1 0 1 2 3 4 1 0 0 0 20 0", procStat{}, true},
		"empty":        {"", procStat{}, true},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := parseStat(tt.text)
			if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(procStat{})); !tt.bad && diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if (err != nil) != tt.bad {
				t.Errorf("error %v, want one: %t", err, tt.bad)
			}
		})
	}
}

func TestParsePeak(t *testing.T) {
	got, err := parsePeak([]byte("Name:\tx\nVmPeak:\t  900 kB\nVmHWM:\t   30720 kB\nVmRSS:\t 5 kB\n"))
	require.NoError(t, err)
	if diff := cmp.Diff(int64(30<<20), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, text := range []string{"", "VmHWM:\t x kB\n"} {
		if got, err := parsePeak([]byte(text)); err == nil {
			t.Errorf("of %q: %d, want an error", text, got)
		}
	}
}

// A backend that has ended is in its parent's sum, and somebody else's process in none.
func TestSumBelow(t *testing.T) {
	all := map[int]procStat{
		1:  {0, time.Hour, time.Hour},
		10: {1, 1 * time.Second, 20 * time.Second},
		11: {10, 300 * time.Second, 0},
		12: {11, 4000 * time.Second, 0},
		20: {1, time.Hour, 0},
	}
	if diff := cmp.Diff(4321*time.Second, sumBelow(all, 10)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestOwnProcess(t *testing.T) {
	if _, err := os.Stat("/proc/self/clear_refs"); err != nil {
		t.Skip("-durable needs Linux")
	}
	pid := os.Getpid()
	require.NoError(t, resetPeak(pid))
	peak, err := peakOf(pid)
	require.NoError(t, err)
	if peak < 1<<20 || peak > 1<<40 {
		t.Errorf("a peak of %d bytes", peak)
	}
	spins := 0
	for begin := time.Now(); time.Since(begin) < 50*time.Millisecond; {
		spins++
	}
	own, err := timeOf(pid)
	require.NoError(t, err)
	below, err := treeTimeOf(pid)
	require.NoError(t, err)
	if own <= 0 || below < own {
		t.Errorf("after %d spins %v of processor time, and %v with all below it", spins, own, below)
	}
}
