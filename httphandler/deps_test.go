package httphandler_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What a host compiles with our packages: nothing but the standard library,
// UUIDs and strict JSON, and no test helper.
func TestHostCompilesLittle(t *testing.T) {
	const module = "github.com/userrecord/userrecord/"
	out, err := exec.Command("go", "list", "-deps", "-f", "{{if or (not .Standard) (eq .ImportPath \"testing\")}}{{.ImportPath}}{{end}}",
		module+"userstore", module+"memstore", module+"httphandler").Output()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"github.com/go-json-experiment/json/internal",
		"github.com/go-json-experiment/json/internal/jsonflags",
		"github.com/go-json-experiment/json/internal/jsonopts",
		"github.com/go-json-experiment/json/internal/jsonwire",
		"github.com/go-json-experiment/json/jsontext",
		"github.com/google/uuid",
		module + "httphandler",
		module + "memstore",
		module + "userstore",
	}
	got := strings.Fields(string(out))
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("packages (-want +got):\n%s", diff)
	}
}
