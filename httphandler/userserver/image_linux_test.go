package main

import (
	"debug/elf"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The image's build command makes a static program, which starts with the image's flags
// where there is nothing but the image.
func TestImage(t *testing.T) {
	text, err := os.ReadFile("Dockerfile")
	require.NoError(t, err)
	dockerfile := string(text)
	root := t.TempDir()
	program := filepath.Join(root, "userserver")
	buildAsImage(t, setting(t, dockerfile, "RUN "), program)

	var flags []string
	require.NoError(t, json.Unmarshal([]byte(setting(t, dockerfile, "CMD ")), &flags))
	user, err := strconv.Atoi(strings.Split(setting(t, dockerfile, "USER "), ":")[0])
	require.NoError(t, err)
	command := exec.Command(program, flags...)
	command.Args = strings.Split(strings.ReplaceAll(strings.Join(command.Args, "\n"), ":8080", ":0"), "\n")
	if !inImage(t, command, root, user) {
		replace := strings.NewReplacer("/run/secrets/tokens", filepath.Join(root, "run/secrets/tokens"), "/data", filepath.Join(root, "data"))
		command.Args = strings.Split(replace.Replace(strings.Join(command.Args, "\n")), "\n")
	}
	startDocumented(t, command)
}

// buildAsImage runs the build command so that it makes the program, which is static.
func buildAsImage(t *testing.T, build, program string) {
	t.Helper()
	build = strings.Replace(build, "/userserver ", program+" ", 1)
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
}

// inImage gives root the directories of the image and its tokens, and, as root only, has
// the command run there, and reports whether it will.
func inImage(t *testing.T, command *exec.Cmd, root string, user int) bool {
	t.Helper()
	for _, dir := range []string{"data", "tmp", "run/secrets"} {
		require.NoError(t, os.MkdirAll(filepath.Join(root, dir), 0o755))
	}
	tokens := filepath.Join(root, "run/secrets/tokens")
	require.NoError(t, os.WriteFile(tokens, []byte("write own\n"), 0o400))
	if os.Getuid() != 0 {
		if os.Getenv("CI") == "true" {
			t.Error("not root")
		}
		t.Log("NOT TRIED: an empty root and the image's user, which only root can give")
		return false
	}
	for _, owned := range []string{tokens, filepath.Join(root, "data"), filepath.Join(root, "tmp")} {
		require.NoError(t, os.Chown(owned, user, user))
	}
	command.Path, command.Args[0], command.Dir = "/userserver", "/userserver", "/"
	command.SysProcAttr = &syscall.SysProcAttr{
		Chroot:     root,
		Credential: &syscall.Credential{Uid: uint32(user), Gid: uint32(user)},
	}
	return true
}

// Kubernetes waits longer than a shutdown and a check take.
func TestPatienceOfKubernetes(t *testing.T) {
	for name, limit := range map[string]time.Duration{
		"terminationGracePeriodSeconds: ": shutdownTimeout,
		"  timeoutSeconds: ":              readyTimeout,
	} {
		patience, err := strconv.Atoi(setting(t, operated(t, "yaml"), name))
		if err != nil || time.Duration(patience)*time.Second <= limit {
			t.Errorf("%s%d, %v: it takes %v", name, patience, err, limit)
		}
	}
}
