package sqlstore

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Looking up a method by a name that is not constant makes the linker keep all methods
// of all types in the host's program.
func TestMethodsAreLookedUpByConstants(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	found := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, name, nil, 0)
		require.NoError(t, err)
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			switch s, _ := call.Fun.(*ast.SelectorExpr); {
			case s == nil:
			case s.Sel.Name == "Method":
				t.Errorf("%v: a method by its number", fset.Position(call.Pos()))
			case s.Sel.Name == "MethodByName":
				found++
				if _, constant := call.Args[0].(*ast.BasicLit); !constant {
					t.Errorf("%v: not by a constant", fset.Position(call.Pos()))
				}
			}
			return true
		})
	}
	if found == 0 {
		t.Error("none is looked up: this test has nothing to say")
	}
}
