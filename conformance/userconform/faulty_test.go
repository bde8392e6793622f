package main

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/userrecord/userrecord/conformance/faulty"
)

func TestFaultyList(t *testing.T) {
	got := runIn(t.Context(), nil, "faulty", "-list")
	if got.status != 0 || got.stderr != "" {
		t.Fatalf("status %d, stderr %q", got.status, got.stderr)
	}
	for _, f := range faulty.Faults() {
		if !strings.Contains(got.stdout, f.Name+" ") || !strings.Contains(got.stdout, f.Title) {
			t.Errorf("%s is not listed", f.Name)
		}
	}
}

// The printed command finds the fault.
func TestFaultyIsFound(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	var stdout, stderr buffer
	status := make(chan int, 1)
	go func() {
		status <- run(ctx, []string{"faulty", "-addr", "127.0.0.1:0", "failure-422"}, environment{}.lookup, &stdout, &stderr)
	}()
	awaitText(t, &stdout, "-failing-user "+faultyFailing.ID.String()+"\n")
	line := regexp.MustCompile(`(?m)^ACCESS_TOKEN=.*$`).FindString(stdout.String())
	before, after, _ := strings.Cut(line, " userconform ")
	env := environment{}
	for variable := range strings.FieldsSeq(before) {
		name, value, _ := strings.Cut(variable, "=")
		env[name] = value
	}
	got := runIn(t.Context(), env, append(strings.Fields(after), "-run", "failure.*,success.status")...)
	if got.status != 1 || !strings.HasSuffix(got.lastLine(), "failed: failure.status.") {
		t.Errorf("status %d of %q\n%s%s", got.status, line, got.stdout, got.stderr)
	}
	stop()
	if got := <-status; got != 0 || stderr.String() != "" {
		t.Errorf("the server ended with status %d, stderr %q", got, stderr.String())
	}
}

func TestListenOnLoopback(t *testing.T) {
	for _, addr := range []string{"127.0.0.1:0", "localhost:0", "127.8.9.10:0"} {
		listener, err := listenOnLoopback(addr)
		if err != nil {
			t.Errorf("%s: %v", addr, err)
			continue
		}
		listener.Close()
	}
}
