package conformance_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// mayImport says which packages of ours those of a folder may import. The longest
// folder that a package is in counts. A package may import its own folder.
var mayImport = map[string][]string{
	"userstore":                {},
	"memstore":                 {"userstore"},
	"sqlstore":                 {"userstore"},
	"sqlstore/drivertest":      {"userstore", "memstore", "sqlstore", "httphandler"},
	"httphandler":              {"userstore"},
	"httphandler/internal/npm": {},
	"httphandler/handlertest":  {"userstore", "memstore", "httphandler"},
	"httphandler/userserver":   {"userstore", "memstore", "sqlstore", "httphandler", "httphandler/handlertest"},
	"httphandler/clienttest":   {"userstore", "memstore", "httphandler"},
	"httphandler/examplehost":  {"userstore", "sqlstore", "httphandler"},
	"httphandler/bench":        {"userstore", "memstore", "sqlstore", "httphandler"},
	"httphandler/bench/peers":  {"sqlstore/drivertest"},
	"conformance":              {},
	"conformance/internal":     {"conformance"},
	"conformance/servertest":   {"conformance", "conformance/internal"},
	"conformance/storetest":    {"conformance", "conformance/internal", "userstore"},
	"conformance/render":       {"conformance", "conformance/internal"},
	"conformance/vectors":      {},
	"conformance/faulty":       {"conformance/internal", "httphandler", "userstore"},
	"conformance/userconform":  {"conformance", "conformance/servertest", "conformance/storetest", "conformance/render", "conformance/faulty", "httphandler", "memstore", "userstore"},
}

// No package imports upwards: stores and the handler know nothing of who uses
// them, the suite nothing of our stores and our handler.
func TestLayers(t *testing.T) {
	const module = "github.com/userrecord/userrecord/"
	// With -e, since a driver may lack an experiment of Go that is set.
	out, err := exec.Command("go", "list", "-e", "-f", "{{.ImportPath}} {{join .Imports \" \"}}", "work").CombinedOutput()
	require.NoErrorf(t, err, "go list\n%s", out)
	seen := map[string]bool{}
	for line := range strings.Lines(strings.ReplaceAll(string(out), module, "./")) {
		packages := strings.Fields(line)
		folder := folderOf(packages[0])
		seen[folder] = true
		for _, imported := range packages[1:] {
			if to := folderOf(imported); to != "" && to != folder && !slices.Contains(mayImport[folder], to) {
				t.Errorf("%s imports %s", packages[0], imported)
			}
		}
	}
	for folder := range mayImport {
		if !seen[folder] && !strings.HasPrefix(folder, "sqlstore/") && !strings.HasPrefix(folder, "httphandler/") {
			t.Errorf("there is no package in %s", folder)
		}
	}
}

// folderOf returns the longest folder of mayImport that holds the package, or ""
// for one that is not ours.
func folderOf(path string) string {
	name, ours := strings.CutPrefix(path, "./")
	if !ours {
		return ""
	}
	longest := ""
	for folder := range mayImport {
		if len(folder) > len(longest) && (name == folder || strings.HasPrefix(name, folder+"/")) {
			longest = folder
		}
	}
	return longest
}
