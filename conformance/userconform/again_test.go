package main

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/render"
)

func TestAgain(t *testing.T) {
	failed := func(id string) conformance.Result {
		return conformance.Result{Requirement: conformance.Requirement{ID: id}, Status: conformance.Failed}
	}
	whole := failed("closure.statuses")
	whole.WholeRun = true
	args := []string{
		"-url", "http://127.0.0.1:1", "--user=" + someID, "-run", "merge.*", "-strict", "-quiet", "-skip=a,b", "--report", "r.html",
		"-managed", "email, phoneNumber", "-read-get=true", "-known-failing", "it's", "-seed", "7",
	}
	const same = "userconform check -url http://127.0.0.1:1 --user=" + someID + " -strict -managed 'email, phoneNumber' -read-get=true"
	for want, result := range map[string]conformance.Result{
		same + " -run merge.firstName -seed 7": failed("merge.firstName"),
		same + " -seed 7":                      whole,
		"":                                     {Status: conformance.Passed},
	} {
		if got := newAgain(args, &conformance.Options{Seed: 7}).in(result).Again; got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
	if got := shellQuoted("it's $x"); got != `'it'\''s $x'` {
		t.Errorf("%s", got)
	}
}

// A report shows the beginning of a mention as an escape, which no shell reads: a line is
// written so that it has none.
func TestAgainSurvivesReports(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"X-Api-Key: @key.pem", "@key", "#1.pem", "a @b's @c", "##[group]", "[[ATTACHMENT|x]]"} {
		quoted := shellQuoted(word)
		if shown := render.Line("userconform check -header " + quoted); !strings.HasSuffix(shown, quoted) {
			t.Errorf("%s is shown as %s", quoted, shown)
		}
		if got, err := exec.Command("sh", "-c", "printf %s "+quoted).Output(); err != nil || string(got) != word {
			t.Errorf("%s is %q in a shell, want %q: %v", quoted, got, word, err)
		}
	}
}

// A run without a seed prints lines with the seed that it had.
func TestAgainNamesTheSeed(t *testing.T) {
	var o conformance.Options
	line := newAgain(nil, &o).in(conformance.Result{Status: conformance.Warned}).Again
	if o.Seed == 0 || !strings.Contains(line, " -seed ") {
		t.Errorf("%s with the seed %d", line, o.Seed)
	}
}

// A token that is too short to be hidden destroys no report, and the run says so.
func TestShortToken(t *testing.T) {
	t.Parallel()
	url, _ := fake(t, wrongType)
	env := environment{"ACCESS_TOKEN": tokens["ACCESS_TOKEN"], "FORBIDDEN_TOKEN": "t"}
	got := runIn(t.Context(), env, checkArgs(url)...)
	for _, want := range []string{"note: FORBIDDEN_TOKEN has fewer than 8 characters, too few to be hidden: this report may show it.", "got Content-Type \"application/json\""} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("want %q in:\n%s", want, got.stdout)
		}
	}
	if strings.Contains(got.stdout, "note: ACCESS_TOKEN") {
		t.Errorf("a note on a long token:\n%s", got.stdout)
	}
}
