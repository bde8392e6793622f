package userstore_test

import (
	"archive/zip"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the machine that runs the test may have no tz data

	"github.com/stretchr/testify/require"

	"github.com/userrecord/userrecord/userstore"
)

// The embedded list has every zone of the running Go. It may have more, from a newer Go.
func TestZoneNamesHaveThoseOfGo(t *testing.T) {
	if v := runtime.Version(); !strings.HasPrefix(v, "go1.26") && !strings.HasPrefix(v, "go1.27") {
		t.Log("the list is that of Go 1.26 and 1.27; not compared with ", v)
		return
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	require.NoError(t, err)
	archive, err := zip.OpenReader(filepath.Join(strings.TrimSpace(string(root)), "lib", "time", "zoneinfo.zip"))
	require.NoError(t, err)
	defer archive.Close()
	have := map[string]bool{}
	for _, name := range userstore.ZoneNames() {
		have[name] = true
	}
	checked := 0
	for _, f := range archive.File {
		// Factory is a placeholder for machines whose zone is not set.
		if f.FileInfo().IsDir() || f.Name == "Factory" {
			continue
		}
		checked++
		if !have[f.Name] {
			t.Errorf("%s is missing: run go generate", f.Name)
		}
	}
	if checked < 500 {
		t.Errorf("the archive holds only %d names", checked)
	}
}

func TestZoneNamesLoad(t *testing.T) {
	names := userstore.ZoneNames()
	if len(names) < 500 {
		t.Fatalf("only %d names", len(names))
	}
	for _, name := range names {
		if _, err := time.LoadLocation(name); err != nil || name == "Local" || name == "Factory" {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// ZoneNames promises a sorted list.
func TestZoneNamesAreSortedAndAccepted(t *testing.T) {
	names := userstore.ZoneNames()
	if want := slices.Compact(slices.Sorted(slices.Values(names))); !slices.Equal(want, names) {
		t.Errorf("not sorted, or a name twice (-want +got):\n%s", diff(want, names))
	}
	for _, name := range names {
		if err := userstore.DefaultRules().Validate(only("/zoneInfo", name)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestZoneNamesAreACopy(t *testing.T) {
	before := slices.Clone(userstore.ZoneNames())
	clear(userstore.ZoneNames())
	if d := diff(before, userstore.ZoneNames()); d != "" {
		t.Errorf("a caller has changed the list (-want +got):\n%s", d)
	}
}
