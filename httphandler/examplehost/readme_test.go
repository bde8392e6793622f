package main

import (
	"bytes"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// Whoever follows the README gets what it says, on both engines. At the end, a signal
// ends the process cleanly.
func TestReadme(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"curl", "bash"} {
		if _, err := exec.LookPath(tool); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatalf("the README cannot be tried: no %s here", tool)
			}
			t.Skipf("SKIPPED, the README is NOT TRIED: no %s here", tool)
		}
	}
	start, try, want := readme(t)
	build, start, _ := strings.Cut(start, "\n") // linkProgram stands for it
	if want := "go build -o examplehost ./httphandler/examplehost"; build != want {
		t.Errorf("the README builds with %q, want %q", build, want)
	}
	for name, dsn := range map[string]func() string{
		"SQLite":     func() string { return "" },
		"PostgreSQL": func() string { return postgreSQL.Server(t).NewDatabase(t).DSN },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			home := t.TempDir()
			linkProgram(t, home)
			server := startInShell(t, home, strings.Replace(start, "./examplehost", "exec ./examplehost -addr 127.0.0.1:0", 1), dsn())
			shell := exec.Command("bash", "-euo", "pipefail", "-c", strings.ReplaceAll(try, "127.0.0.1:8080", server.address(t)))
			shell.Dir = home
			out, err := shell.Output()
			require.NoErrorf(t, err, "%s\n%s", out, server.log.String())
			var got []string
			for _, line := range regexp.MustCompile(`(?m)^HTTP/1.1 (\d+) `).FindAllSubmatch(out, -1) {
				got = append(got, string(line[1]))
			}
			if diff := cmp.Diff(want, got); diff != "" || !bytes.Contains(out, []byte(`"firstName":"John"`)) {
				t.Errorf("(-want +got):\n%s%s", diff, out)
			}
			server.end(t)
			files, err := os.ReadDir(home)
			require.NoError(t, err)
			for _, file := range files {
				info, err := file.Info()
				require.NoError(t, err)
				if name := file.Name(); name != programName && name != "user.json" && info.Mode().Perm() != 0o600 {
					t.Errorf("%s has the mode %v", name, info.Mode())
				}
			}
		})
	}
}

// readme returns the README's lines that start the server, those that try it, and the
// statuses that it promises for them.
func readme(t *testing.T) (start, try string, statuses []string) {
	t.Helper()
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	blocks := regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllSubmatch(text, -1)
	require.Greater(t, len(blocks), 5)
	for i, block := range blocks {
		if i == 0 {
			start = string(block[1])
		} else {
			try += string(block[1])
		}
	}
	for _, status := range regexp.MustCompile(`(?m) # (\d+)$`).FindAllStringSubmatch(try, -1) {
		statuses = append(statuses, status[1])
	}
	return start, try, statuses
}

// A process is the server that a shell has become.
type process struct {
	command *exec.Cmd
	log     logBuffer
	ended   chan error
}

// startInShell returns when the server listens.
func startInShell(t *testing.T, dir, script, dsn string) *process {
	t.Helper()
	p := &process{command: exec.Command("bash", "-euo", "pipefail", "-c", script), ended: make(chan error, 1)}
	listening := make(chan struct{})
	p.log.await(`"msg":"listening"`, listening)
	p.command.Dir, p.command.Env, p.command.Stderr = dir, append(os.Environ(), "DATABASE_URL="+dsn), &p.log
	require.NoError(t, p.command.Start())
	t.Cleanup(func() { p.command.Process.Kill() })
	go func() { p.ended <- p.command.Wait() }()
	select {
	case <-listening:
	case err := <-p.ended:
		t.Fatalf("it ended with %v: %s", err, p.log.String())
	}
	return p
}

// address returns the one that the server has logged.
func (p *process) address(t *testing.T) string {
	t.Helper()
	found := regexp.MustCompile(`"addr":"([^"]+)"`).FindStringSubmatch(p.log.String())
	require.Len(t, found, 2)
	return found[1]
}

// end ends the server as an operator does.
func (p *process) end(t *testing.T) {
	t.Helper()
	require.NoError(t, p.command.Process.Signal(syscall.SIGTERM))
	if err := <-p.ended; err != nil {
		t.Errorf("it ended with %v: %s", err, p.log.String())
	}
}
