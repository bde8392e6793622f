package httphandler_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// require ends the goroutine that it runs on, which must be the test's own. The
// linter knows go statements; here are the methods that start goroutines, such as
// those of sync.WaitGroup, in all modules.
func TestRequireStaysOnItsGoroutine(t *testing.T) {
	t.Parallel()
	files := token.NewFileSet()
	read := 0
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && entry.Name() == "node_modules" {
			return fs.SkipDir
		}
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		read++
		for _, call := range requiredElsewhere(file) {
			t.Errorf("%s: require on another goroutine", files.Position(call.Pos()))
		}
		return nil
	})
	require.NoError(t, err)
	if read < 100 {
		t.Errorf("only %d files were read", read)
	}
}

// requiredElsewhere returns the uses of require in functions that are handed to
// a method Go, or to AfterFunc.
func requiredElsewhere(file *ast.File) (found []ast.Node) {
	for node := range ast.Preorder(file) {
		call, ok := node.(*ast.CallExpr)
		if !ok {
			continue
		}
		if start, ok := call.Fun.(*ast.SelectorExpr); !ok || start.Sel.Name != "Go" && start.Sel.Name != "AfterFunc" {
			continue
		}
		for _, started := range call.Args {
			for inner := range ast.Preorder(started) {
				if s, ok := inner.(*ast.SelectorExpr); ok && isIdent(s.X, "require") {
					found = append(found, s)
				}
			}
		}
	}
	return found
}

func isIdent(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}
