package httphandler_test

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

const module = "github.com/userrecord/userrecord"

// What a host compiles with a package: only packages of ours in the layers below it, few
// modules of others, and nothing that belongs to tests, commands or other layers.
func TestHostCompilesLittle(t *testing.T) {
	t.Parallel()
	const uuid, json = "github.com/google/uuid", "github.com/go-json-experiment/json"
	anywhere := []string{"testing", "flag", "os/exec", "expvar", "plugin", "text/template", "time/tzdata", "net/http/pprof", "net/http/httptest"}
	tests := []struct {
		name          string
		ours, modules []string
		banned        []string
	}{
		{"userstore", []string{"internal/plain", "userstore"}, []string{uuid}, append(anywhere, "net/http", "database/sql")},
		{"memstore", []string{"internal/plain", "memstore", "userstore"}, []string{uuid}, append(anywhere, "net/http", "database/sql")},
		{"sqlstore", []string{"internal/plain", "sqlstore", "userstore"}, []string{uuid}, append(anywhere, "net/http")},
		{"httphandler", []string{"httphandler", "internal/plain", "userstore"}, []string{json, uuid}, append(anywhere, "database/sql")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var ours, modules []string
			for path, of := range dependencies(t, module+"/"+tt.name) {
				switch {
				case of == module:
					ours = append(ours, strings.TrimPrefix(path, module+"/"))
				case of != "" && !slices.Contains(modules, of):
					modules = append(modules, of)
				case slices.Contains(tt.banned, path):
					t.Errorf("imports %s", path)
				}
			}
			slices.Sort(ours)
			slices.Sort(modules)
			if diff := cmp.Diff(tt.ours, ours); diff != "" {
				t.Errorf("our packages (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.modules, modules); diff != "" {
				t.Errorf("other modules (-want +got):\n%s", diff)
			}
		})
	}
}

// dependencies returns the module of every package that is compiled with pkg, except the
// standard library.
func dependencies(t *testing.T, pkg string) map[string]string {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", "-f", "{{.ImportPath}} {{with .Module}}{{.Path}}{{end}}", pkg)
	cmd.Env = append(os.Environ(), "GOWORK=off")
	out, err := cmd.Output()
	require.NoError(t, err)
	of := map[string]string{}
	for line := range strings.Lines(string(out)) {
		path, module, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		of[path] = module
	}
	return of
}
