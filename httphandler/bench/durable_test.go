package main

import (
	"bytes"
	"fmt"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// The whole command, with little load: the programs are built and started, the answers
// checked, and what they have kept is read from the databases.
func TestDurable(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("-durable needs Linux")
	}
	servers := []string{"userserver", "gin + gorm, tuned, no cgo"}
	scope := durableScope{
		databases: []string{onSQLite}, connections: []int{1, 3}, users: 10, dir: t.TempDir(),
		only: servers, build: append(sameBuild(), "-buildvcs=false", "-ldflags=-s -w"),
	}
	var stdout bytes.Buffer
	require.NoError(t, compareDurably(t.Context(), config{rounds: 1, time: 20 * time.Millisecond, durable: scope}, &stdout))
	table := append([]string{"server"}, servers...)
	if diff := cmp.Diff(append(append(table, table...), table...), firstCells(stdout.String())); diff != "" {
		t.Errorf("rows (-want +got):\n%s\n%s", diff, stdout.String())
	}
	if self := regexp.MustCompile(`(?m)^\| userserver .* 1\.00 \(1\.00 to 1\.00\) .* 0 \|$`); len(self.FindAllString(stdout.String(), -1)) != 2 {
		t.Errorf("userserver is not the measure of itself, without failures:\n%s", stdout.String())
	}
}

// sameBuild returns the flag with which the test itself was built, so that packages are
// not compiled twice.
func sameBuild() []string {
	info, _ := debug.ReadBuildInfo()
	for _, setting := range info.Settings {
		if setting.Key == "-race" {
			return []string{"-race"}
		}
	}
	return nil
}

// A rival that cannot be had is not left out in silence.
func TestDurableWithoutNode(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	scope := durableScope{connections: []int{1}, users: 1, dir: t.TempDir(), only: []string{"json-server, a file"}}
	s, err := newSite(scope)
	require.NoError(t, err)
	var stdout bytes.Buffer
	visits, err := s.startAll(t.Context(), scope, onSQLite, &stdout)
	require.NoError(t, err)
	if len(visits) != 0 || !strings.HasPrefix(stdout.String(), "\n**NOT MEASURED: json-server, a file: exec: \"node\": ") {
		t.Errorf("%d servers started, and printed:\n%s", len(visits), stdout.String())
	}
}

func TestDurableRows(t *testing.T) {
	figures := func(perSecond ...float64) []durableFigures {
		one := []float64{1}
		return []durableFigures{{perSecond: perSecond, p50: one, p99: []float64{20}, server: []float64{0.5}, engine: []float64{0.25}, memory: []float64{300}, failed: 4}}
	}
	visits := []*durableVisit{
		{rival: rival{name: "a"}, figures: figures(100, 300, 200)},
		{rival: rival{name: "b"}, figures: figures(50, 100, 50)},
	}
	want := [][]string{
		{"server", "patches/s", "userserver's rate to this one's", "p50 ms", "p99 ms", "CPU s/1,000", "of the database", "memory MB", "failed"},
		{"a", "200", "1.00 (1.00 to 1.00)", "1.00", "20.0", "0.500", "0.250", "300", "4"},
		{"b", "50.0", "3.00 (2.50 to 3.50)", "1.00", "20.0", "0.500", "0.250", "300", "4"},
	}
	if diff := cmp.Diff(want, durableRows(visits, 0, true)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for i := range want {
		want[i] = append(want[i][:6:6], want[i][7:]...)
	}
	if diff := cmp.Diff(want, durableRows(visits, 0, false)); diff != "" {
		t.Errorf("without a database server (-want +got):\n%s", diff)
	}
}

// Latencies and processor times are for a patch, whether it was in time or not.
func TestDurableFigures(t *testing.T) {
	var got durableFigures
	done := patchResult{inTime: 1, failed: 3, latencies: []time.Duration{2 * time.Millisecond, 40 * time.Millisecond}}
	got.add(done, 500*time.Millisecond, processors{30 * time.Millisecond, 10 * time.Millisecond}, 7e6)
	want := durableFigures{
		perSecond: []float64{2}, p50: []float64{2}, p99: []float64{40}, server: []float64{15}, engine: []float64{5}, memory: []float64{7}, failed: 3,
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(durableFigures{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	done.inTime = 0 // on a busy machine
	got.add(done, 500*time.Millisecond, processors{}, 0)
	if diff := cmp.Diff([]float64{2, 2}, got.perSecond); diff != "" {
		t.Errorf("none in time (-want +got):\n%s", diff)
	}
}

// A row is an error if a server lost patches, or had none to lose.
func TestKeptRow(t *testing.T) {
	one, two := uuid.New(), uuid.New()
	for name, tt := range map[string]struct {
		last    []string
		stored  map[string]string
		forgets bool
		want    []string
		err     string
	}{
		"all":     {last: []string{"a", "b"}, stored: map[string]string{one.String(): "a", two.String(): "b"}, want: []string{"r", "2", "2"}},
		"lost":    {last: []string{"a", "b"}, stored: map[string]string{one.String(): "a"}, err: "it lost acknowledged patches: 1 of 2 users have the last one"},
		"forgets": {last: []string{"a", "b"}, stored: map[string]string{one.String(): "a"}, forgets: true, want: []string{"r", "2", "1"}},
		"nothing": {last: []string{"", ""}, err: "no user has a patch that was acknowledged last"},
	} {
		t.Run(name, func(t *testing.T) {
			v := &durableVisit{rival: rival{name: "r", forgets: tt.forgets}, load: &patchLoad{users: []uuid.UUID{one, two}, last: tt.last}}
			got, err := v.keptRow(tt.stored)
			if message := fmt.Sprint(err); err != nil && message != tt.err || (err == nil) != (tt.err == "") {
				t.Errorf("error %q, want %q", message, tt.err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadRows(t *testing.T) {
	got := readRows([]byte("1\tJoan\tSmith\n2\t\t\n"))
	if diff := cmp.Diff(map[string]string{"1": "Joan\tSmith", "2": "\t"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
