package main

import (
	"debug/elf"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
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
	program, err := built()
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
	startDocumented(t, strings.Fields(command))
}

// The image's build command makes a static program, which starts with the image's flags.
func TestImage(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("an image needs a program for Linux")
	}
	dockerfile := operated(t, "dockerfile")
	program := filepath.Join(t.TempDir(), "userserver")
	build := strings.Replace(setting(t, dockerfile, "RUN "), "/userserver ", program+" ", 1)
	command := exec.CommandContext(t.Context(), "sh", "-c", build)
	command.Dir = "../.."
	out, err := command.CombinedOutput()
	require.NoErrorf(t, err, "%s\n%s", build, out)
	file, err := elf.Open(program)
	require.NoError(t, err)
	defer file.Close()
	if libraries, err := file.ImportedLibraries(); err != nil || len(libraries) > 0 || file.Section(".interp") != nil {
		t.Errorf("the program is not static: %q, %v", libraries, err)
	}
	var flags []string
	require.NoError(t, json.Unmarshal([]byte(setting(t, dockerfile, "CMD ")), &flags))
	tokens := tokenFile(t, 0o400, "write own")
	for i, flag := range flags {
		flags[i] = strings.NewReplacer("/run/secrets/tokens", tokens, "/data", t.TempDir(), ":8080", ":0").Replace(flag)
	}
	startDocumented(t, append([]string{program}, flags...))
	patience, err := strconv.Atoi(setting(t, operated(t, "yaml"), "terminationGracePeriodSeconds: "))
	if err != nil || time.Duration(patience)*time.Second <= shutdownTimeout {
		t.Errorf("terminationGracePeriodSeconds is %d, %v: a shutdown takes %v", patience, err, shutdownTimeout)
	}
	limit, err := strconv.Atoi(setting(t, operated(t, "yaml"), "  timeoutSeconds: "))
	if err != nil || time.Duration(limit)*time.Second <= readyTimeout {
		t.Errorf("timeoutSeconds is %d, %v: a check takes %v", limit, err, readyTimeout)
	}
}

// startDocumented starts the program with the flags, probes it with the lines of the page
// and stops it as systemd and Kubernetes do.
func startDocumented(t *testing.T, command []string) {
	t.Helper()
	requireTool(t, "curl")
	c := startCommand(t, exec.Command(command[0], command[1:]...))
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
