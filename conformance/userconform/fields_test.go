package main

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/servertest"
)

// Each field that a user of the command can set has its flag in the table.
func TestFieldFlags(t *testing.T) {
	for _, options := range []any{servertest.Target{}, conformance.Options{}} {
		of := reflect.TypeOf(options)
		for i := range of.NumField() {
			name := of.Name() + "." + of.Field(i).Name
			if name != "Target.Client" && name != "Options.Progress" && !slices.Contains(fieldFlags, name) {
				t.Errorf("%s has no flag", name)
			}
		}
	}
	set := newFlagSet(new(flags))
	for _, name := range fieldFlags {
		if strings.HasPrefix(name, "-") && set.Lookup(name[1:]) == nil {
			t.Errorf("there is no flag %s", name)
		}
	}
}

// The suite names fields, the command flags.
func TestTextsNameFlags(t *testing.T) {
	t.Parallel()
	url, _ := fake(t, nil)
	report := filepath.Join(t.TempDir(), "r.json")
	got := runIn(t.Context(), environment{"ACCESS_TOKEN": tokens["ACCESS_TOKEN"]}, "check", "-url", url, "-user", someID, "-managed", "email", "-report", report)
	text, err := os.ReadFile(report)
	require.NoError(t, err)
	all := got.stdout + string(text) + runIn(t.Context(), nil, "list", "-json").stdout
	for _, field := range []string{"Target.", "Options."} {
		if strings.Contains(all, field) {
			t.Errorf("%s is in the texts", field)
		}
	}
	for _, want := range []string{"needs another user (-other-user)", "needs a token that may not write (FORBIDDEN_TOKEN)", "email is managed (-managed)"} {
		if !strings.Contains(got.stdout, want) || !strings.Contains(string(text), want) {
			t.Errorf("%q is not in the texts", want)
		}
	}
}
