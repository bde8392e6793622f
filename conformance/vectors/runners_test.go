package vectors_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/userrecord/userrecord/conformance/faulty"
	"github.com/userrecord/userrecord/conformance/internal/npm"
	"github.com/userrecord/userrecord/conformance/internal/sample"
	"github.com/userrecord/userrecord/memstore"
)

// A runner is an example of how to run the vectors in a language.
type runner struct {
	program     string
	options     []string
	file, merge string
}

// Python starts without packages (-S): the runner needs none.
var runners = []runner{{"node", nil, "run.mjs", "merge.mjs"}, {"python3", []string{"-S"}, "run.py", "merge.py"}}

// run runs the vectors, and returns what it prints and the exit code.
func (r runner) run(t *testing.T, args ...string) (output string, code int) {
	t.Helper()
	npm.Need(t, "the runner in "+r.program, npm.Look(r.program))
	command := exec.CommandContext(t.Context(), r.program, slices.Concat(r.options, []string{filepath.Join("runners", r.file)}, args)...)
	command.Env = append(os.Environ(), "ACCESS_TOKEN=good-token", "FORBIDDEN_TOKEN=forbidden-token", "UNLINKED_TOKEN=unlinked-token", "PYTHONDONTWRITEBYTECODE=1")
	out, err := command.CombinedOutput()
	exit, failed := errors.AsType[*exec.ExitError](err)
	require.True(t, err == nil || failed, "%v", err)
	if failed {
		code = exit.ExitCode()
	}
	return string(out), code
}

// onEachRunner runs the test with every runner, at the same time.
func onEachRunner(t *testing.T, test func(t *testing.T, r runner)) {
	t.Parallel()
	for _, r := range runners {
		t.Run(r.program, func(t *testing.T) {
			t.Parallel()
			test(t, r)
		})
	}
}

func serve(t *testing.T, h http.Handler) (url string) {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}

// Our handler does exactly what the contract says. One vector takes another createdAt.
// (The race detector looks at the handler, for which a part will do.)
func TestRunnersOnContract(t *testing.T) {
	args, total := []string{"--contract"}, 0
	if sample.Partial {
		args = append(args, "--theme", "dates")
	}
	for _, v := range allVectors(t) {
		if !sample.Partial || strings.HasPrefix(v.ID, "dates/") {
			total++
		}
	}
	onEachRunner(t, func(t *testing.T, r runner) {
		url := serve(t, newHandler(memstore.New(userOf(t, records["page"].text()))))
		want := fmt.Sprintf("not run dates/createdAt/microseconds [created-at.echo created-at.fixed]: it takes another createdAt\n"+
			"%d vectors: %d passed; missed: 0 MUST, 0 SHOULD, 0 OBSERVE; 1 not run\n", total, total-1)
		output, code := r.run(t, slices.Concat(args, []string{"--url", url})...)
		if diff := gocmp.Diff(want, output); diff != "" || code != 0 {
			t.Errorf("exit code %d (-want +got):\n%s", code, diff)
		}
	})
}

// Another user, below a base path: what takes the user of the page does not run, the rest
// passes, and the user is restored.
func TestRunnersOnAnotherUser(t *testing.T) {
	onEachRunner(t, func(t *testing.T, r runner) {
		user := userOf(t, records["street"].with("/gender", "other").with("/createdAt", "2020-02-02T20:20:20Z").text())
		user.ID = uuid.MustParse("5F0C3A52-8F1E-4B6D-9A57-2D1C6E7B8F90")
		store := memstore.New(user)
		url := serve(t, http.StripPrefix("/user/2025-1", newHandler(store))) + "/user/2025-1/"
		for theme, want := range map[string]string{"ids": "4 not run\n", "document": "1 not run\n"} {
			output, code := r.run(t, "--url", url, "--user", user.ID.String(), "--theme", theme)
			if !strings.HasSuffix(output, "; missed: 0 MUST, 0 SHOULD, 0 OBSERVE; "+want) || code != 0 {
				t.Errorf("exit code %d:\n%s", code, output)
			}
		}
		if got, err := store.Get(t.Context(), user.ID); err != nil || got != user {
			t.Errorf("the user is not restored, or %v", err)
		}
	})
}

// A server that breaks off now and then: the vector is missed, and the run goes on.
func TestRunnersGoOn(t *testing.T) {
	onEachRunner(t, func(t *testing.T, r runner) {
		next := newHandler(memstore.New(userOf(t, records["page"].text())))
		url := serve(t, http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
			if strings.HasSuffix(request.URL.Path, "/me") {
				panic(http.ErrAbortHandler)
			}
			next.ServeHTTP(w, request)
		}))
		output, code := r.run(t, "--url", url, "--theme", "ids")
		if !strings.HasPrefix(output, "MUST ids/me [path.malformed path.malformed-choice]: no answer: ") ||
			!strings.HasSuffix(output, "; missed: 1 MUST, 0 SHOULD, 0 OBSERVE; 0 not run\n") || code != 1 {
			t.Errorf("exit code %d:\n%s", code, output)
		}
	})
}

