//go:build !race

package userstore_test

import (
	"testing"

	"github.com/userrecord/userrecord/userstore"
)

// These steps of a patch allocate nothing if no value is refused and the values are
// plain. (The race detector changes the counts.)
func TestPatchesDoNotAllocate(t *testing.T) {
	record, rules := userstore.ExampleUser().Attributes, userstore.DefaultRules()
	patch := record
	patch.BirthDate = userstore.Value("1997-07-21")
	nulls := userstore.Attributes{FirstName: userstore.Null[string](), Address: userstore.Null[userstore.Address]()}
	member := userstore.Attributes{Address: userstore.Value(userstore.Address{Street: userstore.Null[string]()})}
	var merged userstore.Attributes
	for name, do := range map[string]func() error{
		"Merge": func() error {
			for _, p := range []userstore.Attributes{{}, nulls, member, patch} {
				merged = record.Merge(p)
			}
			return nil
		},
		"Check":    patch.Check,
		"Validate": func() error { return rules.Validate(patch) },
	} {
		allocations := testing.AllocsPerRun(1000, func() {
			if err := do(); err != nil {
				t.Fatal(err)
			}
		})
		if allocations != 0 {
			t.Errorf("%s allocates %v times", name, allocations)
		}
	}
	if merged != patch {
		t.Error("Merge did something else")
	}
}
