package routertest

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const page = "../../docs/routers.md"

// The table of docs/routers.md is what the tests see.
func TestTable(t *testing.T) {
	want, err := os.ReadFile(page)
	require.NoError(t, err)
	for _, router := range routers() {
		row := fmt.Sprintf("| %s | %s |\n", router.name, strings.Join(cells(t, router), " | "))
		if !strings.Contains(string(want), row) {
			t.Errorf("%s does not have the row\n%s", page, row)
		}
	}
}

func cells(t *testing.T, router router) []string {
	t.Helper()
	users, id := newUsers(), exampleID.String()
	byMethod := router.byMethod(users[http.MethodGet], users[http.MethodPatch]).start(t) + "/users/" + id
	mounted := router.mount(users).start(t) + "/users/" + id
	refused := send(t, http.MethodDelete, byMethod)
	if refused.document {
		t.Errorf("%s answers with JSON:API", router.name)
	}
	return []string{
		refused.String(),
		fmt.Sprint(send(t, http.MethodHead, byMethod).status),
		send(t, "FROB", mounted).String(),
		fmt.Sprint(patch(t, mounted+"/").status),
		deadline(t, router.mount),
	}
}

func (a answer) String() string {
	if a.allow == "" {
		return fmt.Sprint(a.status)
	}
	methods := strings.Split(a.allow, ", ")
	slices.Sort(methods) // chi's order changes
	if len(methods) > 6 {
		return fmt.Sprintf("%d, a list of %d", a.status, len(methods))
	}
	return fmt.Sprintf("%d, `%s`", a.status, strings.Join(methods, ", "))
}

// Every router finds the same user, or none: an escape that nobody needs is undone, and
// nothing else stands for the id.
func TestPaths(t *testing.T) {
	id := exampleID.String()
	for _, router := range routers() {
		base := router.mount(newUsers()).start(t)
		for path, want := range map[string]int{
			"/users/" + id:                  200,
			"/users/" + strings.ToUpper(id): 200,
			"/users/%63" + id[1:]:           200, // %63 is c
			"/users/%2563" + id[1:]:         404,
			"/users/other/" + id:            404,
			"/users/other%2F" + id:          404,
			"/users/" + id + "/record":      404,
			"/users/x":                      404,
		} {
			if got := patch(t, base+path); got.status != want {
				t.Errorf("%s: %s is %d, want %d", router.name, path, got.status, want)
			}
		}
	}
}

// The code of docs/routers.md is in this folder.
func TestCode(t *testing.T) {
	files, err := os.ReadDir(".")
	require.NoError(t, err)
	var source strings.Builder
	for _, file := range files {
		if strings.HasSuffix(file.Name(), "_test.go") {
			text, err := os.ReadFile(file.Name())
			require.NoError(t, err)
			source.WriteString(unindented(string(text)))
		}
	}
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	blocks := strings.Split(string(text), "```go\n")[1:]
	for _, block := range blocks {
		code, _, _ := strings.Cut(block, "```")
		if !strings.Contains(source.String(), unindented(code)) {
			t.Errorf("no test has the code\n%s", code)
		}
	}
	if len(blocks) < 10 {
		t.Errorf("%d blocks of code", len(blocks))
	}
}

func unindented(code string) string {
	var b strings.Builder
	for line := range strings.Lines(code) {
		b.WriteString(strings.TrimLeft(line, "\t"))
	}
	return b.String()
}
