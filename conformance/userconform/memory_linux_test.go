package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/conformance/internal/hostile"
	"github.com/userrecord/userrecord/httphandler/handlertest"
)

// Whatever a server does, the command ends, takes less than 100 MB of memory, and writes
// reports of less than 10 MB.
func TestHostileServers(t *testing.T) {
	t.Parallel()
	for _, s := range hostile.Heavy() {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewUnstartedServer(s.After(20, handlertest.New()))
			server.Config.ErrorLog = log.New(io.Discard, "", 0)
			server.Start()
			t.Cleanup(func() {
				server.CloseClientConnections() // a hostile server may be writing still
				server.Close()
			})
			dir := t.TempDir()
			args := append([]string{"check", "-url", server.URL, "-user", handlertest.ExampleID, "-run", oneOfEach, "-managed", mostAttributes}, inDir(dir, formats...)...)
			needLittle(t, args)
			for _, name := range formats {
				if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() == 0 || info.Size() > 10<<20 {
					t.Errorf("%s: %v, %v", name, info, err)
				}
			}
			if r := readReport(t, filepath.Join(dir, "r.json")); len(r.Results) == 0 || r.Verdict == "" {
				t.Errorf("the report is %v", r.Verdict)
			}
		})
	}
}

// A check of one request, one of a refusal and one of many clients: they come to their end,
// however slow the machine is. Attributes that are managed are not put back one by one,
// which fails too.
const (
	oneOfEach      = "success.several,errors.422,concurrency.disjoint"
	mostAttributes = "email,phoneNumber,pictureUrl,gender,birthDate,locale,zoneInfo"
)

// needLittle runs the command, which prints nothing unasked.
func needLittle(t *testing.T, args []string) {
	t.Helper()
	name, err := program()
	require.NoError(t, err)
	measured := filepath.Join(t.TempDir(), "memory")
	c := command(t, os.Args[0], append([]string{"-test.run=^TestMeasured$", "--", name}, args...)...)
	c.Env = append(c.Env, "MEASURED="+measured)
	var stdout, stderr buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	err = c.Run()
	if status := c.ProcessState.ExitCode(); status < 0 || status > 2 {
		t.Fatalf("%v\n%s%s", err, stdout.String(), stderr.String())
	}
	text, err := os.ReadFile(measured)
	require.NoError(t, err)
	if kib, err := strconv.Atoi(string(text)); err != nil || kib > 100<<10 {
		t.Errorf("the command took %s KiB of memory", text)
	}
	if len(stdout.String()) > 1<<20 || strings.Contains(stderr.String(), handlertest.ExampleID) {
		t.Errorf("%d bytes of stdout, stderr: %.1000s", len(stdout.String()), stderr.String())
	}
}

// TestMeasured is no test, but a process between: Linux would count the memory of the
// tests as that of a command that they start.
func TestMeasured(t *testing.T) {
	file := os.Getenv("MEASURED")
	if file == "" {
		return // it is for TestHostileServers
	}
	args := flag.Args()
	c := exec.Command(args[0], args[1:]...)
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	_ = c.Run() // the status tells
	usage := c.ProcessState.SysUsage().(*syscall.Rusage)
	require.NoError(t, os.WriteFile(file, []byte(fmt.Sprint(usage.Maxrss)), 0o600))
	os.Exit(c.ProcessState.ExitCode())
}
