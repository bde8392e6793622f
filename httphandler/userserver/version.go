package main

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
)

// errVersion means that -version was given.
var errVersion = errors.New("version")

// printVersion prints the version that the Go command has recorded in the program: such
// as v1.2.3, or one with the time and the revision of a commit, or (devel).
func printVersion(w io.Writer) {
	version := "(devel)"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		version = info.Main.Version
	}
	fmt.Fprintf(w, "userserver %s %s %s/%s\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
