package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"
)

// errVersion means that the version was asked for.
var errVersion = errors.New("version")

func versionCommand(context.Context, []string, process) error { return errVersion }

// printVersion prints what the Go command has recorded in the program: the version in
// one line, such as v1.2.3, or one with the time and the revision of a commit, or
// (devel); and, if it was built in a checkout, lines about the commit, vcs.revision=...,
// vcs.time=... and vcs.modified=true or false.
func printVersion(w io.Writer) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = new(debug.BuildInfo)
	}
	fmt.Fprintf(w, "userserver %s %s %s/%s\n", cmp.Or(info.Main.Version, "(devel)"), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	for _, s := range info.Settings {
		if strings.HasPrefix(s.Key, "vcs.") {
			fmt.Fprintf(w, "%s=%s\n", s.Key, s.Value)
		}
	}
}
