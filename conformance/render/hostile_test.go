package render

import (
	"regexp"
	"strings"
	"testing"

	"github.com/userrecord/userrecord/conformance"
)

// commands are texts of a server that a CI system or a bot would obey, each in a line of
// its own.
const commands = "\n##vso[task.setvariable variable=a]b\n##[error]c\n##teamcity[testFailed]\n::set-output name=a::b\n  ::error::c\n" +
	"[[ATTACHMENT|/etc/passwd]]\nsection_start:1:x\r\x1b[0Kd\n@everyone and @org/team, see #12\n![i](https://evil.example/x) www.evil.example <img src=x>\n\n# heading\n"

// obeyed matches what they look like where they would be obeyed.
var obeyed = regexp.MustCompile(`(?m)##(vso|teamcity|)\[|^\s*::|\[\[ATTACHMENT|\r|\x1b|(^|[^\w])@(everyone|org)|(^|[^\w&])#12\b`)

// commanding has the commands wherever a server or a user can put text.
func commanding() *conformance.Report {
	r := nastySample()
	r.Target, r.Obstacle, r.Notes = commands, commands, []string{commands}
	r.NotRestored, r.LeftBehind = []string{commands}, []string{commands}
	for i := range r.Results {
		result := &r.Results[i]
		for j := range result.Failures {
			result.Failures[j] = conformance.Failure{Where: commands, Expected: commands, Got: commands, Detail: commands}
		}
		for j := range result.Observed {
			result.Observed[j] = commands
		}
		if result.KnownFailing != "" {
			result.KnownFailing = commands
		}
		if result.Obstacle != "" {
			result.Obstacle = commands
		}
		result.Exchanges = []conformance.Exchange{{Request: commands, Response: commands, Curl: commands, AtFault: true}, {Request: commands, Response: commands, Curl: commands}}
	}
	r.Causes = []conformance.Cause{{Title: commands, Hint: commands, Explains: []string{"one.failed"}}}
	return r
}

// No report makes a CI system or a bot do what a server says, even if it is printed.
func TestNobodyObeysAServer(t *testing.T) {
	for _, verdict := range []conformance.Verdict{conformance.NonConformant, conformance.Inconclusive} {
		for extension, f := range formats {
			r := commanding()
			r.Verdict = verdict
			text := write(t, f, r)
			if found := obeyed.FindString(text); found != "" {
				t.Errorf("%s, %s: %q is in it", extension, verdict, found)
			}
			if !strings.Contains(text, "vso[task") {
				t.Errorf("%s: the text of the server has vanished", extension)
			}
		}
	}
	if found := obeyed.FindString(Line(commands) + "\n" + Visible(commands)); found != "" {
		t.Errorf("a line for the terminal has %q", found)
	}
}

// What a server sends makes no link, picture, heading or HTML in Markdown.
func TestMarkdownStaysText(t *testing.T) {
	fence := ""
	for line := range strings.Lines(write(t, Markdown, commanding())) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case fence == "" && strings.HasPrefix(line, "```"):
			fence = strings.TrimRight(line, "htps")
		case fence != "" && line == fence:
			fence = ""
		case fence != "":
		case regexp.MustCompile(`[^\\]!?\[|://|[^\\]<|www\.|^# heading`).MatchString(line):
			t.Errorf("not literal: %s", line)
		}
	}
	if fence != "" {
		t.Error("a block of code does not end")
	}
}
