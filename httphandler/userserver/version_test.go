package main

import (
	"regexp"
	"runtime"
	"testing"
)

// -version needs no database and no tokens.
func TestVersion(t *testing.T) {
	stdout, stderr := new(buffer), new(buffer)
	status := run(t.Context(), []string{"-db", "postgres", "-version"}, testProcess(map[string]string{tokensEnv: "wrong"}, stdout, stderr))
	want := `^userserver \S+ ` + regexp.QuoteMeta(runtime.Version()) + " " + runtime.GOOS + "/" + runtime.GOARCH + "\n$"
	if status != exitOK || !regexp.MustCompile(want).MatchString(stdout.String()) || stderr.String() != "" {
		t.Errorf("exit status %d, stdout %q, stderr %q; want 0 and %s", status, stdout, stderr, want)
	}
}
