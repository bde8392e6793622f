package main

import (
	"bytes"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// A process starts on its core, and the thread that started it gets its affinity back.
func TestStartOn(t *testing.T) {
	if runtime.NumCPU() < 2 {
		t.Skip("there is only one core")
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cores, err := twoCores()
	if err != nil || cores[0] == cores[1] {
		t.Fatalf("cores %v, error %v", cores, err)
	}
	before := affinity(t)
	for _, core := range cores {
		cmd := exec.Command("grep", "Cpus_allowed_list", "/proc/self/status")
		var stdout bytes.Buffer
		cmd.Stdout = &stdout
		require.NoError(t, startOn(core, cmd))
		require.NoError(t, cmd.Wait())
		_, list, _ := strings.Cut(stdout.String(), ":")
		if diff := cmp.Diff(strconv.Itoa(core), strings.TrimSpace(list)); diff != "" {
			t.Errorf("cores of the process (-want +got):\n%s", diff)
		}
	}
	if diff := cmp.Diff(before, affinity(t)); diff != "" {
		t.Errorf("affinity of the thread (-before +after):\n%s", diff)
	}
}

func affinity(t *testing.T) (set unix.CPUSet) {
	t.Helper()
	require.NoError(t, unix.SchedGetaffinity(0, &set))
	return set
}
