package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/userstore"
)

var formats = []string{"r.json", "r.xml", "r.md", "r.html"}

func readReport(t *testing.T, name string) (report conformance.Report) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(text, &report)
	}
	require.NoError(t, err)
	return report
}

// The whole suite, every fixture given, against our own handler.
func TestOurHandler(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	url, server := fake(t, nil)
	other := userstore.User{ID: uuid.New(), Attributes: userstore.Attributes{FirstName: userstore.Value("Maria")}}
	_, err := server.Store.Create(t.Context(), other)
	require.NoError(t, err)
	args := append([]string{"check", "-url", url + "/user/2025-1", "-user", "C0DAF39B-4df5-4241-9e7d-b1b85f829090", "-other-user", other.ID.String(), "-strict", "-seed", "7"}, inDir(dir, formats...)...)
	got := runIn(t.Context(), tokens, args...)
	if got.status != 0 || !strings.HasPrefix(got.lastLine(), "CONFORMANT: ") || got.stderr != "" {
		t.Errorf("status %d\n%s\n%s", got.status, got.stdout, got.stderr)
	}
	if r := readReport(t, filepath.Join(dir, "r.json")); r.Verdict != conformance.Conformant || !r.Strict || r.Seed != 7 || r.Summary.Failed != 0 || r.Summary.Passed == 0 {
		t.Errorf("report: %s %v %d %+v", r.Verdict, r.Strict, r.Seed, r.Summary)
	}
	needReports(t, dir)
	needExample(t, server)
	if n := len(server.Calls()); n < aboutRequests*9/10 || n > aboutRequests*11/10 {
		t.Errorf("%d requests, and the help says that there are about %d", n, aboutRequests)
	}
	if want := "\nuserconform " + conformance.Version() + "\n"; !strings.Contains(got.stdout, want) {
		t.Errorf("%q is not in\n%s", want, got.stdout)
	}
	for _, call := range server.Calls() {
		if call.Method == http.MethodDelete || call.Method == http.MethodPut {
			t.Errorf("sent %s", call.Method)
		}
	}
}

func needReports(t *testing.T, dir string) {
	t.Helper()
	for _, name := range formats {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s was not written: %v", name, err)
		}
	}
}

func TestNonConformant(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	url, server := fake(t, wrongType)
	got := runIn(t.Context(), tokens, checkArgs(url, inDir(dir, formats...)...)...)
	if got.status != 1 || !strings.HasPrefix(got.lastLine(), "NOT CONFORMANT: 1 requirement") || !strings.HasSuffix(got.lastLine(), "failed: success.media-type.") {
		t.Errorf("status %d, last line %q", got.status, got.lastLine())
	}
	for _, want := range []string{
		`failed: success.media-type (MUST): expected Content-Type application/vnd.api+json, got Content-Type "application/json"` + "\n    The answer is application/vnd.api+json. (page, response 200)\n    curl ",
		`"Authorization: Bearer $ACCESS_TOKEN"`, "\nreport: " + filepath.Join(dir, "r.html") + "\n", " passed, 1 failed, ",
	} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("want %q in:\n%s", want, got.stdout)
		}
	}
	if strings.Contains(got.stdout+got.stderr, tokens["ACCESS_TOKEN"]) || strings.Contains(got.stdout, "\x1b") {
		t.Error("a token, or an escape, was printed")
	}
	needReports(t, dir)
	needExample(t, server)
}

func TestStrict(t *testing.T) {
	t.Parallel()
	url, _ := fake(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(charset{w}, r)
		})
	})
	if got := runIn(t.Context(), tokens, checkArgs(url)...); got.status != 0 || !strings.Contains(got.stdout, "warned: success.media-type-parameters (SHOULD): ") {
		t.Errorf("status %d:\n%s", got.status, got.stdout)
	}
	if got := runIn(t.Context(), tokens, checkArgs(url, "-strict")...); got.status != 1 {
		t.Errorf("strict: status %d:\n%s", got.status, got.stdout)
	}
}

// charset adds a parameter to the media type.
type charset struct{ http.ResponseWriter }

func (w charset) WriteHeader(status int) {
	w.Header().Set("Content-Type", w.Header().Get("Content-Type")+"; charset=utf-8")
	w.ResponseWriter.WriteHeader(status)
}

func TestQuiet(t *testing.T) {
	t.Parallel()
	for wrap, want := range map[bool]int{false: 0, true: 1} {
		var wrapper func(http.Handler) http.Handler
		if wrap {
			wrapper = wrongType
		}
		url, _ := fake(t, wrapper)
		got := runIn(t.Context(), tokens, checkArgs(url, append(inDir(t.TempDir(), "r.md"), "-quiet")...)...)
		if got.status != want || strings.Count(got.stdout, "\n") != 1 || got.stderr != "" {
			t.Errorf("status %d, want %d, stdout %q, stderr %q", got.status, want, got.stdout, got.stderr)
		}
	}
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	got := runIn(t.Context(), tokens, checkArgs("http://127.0.0.1:1", inDir(dir, formats...)...)...)
	if got.status != 2 || !strings.HasPrefix(got.lastLine(), "INCONCLUSIVE: cannot read the user") {
		t.Errorf("status %d, last line %q", got.status, got.lastLine())
	}
	if r := readReport(t, filepath.Join(dir, "r.json")); r.Verdict != conformance.Inconclusive || r.Summary.Passed != 0 {
		t.Errorf("report: %s %+v", r.Verdict, r.Summary)
	}
	needReports(t, dir)
}

