// Package render writes a [conformance.Report] as JSON, JUnit XML, Markdown or
// HTML.
package render

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/userrecord/userrecord/conformance"
)

// A Func writes a report in one format, such as [HTML].
type Func func(io.Writer, *conformance.Report) error

var formats = map[string]Func{
	".html": HTML,
	".json": JSON,
	".md":   Markdown,
	".xml":  JUnit,
}

// ForFile returns the format for the extension of the file name: .json, .xml (JUnit),
// .md or .html.
func ForFile(name string) (Func, error) {
	extension := strings.ToLower(filepath.Ext(name))
	if f := formats[extension]; f != nil {
		return f, nil
	}
	return nil, fmt.Errorf("no format has the extension %q: use .json, .xml (JUnit), .md or .html", extension)
}

// A digest is a report with its results sorted for readers.
type digest struct {
	*conformance.Report
	Families []family
	Causes   []cause
	// Of these, none is in Causes.
	Failures []conformance.Result // that make the run nonconformant
	Known    []conformance.Result // failures that do not count
	Warnings []conformance.Result
	Choices  []conformance.Result // that saw a choice of the server
	NotRun   []notRun
}

// A family is the results whose ids begin with its name.
type family struct {
	Name    string
	Results []conformance.Result
}

// notRun is the results that have the same obstacle.
type notRun struct {
	Obstacle string
	Results  []conformance.Result
}

func digestOf(r *conformance.Report) *digest {
	d := &digest{Report: r}
	for _, result := range r.Results {
		d.sortByFamily(result)
	}
	for _, c := range r.Causes {
		d.Causes = append(d.Causes, causeOf(c, r.Results))
	}
	for _, result := range r.Unexplained(r.Results) {
		switch {
		case result.Counts():
			d.Failures = append(d.Failures, result)
		case result.Status == conformance.Failed:
			d.Known = append(d.Known, result)
		case result.Status == conformance.Warned:
			d.Warnings = append(d.Warnings, result)
		case result.Status == conformance.NotRun:
			d.sortByObstacle(result)
		case result.Reason() != "":
			d.Choices = append(d.Choices, result)
		}
	}
	return d
}

// A cause is one reason for which several requirements fail, with their results.
type cause struct {
	conformance.Cause
	Results []conformance.Result
}

func causeOf(c conformance.Cause, all []conformance.Result) cause {
	found := cause{Cause: c}
	for _, result := range all {
		if slices.Contains(c.Explains, result.ID) {
			found.Results = append(found.Results, result)
		}
	}
	return found
}

// problemText says in words what is wrong with a result: its failures, or that it
// passed although it is known to fail.
func problemText(r conformance.Result) string {
	if r.Status == conformance.Passed {
		return "listed as known to fail (" + r.KnownFailing + "), and passed: take it off the list"
	}
	return r.Reason()
}

// choices returns what the check observed, a choice each.
func choices(r conformance.Result) []string {
	var list []string
	for _, f := range r.Failures {
		list = append(list, f.String())
	}
	return append(list, r.Observed...)
}

func (d *digest) sortByFamily(result conformance.Result) {
	name := familyOf(result.ID)
	i := slices.IndexFunc(d.Families, func(f family) bool { return f.Name == name })
	if i < 0 {
		i = len(d.Families)
		d.Families = append(d.Families, family{Name: name})
	}
	d.Families[i].Results = append(d.Families[i].Results, result)
}

func (d *digest) sortByObstacle(result conformance.Result) {
	i := slices.IndexFunc(d.NotRun, func(n notRun) bool { return n.Obstacle == result.Obstacle })
	if i < 0 {
		i = len(d.NotRun)
		d.NotRun = append(d.NotRun, notRun{Obstacle: result.Obstacle})
	}
	d.NotRun[i].Results = append(d.NotRun[i].Results, result)
}

func familyOf(id string) string {
	name, _, _ := strings.Cut(id, ".")
	return name
}

// statuses are all statuses, in the order of the reports.
var statuses = []conformance.Status{
	conformance.Passed, conformance.Failed, conformance.Warned, conformance.Observed, conformance.NotRun,
}

// Count returns how many results of the family have the status.
func (f family) Count(s conformance.Status) int { return countOf(f.Results, s) }

func countOf(results []conformance.Result, s conformance.Status) int {
	n := 0
	for _, r := range results {
		if r.Status == s {
			n++
		}
	}
	return n
}
