package main

import (
	"runtime"
	"strings"
	"testing"

	"github.com/userrecord/userrecord/conformance"
)

func TestVersion(t *testing.T) {
	want := "userconform " + conformance.Version() + " " + runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH + "\n"
	for _, arg := range []string{"version", "-version", "--version"} {
		if got := runIn(t.Context(), nil, arg); got.status != 0 || !strings.HasPrefix(got.stdout, want) || got.stderr != "" {
			t.Errorf("%s: %+v", arg, got)
		}
	}
}
