package main

import (
	"debug/buildinfo"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// A version needs no database and no tokens.
func TestVersion(t *testing.T) {
	for _, args := range []string{"version", "-version", "--version", "-db postgres -version"} {
		stdout, stderr := new(buffer), new(buffer)
		status := run(t.Context(), strings.Fields(args), testProcess(map[string]string{tokensEnv: "wrong"}, stdout, stderr))
		if status != exitOK || !strings.HasPrefix(stdout.String(), "userserver ") || stderr.String() != "" {
			t.Errorf("%s: exit status %d, stdout %q, stderr %q", args, status, stdout, stderr)
		}
	}
}

// expectVersionOf fails unless a built program prints what is recorded in it.
// (.ci/rehearse tries the ways to build.)
func expectVersionOf(t *testing.T, program string) {
	t.Helper()
	info, err := buildinfo.ReadFile(program)
	require.NoError(t, err)
	want := "userserver " + info.Main.Version + " " + info.GoVersion + " " + runtime.GOOS + "/" + runtime.GOARCH + "\n"
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision", "vcs.time", "vcs.modified":
			want += s.Key + "=" + s.Value + "\n"
		}
	}
	out, err := exec.CommandContext(t.Context(), program, "version").Output()
	require.NoError(t, err)
	if diff := cmp.Diff(want, string(out)); diff != "" {
		t.Errorf("the version (-want +got):\n%s", diff)
	}
}