func TestNoMustCouldRun(t *testing.T) {
	url, _ := fake(t, nil)
	got := runIn(t.Context(), tokens, "check", "-url", url, "-user", "c0daf39b-4df5-4241-9e7d-b1b85f829090", "-run", "success.created-at")
	if got.status != 2 || !strings.HasPrefix(got.lastLine(), "INCONCLUSIVE: no MUST") {
		t.Errorf("status %d, last line %q", got.status, got.lastLine())
	}
}

func TestPatterns(t *testing.T) {
	dir := t.TempDir()
	url, _ := fake(t, nil)
	args := append([]string{"check", "-url", url, "-user", "c0daf39b-4df5-4241-9e7d-b1b85f829090",
		"-run", "success.status,success.t*", "-run", "merge.firstName", "-skip", "success.types"}, inDir(dir, "r.json")...)
	if got := runIn(t.Context(), tokens, args...); got.status != 0 {
		t.Fatalf("status %d:\n%s%s", got.status, got.stdout, got.stderr)
	}
	var ids []string
	for _, r := range readReport(t, filepath.Join(dir, "r.json")).Results {
		ids = append(ids, r.ID)
	}
	if got, want := strings.Join(ids, " "), "success.status success.type merge.firstName"; got != want {
		t.Errorf("ran %s, want %s", got, want)
	}
}

func TestKnownFailing(t *testing.T) {
	t.Parallel()
	right, _ := fake(t, nil)
	wrong, _ := fake(t, wrongType)
	list := filepath.Join(t.TempDir(), "known")
	writeFile(t, list, "# known\n\nsuccess.media-type\tticket 1, see https://example.com\n")
	if got := runIn(t.Context(), tokens, checkArgs(wrong, "-known-failing", list)...); got.status != 0 || !strings.Contains(got.stdout, "known to fail: success.media-type") || !strings.Contains(got.lastLine(), ", except for 1 known failure: ") {
		t.Errorf("it fails as known: status %d:\n%s", got.status, got.stdout)
	}
	if got := runIn(t.Context(), tokens, checkArgs(right, "-known-failing", list)...); got.status != 1 || !strings.Contains(got.lastLine(), "success.media-type") {
		t.Errorf("it passes: status %d:\n%s", got.status, got.stdout)
	}
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
}

// A server that refuses a patch without attributes is read by the record.
func TestRecord(t *testing.T) {
	t.Parallel()
	url, server := fake(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if body := bodyOf(r); strings.Contains(body, `"attributes":{}`) || !strings.Contains(body, `"attributes"`) {
				http.Error(w, "no", http.StatusUnprocessableEntity)
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	got := runIn(t.Context(), tokens, checkArgs(url)...)
	if got.status != 2 || !strings.Contains(got.lastLine(), "-record") {
		t.Errorf("without it: status %d, last line %q", got.status, got.lastLine())
	}
	record := filepath.Join(t.TempDir(), "record.json")
	text, err := json.Marshal(userstore.ExampleUser().Attributes)
	require.NoError(t, err)
	writeFile(t, record, string(text))
	if got := runIn(t.Context(), tokens, checkArgs(url, "-record", record)...); got.status != 0 {
		t.Errorf("with it: status %d\n%s", got.status, got.stdout)
	}
	needExample(t, server)
}

func TestRate(t *testing.T) {
	t.Parallel()
	url, server := fake(t, nil)
	begin := time.Now()
	got := runIn(t.Context(), tokens, "check", "-url", url, "-user", "c0daf39b-4df5-4241-9e7d-b1b85f829090", "-run", "success.status", "-rate", "50", "-managed", "email,phoneNumber")
	if took, calls := time.Since(begin), len(server.Calls()); got.status != 0 || took < time.Duration(calls-1)*20*time.Millisecond {
		t.Errorf("status %d: %d requests in %s", got.status, calls, took)
	}
}

// What could not be restored is said, and the status is not 0.
func TestNotRestored(t *testing.T) {
	t.Parallel()
	patches := 0
	url, _ := fake(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body := bodyOf(r)
			if r.Header.Get("Userconform-Requirement") == "success.status" && strings.Contains(body, "lastName") {
				patches++
			}
			if patches > 0 && strings.Contains(body, `"Smith"`) {
				http.Error(w, "no", http.StatusForbidden)
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	got := runIn(t.Context(), tokens, "check", "-url", url, "-user", "c0daf39b-4df5-4241-9e7d-b1b85f829090", "-run", "success.status")
	if got.status != 2 || !strings.HasPrefix(got.lastLine(), "INCONCLUSIVE: ") || !strings.Contains(got.lastLine(), "/lastName") {
		t.Errorf("status %d, last line %q", got.status, got.lastLine())
	}
}
