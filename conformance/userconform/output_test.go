package main

import (
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/conformance"
)

// filesIn returns the names in the folder, separated by spaces.
func filesIn(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return strings.Join(names, " ")
}

// While the run goes on there is no report: neither that of an earlier run, nor a part.
func TestReportsAppearWhole(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range formats {
		writeFile(t, filepath.Join(dir, name), "of an earlier run")
	}
	seen := map[string]bool{}
	url, _ := fake(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			seen[filesIn(t, dir)] = true
			next.ServeHTTP(w, r)
		})
	})
	got := runIn(t.Context(), tokens, checkArgs(url, inDir(dir, formats...)...)...)
	if got.status != 0 {
		t.Fatalf("status %d\n%s%s", got.status, got.stdout, got.stderr)
	}
	if diff := cmp.Diff(map[string]bool{"": true}, seen); diff != "" {
		t.Errorf("files during the run (-want +got):\n%s", diff)
	}
	if got, want := filesIn(t, dir), "r.html r.json r.md r.xml"; got != want {
		t.Errorf("files afterwards: %s, want %s", got, want)
	}
	needReports(t, dir)
	if r := readReport(t, filepath.Join(dir, "r.json")); r.Verdict != conformance.Conformant {
		t.Errorf("the report says %q", r.Verdict)
	}
}

// oneReport runs a check of one requirement that writes the report.
func oneReport(t *testing.T, report string) ending {
	t.Helper()
	url, _ := fake(t, nil)
	return runIn(t.Context(), tokens, "check", "-url", url, "-user", someID, "-run", "success.status", "-report", report)
}

// A new report has the permissions of any new file here, a replaced one those that it had.
func TestReportPermissions(t *testing.T) {
	dir := t.TempDir()
	report, other := filepath.Join(dir, "r.json"), filepath.Join(dir, "other")
	f, err := os.Create(other)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	mode := func(name string) fs.FileMode {
		info, err := os.Stat(name)
		require.NoError(t, err)
		return info.Mode()
	}
	oneReport(t, report)
	if got, want := mode(report), mode(other); got != want {
		t.Errorf("a new report has %v, want %v", got, want)
	}
	require.NoError(t, os.Chmod(report, 0o640))
	want := mode(report)
	oneReport(t, report)
	if got := mode(report); got != want {
		t.Errorf("a replaced report has %v, want %v", got, want)
	}
}

// A symbolic link stays, and the file that it leads to is replaced, or created.
func TestReportThroughLink(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]string{"replaced": "of an earlier run", "created": ""} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			require.NoError(t, os.Mkdir(filepath.Join(dir, "real"), 0o700))
			target, link := filepath.Join(dir, "real", "file"), filepath.Join(dir, "r.json")
			if before != "" {
				writeFile(t, target, before)
			}
			require.NoError(t, os.Symlink(filepath.Join("real", "file"), link))
			if got := oneReport(t, link); got.status != 0 {
				t.Fatalf("status %d\n%s%s", got.status, got.stdout, got.stderr)
			}
			to, err := os.Readlink(link)
			if err != nil || to != filepath.Join("real", "file") {
				t.Errorf("the link leads to %q (%v)", to, err)
			}
			if r := readReport(t, target); r.Verdict != conformance.Conformant {
				t.Errorf("the file says %q", r.Verdict)
			}
			if got := filesIn(t, filepath.Dir(target)); got != "file" {
				t.Errorf("there are %s", got)
			}
		})
	}
}

// What goes to standard output is added to the file that this is, and nothing is lost.
func TestReportToStandardOutput(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("needs /dev/stdout")
	}
	name, err := program()
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, os.Symlink("/dev/stdout", filepath.Join(dir, "r.xml")))
	log, err := os.OpenFile(filepath.Join(dir, "log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	require.NoError(t, err)
	defer log.Close()
	_, err = log.WriteString("earlier\n")
	require.NoError(t, err)
	url, _ := fake(t, nil)
	c := command(t, name, checkArgs(url, inDir(dir, "r.xml")...)...)
	c.Stdout = log
	require.NoError(t, c.Run())
	text, err := os.ReadFile(log.Name())
	require.NoError(t, err)
	for _, want := range []string{"earlier\n", "\n<?xml", "</testsuites>\n", "CONFORMANT in the "} {
		if !strings.Contains("\n"+string(text), want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}

// A report whose folder goes away during the run is said to be missing.
func TestReportFolderRemoved(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "away")
	require.NoError(t, os.Mkdir(dir, 0o700))
	url, _ := fake(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			os.Remove(dir)
			next.ServeHTTP(w, r)
		})
	})
	got := runIn(t.Context(), tokens, checkArgs(url, inDir(dir, "r.json")...)...)
	if want := "INCONCLUSIVE: a report could not be written: " + filepath.Join(dir, "r.json") + ": open " + filepath.Join(dir, "r.json") + ": no such file"; got.status != 2 || !strings.HasPrefix(got.lastLine(), want) {
		t.Errorf("status %d, last line %q", got.status, got.lastLine())
	}
}

// One file by two names is one file.
func TestReportTwiceByTwoNames(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Symlink("r.json", filepath.Join(dir, "link.json")))
	for _, other := range []string{"link.json", "./r.json", "../" + filepath.Base(dir) + "/r.json"} {
		_, err := configure(checkArgs(loopback, "-report", filepath.Join(dir, "r.json"), "-report", dir+"/"+other)[1:], tokens.lookup)
		if err == nil || !strings.Contains(err.Error(), " twice") {
			t.Errorf("%s: %v", other, err)
		}
	}
}
