//go:build !race

package openapitest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	_ "github.com/oapi-codegen/nullable" // the generated client imports it, with the versions of this module
	_ "github.com/oapi-codegen/runtime"  // so that go.mod has it, too
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/httphandler/internal/npm"
)

// The client that oapi-codegen generates patches a user.
func TestGoClient(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	copyFiles(t, dir, "go.mod", "go.sum", "testdata/goclient/main.go", "testdata/goclient/oapi-codegen.yaml", documentFile)
	alone := []string{"GOWORK=off", "GOFLAGS=-mod=mod"}
	run(t, command{".", []string{"go", "tool", "oapi-codegen", "-config", filepath.Join(dir, "oapi-codegen.yaml"), "-o", filepath.Join(dir, "api.gen.go"), documentFile}, alone[:1]})
	checkClient(t, command{dir, []string{"go", "run", "."}, alone})
}

// The client that openapi-typescript generates for openapi-fetch patches a user, and the compiler
// refuses what the types do not allow.
func TestTypeScriptClient(t *testing.T) {
	t.Parallel()
	npm.Require(t, "the document in JavaScript")
	dir := t.TempDir()
	copyFiles(t, dir, "package.json", "testdata/client.ts", documentFile)
	modules, err := filepath.Abs("node_modules")
	require.NoError(t, err)
	require.NoError(t, os.Symlink(modules, filepath.Join(dir, "node_modules")))
	node(t, "node_modules/openapi-typescript/bin/cli.js", documentFile, "-o", filepath.Join(dir, "api.ts"))
	// Without --typeRoots, the compiler also reads @types/node, which is there for Spectral only.
	run(t, command{dir: dir, args: []string{"node", "node_modules/typescript/bin/tsc", "--typeRoots", "none", "--strict", "--module", "nodenext", "--target", "es2022", "--skipLibCheck", "client.ts"}})
	checkClient(t, command{dir: dir, args: []string{"node", "client.js"}})
}

// checkClient runs a client against the handler. It prints what testdata/understood.json has, and leaves
// the record as its patches say.
func checkClient(t *testing.T, client command) {
	t.Helper()
	server := handlertest.NewServer(t)
	client.environment = append(client.environment, "BASE_URL="+server.URL, "USER_ID="+handlertest.ExampleID, "TOKEN="+handlertest.Token, "UNLINKED_TOKEN="+handlertest.UnlinkedToken)
	got := run(t, client)
	want, err := os.ReadFile("testdata/understood.json")
	require.NoError(t, err)
	if d := cmp.Diff(decode(t, want), decode(t, got)); d != "" {
		t.Errorf("what the client understood (-want +got):\n%s", d)
	}
	var statuses []int
	for _, call := range server.Calls() {
		statuses = append(statuses, call.Status)
	}
	if d := cmp.Diff([]int{200, 200, 200, 200, 422, 401, 401}, statuses); d != "" {
		t.Errorf("statuses (-want +got):\n%s", d)
	}
}