// A server that refuses a patch without attributes is read by other patches.
func TestRunnersWithoutEmptyPatches(t *testing.T) {
	onEachRunner(t, func(t *testing.T, r runner) {
		next := newHandler(memstore.New(userOf(t, records["page"].text())))
		url := serve(t, http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
			body, _ := io.ReadAll(request.Body)
			if strings.Contains(string(body), `"attributes":{}`) || strings.Contains(string(body), `"attributes": {}`) {
				body = nil // 422
			}
			request.Body, request.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
			next.ServeHTTP(w, request)
		}))
		output, code := r.run(t, "--url", url, "--theme", "null")
		if want := "The record of the user could not be restored.\n59 vectors: 59 passed; missed: 0 MUST, 0 SHOULD, 0 OBSERVE; 0 not run\n"; output != want || code != 0 {
			t.Errorf("exit code %d:\n%s", code, output)
		}
	})
}

// With a command that makes the record, every vector runs. The one here leaves the record
// in a file, which the server takes before the next request.
func TestRunnersWithReset(t *testing.T) {
	onEachRunner(t, func(t *testing.T, r runner) {
		file := filepath.Join(t.TempDir(), "record.json")
		current := newHandler(memstore.New())
		url := serve(t, http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
			var to struct{ Attributes json.RawMessage }
			if text, err := os.ReadFile(file); err == nil {
				if err := errors.Join(json.Unmarshal(text, &to), os.Remove(file)); err != nil {
					t.Error(err)
				}
				current = newHandler(memstore.New(userOf(t, to.Attributes)))
			}
			current.ServeHTTP(w, request)
		}))
		output, code := r.run(t, "--url", url, "--contract", "--theme", "dates", "--reset", "cat >'"+file+"'")
		if !strings.HasSuffix(output, "; missed: 0 MUST, 0 SHOULD, 0 OBSERVE; 0 not run\n") || code != 0 {
			t.Errorf("exit code %d:\n%s", code, output)
		}
	})
}

// Servers with a fault are found out, by the same vectors in every language.
func TestRunnersFindFaults(t *testing.T) {
	t.Parallel()
	tests := []struct{ fault, theme, id string }{
		{"null-ignored", "null", "MUST null/gender/cleared [null.attribute null.form]: status 200 with another record\n"},
		{"address-half-merged", "address", "MUST address/three-members-set [address.partial merge.omitted]: status 200 with another record\n"},
		{"house-number-number", "numbers", "MUST numbers/houseNo/a-range [lossless.house-number]: status 200 with another record\n"},
		{"type-users", "null", "MUST null/firstName/cleared [null.attribute null.form]: status 200 with another resource\n"},
	}
	for _, tt := range tests {
		t.Run(tt.fault, func(t *testing.T) {
			t.Parallel()
			first := ""
			for _, r := range runners {
				h, err := faulty.New(tt.fault, memstore.New(userOf(t, records["page"].text())), access(), slog.New(slog.DiscardHandler))
				require.NoError(t, err)
				mux := http.NewServeMux()
				mux.Handle("/users/{userId}", h)
				output, code := r.run(t, "--url", serve(t, mux), "--theme", tt.theme)
				if !strings.Contains(output, tt.id) || code != 1 {
					t.Errorf("%s: exit code %d:\n%s", r.program, code, output)
				}
				if diff := gocmp.Diff(first, output); first != "" && diff != "" {
					t.Errorf("%s says (-other +this):\n%s", r.program, diff)
				}
				first = output
			}
		})
	}
}

// Without a server: the example of a merge passes, and one that ignores null does not.
func TestRunnersMerge(t *testing.T) {
	ignoringNull := map[string]string{
		"node":    "export const merge = (record, patch) => ({ ...record, ...Object.fromEntries(Object.entries(patch).filter(([, v]) => v !== null)) });",
		"python3": "def merge(record, patch):\n    return {**record, **{k: v for k, v in patch.items() if v is not None}}\n",
	}
	onEachRunner(t, func(t *testing.T, r runner) {
		if output, code := r.run(t, "--merge", filepath.Join("runners", r.merge)); code != 0 || !strings.Contains(output, "; missed: 0 MUST,") {
			t.Errorf("exit code %d:\n%s", code, output)
		}
		wrong := filepath.Join(t.TempDir(), r.merge)
		require.NoError(t, os.WriteFile(wrong, []byte(ignoringNull[r.program]), 0o600))
		if output, code := r.run(t, "--merge", wrong); code != 1 || !strings.Contains(output, "MUST null/firstName/cleared [null.attribute null.form]: another record\n") {
			t.Errorf("exit code %d:\n%s", code, output)
		}
	})
}

// What ran nothing is no success.
func TestRunnersThatRunNothing(t *testing.T) {
	onEachRunner(t, func(t *testing.T, r runner) {
		url := serve(t, newHandler(memstore.New(userOf(t, records["page"].text()))))
		for _, args := range [][]string{nil, {"--url"}, {"--url", url, "--theme", "nothing"}, {"--url", "http://127.0.0.1:1"}, {"--merge", "nothing.mjs"}} {
			if output, code := r.run(t, args...); code != 2 {
				t.Errorf("%v: exit code %d:\n%s", args, code, output)
			}
		}
	})
}
