package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
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
			dir := t.TempDir()
			args := append([]string{"check", "-url", serveHostile(t, s.After(20, handlertest.New())), "-user", handlertest.ExampleID, "-run", oneOfEach, "-managed", mostAttributes}, inDir(dir, formats...)...)
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

// serveHostile returns the base URL of a server.
func serveHostile(t *testing.T, h http.Handler) string {
	t.Helper()
	server := httptest.NewUnstartedServer(h)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.Start()
	t.Cleanup(func() {
		server.CloseClientConnections() // a hostile server may be writing still
		server.Close()
	})
	return server.URL
}

// Long answers that a run gets by the hundred do not add up: those of checks that run
// together, and those of concurrent patches, of which there are many where one got lost.
func TestManyLongAnswers(t *testing.T) {
	heavy := hostile.Heavy()
	for name, tt := range map[string]struct {
		right       http.Handler
		flag, which string
		least       int64 // requests
	}{
		"header-of-200-KiB": {handlertest.New(), "-skip", "concurrency.*,model.*,closure.*,lossless.*,merge.*,success.*,formats.*,null.*,oracle.*", 150},
		"long-number":       {stale(10, handlertest.New()), "-run", "concurrency.disjoint", 500},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := slices.IndexFunc(heavy, func(s hostile.Server) bool { return s.Name == name })
			var requests atomic.Int64
			server := heavy[i].After(20, tt.right)
			url := serveHostile(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				requests.Add(1)
				server.ServeHTTP(w, r)
			}))
			report := filepath.Join(t.TempDir(), "r.json")
			needLittle(t, []string{"check", "-url", url, "-user", handlertest.ExampleID, "-report", report, tt.flag, tt.which})
			if n, got := requests.Load(), readReport(t, report).Summary; n < tt.least || got.Passed == 0 {
				t.Errorf("%d requests, want %d: %+v", n, tt.least, got)
			}
		})
	}
}

// stale returns a server whose answers to concurrent patches show, after the first n of
// them, another name than was set. Reads do not.
func stale(n int64, right http.Handler) http.Handler {
	var patches atomic.Int64
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		recorder := httptest.NewRecorder()
		right.ServeHTTP(recorder, r)
		maps.Copy(w.Header(), recorder.Header())
		answer := recorder.Body.Bytes()
		if err == nil && r.Header.Get("Userconform-Requirement") == "concurrency.disjoint" && !bytes.Contains(body, []byte(`"attributes":{}`)) && patches.Add(1) > n {
			answer = bytes.Replace(answer, []byte(`"firstName":"`), []byte(`"firstName":"x`), 1)
			w.Header().Del("Content-Length")
		}
		w.WriteHeader(recorder.Code)
		_, _ = w.Write(answer)
	})
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
