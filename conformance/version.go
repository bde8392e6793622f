package conformance

import (
	"cmp"
	"runtime/debug"
	"sync"
)

// Version returns the version of the suite, as the Go command has recorded it in the
// program: such as v1.2.3, or with the time and the revision of a commit, or (devel).
func Version() string { return version() }

var version = sync.OnceValue(func() string {
	const unknown = "(devel)"
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return unknown
	}
	return cmp.Or(versionIn(info), unknown)
})

// versionIn returns the version of our module in a program, or "".
func versionIn(info *debug.BuildInfo) string {
	for _, m := range append([]*debug.Module{&info.Main}, info.Deps...) {
		if m.Path != "github.com/userrecord/userrecord" {
			continue
		}
		if m.Replace != nil {
			m = m.Replace
		}
		return m.Version
	}
	return ""
}
