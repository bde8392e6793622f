package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// shell returns a command that runs a script.
func shell(t *testing.T, script string) *exec.Cmd {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("-durable needs Linux")
	}
	return program(t.Context(), nil, "/bin/sh", "-c", script)
}

// Why a program has no first line is in the error.
func TestProcessWithoutLine(t *testing.T) {
	for script, want := range map[string]string{
		"exit 0":               "/bin/sh ended before it served: EOF\n",
		"echo why >&2; exit 3": "/bin/sh ended before it served: exit status 3\nwhy\n",
	} {
		_, err := startProcess(shell(t, script))
		require.Error(t, err)
		if diff := cmp.Diff(want, err.Error()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", script, diff)
		}
	}
}

// A server that crashes in a round is known by the last of its stderr.
func TestProcessThatCrashes(t *testing.T) {
	p, err := startProcess(shell(t, "echo ready; head -c 100000 /dev/zero | tr '\\0' x >&2; echo why >&2; exit 3"))
	require.NoError(t, err)
	<-p.ended
	err = p.fail(errNoLength)
	require.ErrorIs(t, err, errNoLength)
	want := errNoLength.Error() + "\n/bin/sh: exit status 3\n" + strings.Repeat("x", tailLength-len("why\n")) + "why\n"
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The servers still run after an error of the load.
func TestProcessThatFails(t *testing.T) {
	p, err := startProcess(shell(t, "echo ready; read end"))
	require.NoError(t, err)
	if diff := cmp.Diff(errNoLength.Error()+"\n/bin/sh: signal: killed\n", p.fail(errNoLength).Error()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	require.NoError(t, p.kill())
}

// The error of a round tells why the server crashed.
func TestMeasureServerThatCrashed(t *testing.T) {
	crashed, err := startProcess(shell(t, "echo ready; echo why >&2; exit 3"))
	require.NoError(t, err)
	<-crashed.ended
	answering, _ := newLoad(t, 1, 200, "!")
	silent := &patchLoad{address: "127.0.0.1:0", users: answering.users}
	cfg := config{rounds: 1, durable: durableScope{connections: []int{1}}}
	for name, load := range map[string]*patchLoad{"round": answering, "warm-up": silent} {
		visits := []*durableVisit{{server: crashed, load: load, figures: make([]durableFigures, 1)}}
		if err := measureDurably(t.Context(), cfg, visits, nil); err == nil || !strings.HasSuffix(err.Error(), "exit status 3\nwhy\n") {
			t.Errorf("%s: error %v", name, err)
		}
	}
	visits := []*durableVisit{{server: crashed, load: silent}}
	if _, err := new(site).keptRows(t.Context(), cfg, visits); err == nil || !strings.HasSuffix(err.Error(), "exit status 3\nwhy\n") {
		t.Errorf("kept: error %v", err)
	}
}

// What an earlier run has installed may be of another version.
func TestInstallPackages(t *testing.T) {
	const script = "#!/bin/sh\necho \"$1\" > installed\n"
	shell(t, "")
	dir, tools := t.TempDir(), t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "node_modules"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "node_modules", ".package-lock.json"), nil, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(tools, "npm"), []byte(script), 0o700))
	t.Setenv("PATH", tools)
	require.NoError(t, installPackages(t.Context(), dir))
	got, err := os.ReadFile(filepath.Join(dir, "installed"))
	require.NoError(t, err)
	if diff := cmp.Diff("ci\n", string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
