package main

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/userrecord/userrecord/conformance"
)

// printVersion prints what the Go command has recorded in the program: the version in
// one line, and, if it was built in a checkout, lines about the commit, vcs.revision=...,
// vcs.time=... and vcs.modified=true or false.
func printVersion(w io.Writer) {
	fmt.Fprintf(w, "userconform %s %s %s/%s\n", conformance.Version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return
	}
	for _, s := range info.Settings {
		if strings.HasPrefix(s.Key, "vcs.") {
			fmt.Fprintf(w, "%s=%s\n", s.Key, s.Value)
		}
	}
}
