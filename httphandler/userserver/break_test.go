package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/userrecord/userrecord/conformance/faulty"
)

const fault204 = "success-204"

func TestBreakList(t *testing.T) {
	stdout, stderr := new(buffer), new(buffer)
	if got := run(t.Context(), []string{"-break", "list"}, testProcess(nil, stdout, stderr)); got != exitOK {
		t.Fatalf("exit status %d, stderr %s", got, stderr)
	}
	for _, f := range faulty.Faults() {
		if !strings.Contains(stdout.String(), f.Name) {
			t.Errorf("%s is not listed", f.Name)
		}
	}
}

// A fault is served, and said.
func TestBreak(t *testing.T) {
	s := startServer(t, nil, "-break", fault204)
	if !strings.Contains(s.stdout.String(), "Fault "+fault204+" is served on purpose") {
		t.Errorf("stdout %s", s.stdout)
	}
	r, err := http.NewRequest(http.MethodPatch, s.base+"/users/"+exampleID, strings.NewReader(`{"data":{"type":"User","id":"`+exampleID+`"}}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+demoToken)
	r.Header.Set("Content-Type", "application/vnd.api+json")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusNoContent {
		t.Errorf("status %d, want 204", response.StatusCode)
	}
}
