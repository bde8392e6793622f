package render

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/userrecord/userrecord/conformance"
)

// Markdown writes the report as GitHub Flavored Markdown, for a pull request or
// the summary of a CI job.
func Markdown(w io.Writer, r *conformance.Report) error {
	m := &markdown{}
	d := digestOf(r)
	m.verdict(r)
	m.causes(d)
	m.details("Failures", d.Failures)
	m.details("Warnings", d.Warnings)
	m.details("Known to fail", d.Known)
	m.families(d)
	m.choices(d)
	m.notRun(d)
	_, err := w.Write(m.Bytes())
	return err
}

type markdown struct{ bytes.Buffer }

func (m *markdown) linef(format string, args ...any) { fmt.Fprintf(m, format+"\n", args...) }

// row writes a row of a table.
func (m *markdown) row(cells ...string) { m.linef("| %s |", strings.Join(cells, " | ")) }

// mark returns the sign before the headline.
func mark(r *conformance.Report) string {
	switch {
	case r.Qualified():
		return "⚠️"
	case r.Verdict == conformance.Conformant:
		return "✅"
	case r.Verdict == conformance.NonConformant:
		return "❌"
	}
	return "❔"
}

func (m *markdown) verdict(r *conformance.Report) {
	m.linef("# %s %s\n", mark(r), cell(r.Headline()))
	m.linef("%s\n", cell(r.Reason()))
	if len(r.NotRestored) > 0 {
		m.linef("**Not restored:** %s\n", cell(notRestored(r)))
	}
	if len(r.LeftBehind) > 0 {
		m.linef("**Left behind:** %s\n", cell(strings.Join(r.LeftBehind, ", ")))
	}
	for _, note := range r.Notes {
		m.linef("**Note:** %s\n", cell(note))
	}
	m.row("", "")
	m.row("---", "---")
	m.row("Target", cell(r.Target+" ("+r.Subject+")"))
	m.row("Run", fmt.Sprintf("%s, %s", r.Started.UTC().Format("2006-01-02 15:04:05 UTC"), r.Duration.Round(time.Millisecond)))
	m.row("Strict", map[bool]string{true: "yes: a SHOULD counts as a MUST", false: "no: a SHOULD that fails is a warning"}[r.Strict])
	m.row("Seed", fmt.Sprint(r.Seed))
	m.row("Suite version", cell(r.Version))
	m.row("Results", summaryText(r.Summary))
	m.linef("")
}

func summaryText(s conformance.Summary) string {
	return fmt.Sprintf("%d passed, %d failed, %d warned, %d observed, %d not run", s.Passed, s.Failed, s.Warned, s.Observed, s.NotRun)
}

// notRestored names what is not as it was before the run.
func notRestored(r *conformance.Report) string {
	return strings.Join(r.NotRestored, ", ")
}

func (m *markdown) families(d *digest) {
	if len(d.Families) == 0 {
		return
	}
	m.linef("## Families\n")
	m.row("Family", "Passed", "Failed", "Warned", "Observed", "Not run")
	m.row("---", "--:", "--:", "--:", "--:", "--:")
	for _, f := range d.Families {
		cells := []string{cell(f.Name)}
		for _, s := range statuses {
			cells = append(cells, map[bool]string{true: "", false: fmt.Sprint(f.Count(s))}[f.Count(s) == 0])
		}
		m.row(cells...)
	}
	m.linef("")
}

// causes writes the reasons that explain several failures, and what these are, in short.
func (m *markdown) causes(d *digest) {
	for _, c := range d.Causes {
		m.linef("## %s\n", cell(c.Cause.String()))
		m.row("Requirement", "Level", "What is wrong")
		m.row("---", "---", "---")
		for _, r := range c.Results {
			m.row(cell(r.ID), string(r.Level), cell(problemText(r)))
		}
		m.linef("")
		m.linef("For example %s:\n", cell(c.Results[0].ID))
		m.exchange(&c.Results[0])
	}
}

func (m *markdown) details(heading string, results []conformance.Result) {
	if len(results) == 0 {
		return
	}
	m.linef("## %s\n", heading)
	for _, r := range results {
		m.linef("### %s (%s)\n", cell(r.ID), r.Level)
		m.linef("%s Source: %s.\n", cell(r.Title), cell(r.Source))
		if r.KnownFailing != "" && r.Status == conformance.Failed {
			m.linef("Known to fail: %s\n", cell(r.KnownFailing))
		}
		m.linef("**%s**\n", cell(problemText(r)))
		m.exchange(&r)
	}
}

// exchange writes the exchange at fault, and the line to see it again; JSON and HTML hold
// all exchanges.
func (m *markdown) exchange(r *conformance.Result) {
	if e := r.AtFault(); e != nil {
		m.fenced("http", strings.TrimSpace(e.Request)+"\n\n"+strings.TrimSpace(e.Response))
	}
	if line := r.Reproduction(); line != "" {
		m.fenced("sh", line)
	}
}

// fenced writes a code block, with a fence that does not occur in it.
func (m *markdown) fenced(language, text string) {
	text = Visible(text)
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	m.linef("%s%s\n%s\n%s\n", fence, language, text, fence)
}

func (m *markdown) choices(d *digest) {
	if len(d.Choices) == 0 {
		return
	}
	m.linef("## Observed choices\n")
	m.row("Requirement", "What it is about", "Observed")
	m.row("---", "---", "---")
	for _, r := range d.Choices {
		m.row(cell(r.ID), cell(r.Title), cell(r.Reason()))
	}
	m.linef("")
}

func (m *markdown) notRun(d *digest) {
	if len(d.NotRun) == 0 {
		return
	}
	m.linef("## Not run\n")
	m.row("Why", "Requirements")
	m.row("---", "---")
	for _, n := range d.NotRun {
		var ids []string
		for _, r := range n.Results {
			ids = append(ids, cell(r.ID))
		}
		m.row(cell(n.Obstacle), strings.Join(ids, ", "))
	}
	m.linef("")
}

// cell returns s as one line of Markdown that shows it literally, also in a table.
func cell(s string) string { return markdownEscapes.Replace(Line(s)) }

var markdownEscapes = func() *strings.Replacer {
	// Addresses would become links.
	pairs := []string{"&", "&amp;", "<", "&lt;", ">", "&gt;", "://", `:\//`, "www.", `www\.`, "WWW.", `WWW\.`}
	for _, c := range "\\`*_[]|~#!" {
		pairs = append(pairs, string(c), `\`+string(c))
	}
	return strings.NewReplacer(pairs...)
}()
