package vectors_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// The merge, and a Store, make of each record what the vectors say, without a handler.
// sqlstore/drivertest does the same with databases.
func TestMergeAndMemstore(t *testing.T) {
	count := 0
	for _, v := range allVectors(t) {
		attributes, ok := v.MergePatch()
		if !ok {
			continue
		}
		count++
		var patch userstore.Attributes
		require.NoError(t, json.Unmarshal(attributes, &patch), v.ID)
		before, want := userOf(t, v.before), userOf(t, v.after())
		if got := before.Attributes.Merge(patch); got != want.Attributes {
			t.Errorf("%s: Merge makes another record than %s", v.ID, v.after())
		}
		if got, err := memstore.New(before).Patch(t.Context(), want.ID, patch); err != nil || got != want {
			t.Errorf("%s: %v, or another record than %s", v.ID, err, v.after())
		}
	}
	if count < 400 {
		t.Errorf("%d vectors of the merge", count)
	}
}
