package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/render"
)

// progress prints how a run goes on: a line for each failure and warning, and on a
// terminal a status line, which is rewritten for each result.
type progress struct {
	quiet          bool
	live           bool // stderr is a terminal
	stdout, stderr io.Writer

	mu     sync.Mutex
	shown  bool // the status line is on the terminal
	failed int
}

func newProgress(quiet bool, stdout, stderr io.Writer, env lookupEnv) *progress {
	return &progress{quiet: quiet, live: !quiet && isTerminal(stderr, env), stdout: stdout, stderr: stderr}
}

// isTerminal reports whether w is a terminal that can rewrite a line.
func isTerminal(w io.Writer, env lookupEnv) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	term, _ := env("TERM")
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && term != "dumb"
}

// result prints what there is to say about a result.
func (p *progress) result(done, total int, r conformance.Result) {
	if p.quiet {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch r.Status {
	case conformance.Failed:
		p.failed++
		p.clear()
		p.problem(r)
	case conformance.Warned:
		p.clear()
		p.problem(r)
	}
	if p.live {
		p.rewrite(fmt.Sprintf("%d of %d, %d failed  %s", done, total, p.failed, r.ID))
	}
}

// problem prints a failure or a warning, and what was asked for; for a failure, also how
// to see it again.
func (p *progress) problem(r conformance.Result) {
	word := string(r.Status)
	if r.Status == conformance.Failed && r.KnownFailing != "" {
		word = "known to fail"
	}
	fmt.Fprintf(p.stdout, "%s: %s (%s): %s\n", word, r.ID, r.Level, render.Line(r.Reason()))
	fmt.Fprintf(p.stdout, "    %s (%s)\n", r.Title, r.Source)
	if line := r.Reproduction(); line != "" && r.Status == conformance.Failed {
		fmt.Fprintf(p.stdout, "    %s\n", render.Visible(line))
	}
}

// warn prints what everybody has to know, whether they want to or not.
func (p *progress) warn(text string) { fmt.Fprintf(p.stderr, "userconform: WARNING: %s\n", text) }

// notef prints what goes on.
func (p *progress) notef(format string, args ...any) {
	if !p.quiet {
		fmt.Fprintf(p.stderr, "userconform: "+format+"\n", args...)
	}
}

// stopping prints what happens after Ctrl-C.
func (p *progress) stopping() {
	if p.quiet {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	fmt.Fprintln(p.stderr, "userconform: stopping, and restoring the user (a second signal, two seconds later or more, ends at once, unrestored)")
}

// end prints the summary of the run. The last line, with the verdict, is not part of it.
func (p *progress) end(report *conformance.Report) {
	if p.quiet {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	for _, line := range obstacleLines(report) {
		fmt.Fprintf(p.stdout, "not run: %s\n", line)
	}
	for _, c := range report.Causes {
		fmt.Fprintf(p.stdout, "%s\n    %s\n", render.Line(c.String()), strings.Join(c.Explains, " "))
	}
	if len(report.LeftBehind) > 0 {
		fmt.Fprintf(p.stdout, "left behind: %s\n", render.Line(strings.Join(report.LeftBehind, ", ")))
	}
	for _, note := range report.Notes {
		fmt.Fprintf(p.stdout, "note: %s\n", render.Line(note))
	}
	s := report.Summary
	fmt.Fprintf(p.stdout, "%d passed, %d failed, %d warned, %d observed, %d not run, in %s, with seed %d\n",
		s.Passed, s.Failed, s.Warned, s.Observed, s.NotRun, report.Duration.Round(time.Millisecond), report.Seed)
	fmt.Fprintf(p.stdout, "userconform %s\n", report.Version)
}

// obstacleLines returns a line for each obstacle: how many checks it kept from
// running, and what it is.
func obstacleLines(report *conformance.Report) []string {
	var obstacles []string
	count := map[string]int{}
	for _, r := range report.Results {
		if r.Status != conformance.NotRun {
			continue
		}
		if count[r.Obstacle] == 0 {
			obstacles = append(obstacles, r.Obstacle)
		}
		count[r.Obstacle]++
	}
	for i, o := range obstacles {
		obstacles[i] = fmt.Sprintf("%d: %s", count[o], render.Line(o))
	}
	return obstacles
}

// maxLine is the longest status line, in bytes. A line that is wider than the terminal
// could not be rewritten.
const maxLine = 72

func (p *progress) rewrite(line string) {
	if len(line) > maxLine {
		line = line[:maxLine]
	}
	fmt.Fprintf(p.stderr, "\r%s\x1b[K", line)
	p.shown = true
}

// clear removes the status line.
func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.stderr, "\r\x1b[K")
		p.shown = false
	}
}
