//go:build !race

package openapitest

import (
	"encoding/json"
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

// The client that oapi-codegen generates patches a user. It is built where its other file is, so
// that go takes what has not changed from its cache.
func TestGoClient(t *testing.T) {
	t.Parallel()
	const client = "testdata/goclient/"
	dir, alone := t.TempDir(), []string{"GOWORK=off"}
	copyFiles(t, dir, "go.mod", client+"main.go", client+"oapi-codegen.yaml", documentFile)
	generated, overlay := filepath.Join(dir, "api.gen.go"), filepath.Join(dir, "overlay.json")
	run(t, command{".", []string{"go", "tool", "oapi-codegen", "-config", client + "oapi-codegen.yaml", "-o", generated, documentFile}, alone})
	text, err := json.Marshal(map[string]any{"Replace": map[string]string{absolute(t, client+"api.gen.go"): generated}})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(overlay, text, 0o600))
	checkClient(t, command{".", []string{"go", "run", "-overlay", overlay, "./" + client}, alone})
}

func absolute(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(name)
	require.NoError(t, err)
	return path
}

// The client that openapi-typescript generates for openapi-fetch patches a user, and the compiler
// refuses what the types do not allow.
func TestTypeScriptClient(t *testing.T) {
	t.Parallel()
	npm.Require(t, "the document in JavaScript")
	dir := t.TempDir()
	copyFiles(t, dir, "package.json", "types.cjs", "testdata/client.ts", documentFile)
	require.NoError(t, os.Symlink(absolute(t, "node_modules"), filepath.Join(dir, "node_modules")))
	types := run(t, node(".", "types.cjs", documentFile))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "api.ts"), types, 0o600))
	// Without --typeRoots, the compiler also reads @types/node, which is there for Spectral only;
	// without --lib, it reads what browsers have, which takes as long as all the rest.
	run(t, node(dir, "node_modules/typescript/bin/tsc", "--typeRoots", "none", "--lib", "es2022", "--strict", "--module", "nodenext", "--target", "es2022", "--skipLibCheck", "client.ts"))
	checkClient(t, node(dir, "client.js"))
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
