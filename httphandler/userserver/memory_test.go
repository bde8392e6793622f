package main

import (
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// With -tags memory, nothing of a database is compiled or downloaded, and the server
// serves its users without. (-w leaves out tables for debuggers, half of the linking.)
func TestMemoryBuild(t *testing.T) {
	t.Parallel()
	list := exec.CommandContext(t.Context(), "go", "list", "-deps", "-tags", "memory", "-f", "{{with .Module}}{{.Path}}{{end}}", ".")
	out, err := list.Output()
	require.NoError(t, err)
	modules := slices.Compact(slices.Sorted(strings.FieldsSeq(string(out))))
	want := []string{
		"github.com/go-json-experiment/json",
		"github.com/google/uuid",
		"github.com/userrecord/userrecord",
		"github.com/userrecord/userrecord/httphandler/userserver",
	}
	if diff := cmp.Diff(want, modules); diff != "" {
		t.Errorf("modules (-want +got):\n%s", diff)
	}
	if runtime.GOOS == "windows" {
		t.Skip("no SIGTERM here")
	}
	program := filepath.Join(t.TempDir(), "userserver")
	out, err = exec.CommandContext(t.Context(), "go", "build", "-tags", "memory", "-ldflags=-w", "-o", program, ".").CombinedOutput()
	require.NoErrorf(t, err, "%s", out)
	expectVersionOf(t, program)
	requireTool(t, "curl")
	c := startCommand(t, exec.Command(program, "-addr", "127.0.0.1:0"))
	got := shell(t, c.stdout.await(t, curlPattern)[1])
	if diff := cmp.Diff(parse(t, janeRecord), parse(t, got)); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
	for _, db := range []string{defaultDB, dbPostgres} {
		refused := startCommand(t, exec.Command(program, "-db", db))
		if err := refused.wait(t); err == nil || !strings.HasPrefix(refused.stderr.String(), "userserver: -db: this program was built with -tags memory") {
			t.Errorf("-db %s: %v, stderr:\n%s", db, err, refused.stderr)
		}
	}
}
