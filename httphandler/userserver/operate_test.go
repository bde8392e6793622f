package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// operated returns the block of this language in docs/operate.md.
func operated(t *testing.T, language string) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/operate.md")
	require.NoError(t, err)
	found := regexp.MustCompile("(?ms)^```" + language + "\n(.*?)^```$").FindSubmatch(text)
	if found == nil {
		t.Fatalf("no block of %s in docs/operate.md", language)
	}
	return string(found[1])
}

// setting returns the value of a setting, such as that of TimeoutStopSec=.
func setting(t *testing.T, text, name string) string {
	t.Helper()
	found := regexp.MustCompile(`(?m)^` + name + `(.*)$`).FindStringSubmatch(text)
	if found == nil {
		t.Fatalf("no %s in\n%s", name, text)
	}
	return found[1]
}

// requireTool skips the test without the tool, or fails it in CI.
func requireTool(t *testing.T, name string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("no %s here", name)
		}
		t.Skipf("SKIPPED, NOT TRIED: no %s here", name)
	}
}

// systemd accepts the unit, finds it well confined, and waits longer than a shutdown.
func TestUnit(t *testing.T) {
	requireTool(t, "systemd-analyze")
	program, err := itself()
	require.NoError(t, err)
	unit := strings.Replace(operated(t, "ini"), "/usr/local/bin/userserver", program, 1)
	file := filepath.Join(t.TempDir(), "userserver.service")
	require.NoError(t, os.WriteFile(file, []byte(unit), 0o644))
	for _, args := range [][]string{{"verify", file}, {"security", "--offline=true", "--no-pager", "--threshold=15", file}} {
		out, err := exec.CommandContext(t.Context(), "systemd-analyze", args...).CombinedOutput()
		if err != nil || args[0] == "verify" && strings.Contains(string(out), file) {
			t.Errorf("systemd-analyze %s: %v\n%s", args[0], err, out)
		}
	}
	patience, err := strconv.Atoi(setting(t, unit, "TimeoutStopSec="))
	if err != nil || time.Duration(patience)*time.Second <= shutdownTimeout {
		t.Errorf("TimeoutStopSec=%d, %v: a shutdown takes %v", patience, err, shutdownTimeout)
	}
	// The tokens would be a file of systemd's.
	tokens := tokenFile(t, 0o400, "write own")
	command := strings.NewReplacer("${CREDENTIALS_DIRECTORY}/tokens", tokens, "/var/lib/userserver", t.TempDir(), ":8080", ":0").Replace(setting(t, unit, "ExecStart="))
	fields := strings.Fields(command)
	startDocumented(t, exec.Command(fields[0], fields[1:]...))
}

// startDocumented starts the program, probes it with the lines of the page
// and stops it as systemd and Kubernetes do.
func startDocumented(t *testing.T, command *exec.Cmd) {
	t.Helper()
	requireTool(t, "curl")
	c := startCommand(t, command)
	base := c.stdout.await(t, basePattern)[1]
	lines := strings.ReplaceAll(operated(t, "sh"), "http://127.0.0.1:8080", base)
	if got := shell(t, strings.ReplaceAll(lines, "curl ", "curl --noproxy '*' ")); got != "ok\nok\n" {
		t.Errorf("the probes answer %q", got)
	}
	c.signal(t, syscall.SIGTERM)
	require.NoErrorf(t, c.wait(t), "stderr:\n%s", c.stderr)
}

// The page says how long a shutdown waits, and how long a check takes.
func TestOperatePageHasTheLimits(t *testing.T) {
	text, err := os.ReadFile("../../docs/operate.md")
	require.NoError(t, err)
	words := map[time.Duration]string{5 * time.Second: "five seconds"}
	for _, want := range []string{
		fmt.Sprintf("requests in flight have %d seconds", shutdownTimeout/time.Second),
		"once in " + words[readyFor] + ",",
		"within " + words[readyTimeout] + ".",
	} {
		if !strings.Contains(strings.Join(strings.Fields(string(text)), " "), want) {
			t.Errorf("docs/operate.md does not say %q", want)
		}
	}
}
