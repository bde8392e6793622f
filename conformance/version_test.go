package conformance

import (
	"runtime/debug"
	"testing"
)

func TestVersionIn(t *testing.T) {
	ours := func(version string) debug.Module {
		return debug.Module{Path: "github.com/userrecord/userrecord", Version: version}
	}
	dependency, replaced := ours("v1.2.3"), ours("v1.2.3")
	replaced.Replace = &debug.Module{Path: "../userrecord"}
	host := debug.Module{Path: "example.com/host", Version: "v9.9.9"}
	for name, tt := range map[string]struct {
		info debug.BuildInfo
		want string
	}{
		"our command":   {debug.BuildInfo{Main: ours("v0.4.0")}, "v0.4.0"},
		"a host's test": {debug.BuildInfo{Main: host, Deps: []*debug.Module{{Path: "example.com/other", Version: "v3.0.0"}, &dependency}}, "v1.2.3"},
		"replaced":      {debug.BuildInfo{Main: host, Deps: []*debug.Module{&replaced}}, ""},
		"not there":     {debug.BuildInfo{Main: host}, ""},
	} {
		if got := versionIn(&tt.info); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
	if Version() == "" {
		t.Error("there is no version")
	}
}
