package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler/bench/contestant"
)

// TestMain lets the test program be the server and the load of -loopback.
func TestMain(m *testing.M) {
	if childOf(os.Args[1:]) != nil {
		main()
	}
	os.Exit(m.Run())
}

// call runs the command and returns what it printed.
func call(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var out, err bytes.Buffer
	status = run(ctx, args, strings.NewReader(""), &out, &err)
	return status, out.String(), err.String()
}

// firstCells returns the first cells of all rows of all tables.
func firstCells(output string) (cells []string) {
	for line := range strings.Lines(output) {
		if cell, isRow := strings.CutPrefix(line, "| "); isRow && !strings.HasPrefix(cell, "-") {
			cells = append(cells, strings.TrimSpace(strings.SplitN(cell, "|", 2)[0]))
		}
	}
	return cells
}

// wantCells returns the first cells of the tables of these requests: all contestants.
func wantCells(requests ...string) (cells []string) {
	for _, request := range requests {
		cells = append(cells, request)
		for _, c := range contestant.All {
			cells = append(cells, c.Name)
		}
	}
	return cells
}

func TestInProcess(t *testing.T) {
	svg := filepath.Join(t.TempDir(), "picture.svg")
	status, stdout, stderr := call(t, "-rounds", "2", "-time", "1ms", "-svg", svg)
	if status != exitOK || stderr != "" {
		t.Fatalf("status %d\n%s", status, stderr)
	}
	if diff := cmp.Diff(wantCells("two", "all", "refused"), firstCells(stdout)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	floors := regexp.MustCompile(`(?m)^\| mux floor +\| +1\.00 \(1\.00 to 1\.00\) \|`)
	if n := len(floors.FindAllString(stdout, -1)); n != 3 {
		t.Errorf("the mux floor is the measure of itself %d times, want 3:\n%s", n, stdout)
	}
	var allocations []int // of each contestant in the first table
	for _, name := range []string{"bare floor", "mux floor", "httphandler"} {
		row := regexp.MustCompile(`(?m)^\| ` + name + ` .* (\d+) \| +\d+ \|$`).FindStringSubmatch(stdout)
		if row == nil {
			t.Fatalf("no row of the %s in:\n%s", name, stdout)
		}
		n, err := strconv.Atoi(row[1])
		require.NoError(t, err)
		allocations = append(allocations, n)
	}
	if a := allocations; a[0] >= a[1] || a[1] >= a[2] {
		t.Errorf("%v allocations: not each contestant is what its row says", a)
	}
	picture, err := os.ReadFile(svg)
	require.NoError(t, err)
	for _, text := range wantCells("two", "all", "refused") {
		if !bytes.Contains(picture, []byte(">"+text+"</text>")) {
			t.Errorf("%q is not in the picture", text)
		}
	}
}

func TestLoopback(t *testing.T) {
	if runtime.GOOS != "linux" || runtime.NumCPU() < 2 {
		t.Skip("-loopback needs Linux and two cores")
	}
	t.Setenv("GORACE", "atexit_sleep_ms=0") // the race detector would make each process wait for a second
	profiles := filepath.Join(t.TempDir(), "new")
	status, stdout, stderr := call(t, "-loopback", "-rounds", "1", "-time", "20ms", "-profiles", profiles)
	if status != exitOK || stderr != "" {
		t.Fatalf("status %d\n%s", status, stderr)
	}
	if diff := cmp.Diff(wantCells("two", "all"), firstCells(stdout)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if floors := regexp.MustCompile(`(?m)^\| bare floor +\| +1\.00 \(1\.00 to 1\.00\) \|`); len(floors.FindAllString(stdout, -1)) != 2 {
		t.Errorf("the bare floor is not the measure of itself:\n%s", stdout)
	}
	for _, request := range []string{"two", "all"} {
		for _, c := range contestant.All {
			info, err := os.Stat(profileName(profiles, c.Name, request))
			if err != nil || info.Size() == 0 {
				t.Errorf("no profile of %s, %s: %v", c.Name, request, err)
			}
		}
	}
}

func TestCurves(t *testing.T) {
	cfg := config{rounds: 1, time: time.Millisecond, curves: curveSizes{users: []int{10, 100}, valueLength: []int{16, 1024}, goroutines: []int{1, 4}}}
	var stdout bytes.Buffer
	require.NoError(t, drawCurves(t.Context(), cfg, &stdout))
	cores := []string{"1", "2"}[:min(2, runtime.NumCPU())]
	want := slices.Concat([]string{"users", "10", "100", "letters a value", "16", "1,024", "cores"}, cores, []string{"goroutines", "1", "4", "users", "10", "100"})
	if diff := cmp.Diff(want, firstCells(stdout.String())); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestExitStatus(t *testing.T) {
	for name, tt := range map[string]struct {
		args   []string
		status int
		stderr string // how it begins
	}{
		"help":           {[]string{"-h"}, 0, ""},
		"unknown flag":   {[]string{"-x"}, 2, "bench: flag provided but not defined: -x\nbench: -h lists every flag\n"},
		"argument":       {[]string{"x"}, 2, `bench: unexpected argument "x"`},
		"negative":       {[]string{"-rounds", "-1"}, 2, "bench: -rounds and -time must not be negative"},
		"negative time":  {[]string{"-time", "-1s"}, 2, "bench: -rounds and -time must not be negative"},
		"two modes":      {[]string{"-loopback", "-curves"}, 2, "bench: give one of -loopback, -curves and -durable"},
		"durable too":    {[]string{"-durable", "-loopback"}, 2, "bench: give one of -loopback, -curves and -durable"},
		"durable, svg":   {[]string{"-durable", "-svg", "x.svg"}, 2, "bench: -durable draws no picture: omit -svg"},
		"no database":    {[]string{"-durable", "-database", "x"}, 2, "bench: -database is SQLite or PostgreSQL, with -durable"},
		"database alone": {[]string{"-database", onSQLite}, 2, "bench: -database is SQLite or PostgreSQL, with -durable"},
		"curves and svg": {[]string{"-curves", "-svg", "x.svg"}, 2, "bench: -curves draws no picture: omit -svg"},
		"dir":            {[]string{"-dir", "."}, 2, "bench: -dir is for -durable"},
		"profiles":       {[]string{"-profiles", "x"}, 2, "bench: -profiles is for -loopback"},
		"other format":   {[]string{"-svg", "x.png"}, 2, `bench: -svg "x.png": the name must end in .svg`},
		"no folder":      {[]string{"-rounds", "1", "-time", "1us", "-svg", filepath.Join(t.TempDir(), "no", "x.svg")}, 1, "bench: open "},
		"bad child":      {[]string{serveCommand, "nobody", "two", ""}, 2, "bench: there is no such contestant or request"},
	} {
		t.Run(name, func(t *testing.T) {
			status, stdout, stderr := call(t, tt.args...)
			if status != tt.status || !strings.HasPrefix(stderr, tt.stderr) || (tt.status == 0) != (stderr == "") {
				t.Errorf("status %d, want %d:\n%s", status, tt.status, stderr)
			}
			if name == "help" && !strings.HasPrefix(stdout, "Usage: bench [flags]\n") {
				t.Errorf("help is\n%s", stdout)
			}
		})
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var stdout, stderr bytes.Buffer
	if status := run(ctx, nil, strings.NewReader(""), &stdout, &stderr); status != exitFailure || stderr.String() != "bench: context canceled\n" {
		t.Errorf("status %d\n%s", status, stderr.String())
	}
}
