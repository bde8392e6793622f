//go:build linux

package engine

import (
	"strings"
	"testing"
)

// TestParentDir respects TMPDIR, unless a socket's path would be too long there.
func TestParentDir(t *testing.T) {
	unset := "/tmp"
	if freeBytes(memoryDir) >= enoughMemory {
		unset = memoryDir
	}
	for tmpdir, want := range map[string]string{
		"":                            unset,
		"/var/tmp":                    "/var/tmp",
		"/" + strings.Repeat("x", 60): "/tmp",
	} {
		t.Setenv("TMPDIR", tmpdir)
		if got := parentDir(); got != want {
			t.Errorf("TMPDIR=%q: got %s, want %s", tmpdir, got, want)
		}
	}
}

// TestTemplate makes servers of one product whose data are their own.
func TestTemplate(t *testing.T) {
	t.Parallel()
	for _, tt := range startable {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			one, other := forTest(t, tt.start, []Option{Fast}), forTest(t, tt.start, []Option{Fast})
			must(t, one.patiently("create database only_here"))
			must(t, other.patiently("create database only_here"))
			if one.password != other.password || one.data() == other.data() {
				t.Error("the servers are not copies of one template")
			}
		})
	}
}

// TestFreeBytes knows a file system with room, and none.
func TestFreeBytes(t *testing.T) {
	if freeBytes("/proc") != 0 || freeBytes("/no such directory") != 0 || freeBytes(t.TempDir()) == 0 {
		t.Error("got room where there is none, or none where there is room")
	}
}
