package render

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/userrecord/userrecord/conformance"
)

// The elements of a JUnit file on which its readers agree.
type (
	junitSuites struct {
		XMLName xml.Name `xml:"testsuites"`
		Name    string   `xml:"name,attr"`
		junitCounts
		Suites []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name string `xml:"name,attr"`
		junitCounts
		Timestamp  string          `xml:"timestamp,attr"`
		Properties []junitProperty `xml:"properties>property"`
		Cases      []junitCase     `xml:"testcase"`
	}
	junitCounts struct {
		Tests    int    `xml:"tests,attr"`
		Failures int    `xml:"failures,attr"`
		Errors   int    `xml:"errors,attr"`
		Skipped  int    `xml:"skipped,attr"`
		Time     string `xml:"time,attr"`
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitCase struct {
		ClassName string        `xml:"classname,attr"`
		Name      string        `xml:"name,attr"`
		Time      string        `xml:"time,attr"`
		Failure   *junitProblem `xml:"failure"`
		Error     *junitProblem `xml:"error"`
		Skipped   *junitProblem `xml:"skipped"`
		Out       string        `xml:"system-out,omitempty"`
	}
	junitProblem struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",chardata"`
	}
)

// JUnit writes the report as JUnit XML: each family as a test suite, each
// requirement as a test case. Warnings and observations are passing test cases
// with output, since JUnit has no word for them. An inconclusive run has one more
// test case, with an error, so that nobody sees green.
func JUnit(w io.Writer, r *conformance.Report) error {
	all := junitSuites{Name: "userconform", junitCounts: junitCounts{Time: seconds(r.Duration)}}
	for _, f := range digestOf(r).Families {
		all.add(junitSuiteOf(f), r)
	}
	if r.Verdict == conformance.Inconclusive {
		verdict := junitCase{ClassName: "run", Name: "run.verdict", Time: seconds(0),
			Error: &junitProblem{Message: Line(strings.TrimSpace(r.Reason() + " " + r.Unrestored())), Type: string(r.Verdict)}}
		suite := junitSuite{Name: "run", Cases: []junitCase{verdict}}
		suite.Tests, suite.Errors, suite.Time = 1, 1, seconds(0)
		all.add(suite, r)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// add adds the suite. Its properties say which run it is a part of, since readers often
// show suites one by one.
func (all *junitSuites) add(s junitSuite, r *conformance.Report) {
	s.Timestamp = r.Started.UTC().Format("2006-01-02T15:04:05")
	s.Properties = []junitProperty{
		{"subject", r.Subject},
		{"target", Visible(r.Target)},
		{"verdict", string(r.Verdict)},
		{"headline", Visible(r.Headline())},
		{"strict", fmt.Sprint(r.Strict)},
		{"seed", fmt.Sprint(r.Seed)},
		{"version", r.Version},
	}
	for _, c := range r.Causes {
		s.Properties = append(s.Properties, junitProperty{"cause", Line(c.String() + " (" + strings.Join(c.Explains, ", ") + ")")})
	}
	for _, pointer := range r.LeftBehind {
		s.Properties = append(s.Properties, junitProperty{"left-behind", Line(pointer)})
	}
	for _, note := range r.Notes {
		s.Properties = append(s.Properties, junitProperty{"note", Line(note)})
	}
	all.Suites = append(all.Suites, s)
	all.Tests += s.Tests
	all.Failures += s.Failures
	all.Errors += s.Errors
	all.Skipped += s.Skipped
}

func junitSuiteOf(f family) junitSuite {
	s := junitSuite{Name: f.Name}
	var total time.Duration
	for _, result := range f.Results {
		c := junitCaseOf(result)
		s.Cases = append(s.Cases, c)
		s.Tests++
		total += result.Duration
		switch {
		case c.Failure != nil:
			s.Failures++
		case c.Skipped != nil:
			s.Skipped++
		}
	}
	s.Time = seconds(total)
	return s
}

func junitCaseOf(r conformance.Result) junitCase {
	c := junitCase{ClassName: familyOf(r.ID), Name: r.ID, Time: seconds(r.Duration)}
	switch {
	case r.Counts():
		c.Failure = &junitProblem{Message: Line(problemText(r)), Type: string(r.Level), Text: junitText(r)}
	case r.Status == conformance.Failed:
		c.Skipped = &junitProblem{Message: Line("known to fail (" + r.KnownFailing + "): " + r.Reason())}
	case r.Status == conformance.NotRun:
		c.Skipped = &junitProblem{Message: Line(r.Obstacle)}
	case r.Reason() != "":
		c.Out = Visible(fmt.Sprintf("%s (%s): %s\n%s", r.Status, r.Level, r.Title, r.Reason()))
	}
	return c
}

// junitText returns all that the report has on a failure, the exchange at fault first.
func junitText(r conformance.Result) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s: %s\n%s\n", problemText(r), r.Level, r.Title, r.Source)
	fault := r.AtFault()
	if fault != nil {
		b.WriteString(exchangeText(fault))
	}
	if line := r.Reproduction(); line != "" {
		fmt.Fprintf(&b, "\nTo see it again:\n%s\n", line)
	}
	if len(r.Exchanges) > 1 {
		b.WriteString("\nThe other exchanges, oldest first:\n")
	}
	for i := range r.Exchanges {
		if e := &r.Exchanges[i]; e != fault {
			b.WriteString(exchangeText(e))
		}
	}
	return Visible(b.String())
}

func exchangeText(e *conformance.Exchange) string {
	return "\n" + strings.TrimSpace(e.Request) + "\n\n" + strings.TrimSpace(e.Response) + "\n"
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }
