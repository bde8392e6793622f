package drivertest

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/conformance/vectors"
	"github.com/userrecord/userrecord/userstore"
)

// A mergeVector is a vector that a Store has a part in.
type mergeVector struct {
	id           string
	before, want json.RawMessage
	patch        userstore.Attributes
}

func mergeVectors(t *testing.T) (all []mergeVector) {
	t.Helper()
	files, err := vectors.Files()
	require.NoError(t, err)
	for _, f := range files {
		for _, g := range f.Groups {
			for _, v := range g.Vectors {
				m := mergeVector{id: v.ID, before: g.Before, want: v.After}
				if m.want == nil {
					m.want = g.Before
				}
				if attributes, ok := v.MergePatch(); ok {
					require.NoError(t, json.Unmarshal(attributes, &m.patch), v.ID)
					all = append(all, m)
				}
			}
		}
	}
	return all
}

// userOfVector returns a user with the attributes of a vector.
func userOfVector(t *testing.T, id uuid.UUID, attributes json.RawMessage) userstore.User {
	t.Helper()
	user := userstore.User{ID: id}
	var createdAt struct{ CreatedAt time.Time }
	require.NoError(t, json.Unmarshal(attributes, &user.Attributes))
	require.NoError(t, json.Unmarshal(attributes, &createdAt))
	user.CreatedAt = createdAt.CreatedAt
	user, err := user.Canonical()
	require.NoError(t, err)
	return user
}

// Every database makes of a record what the vectors of the merge say.
func TestVectors(t *testing.T) {
	t.Parallel()
	all := mergeVectors(t)
	if len(all) < 400 {
		t.Errorf("%d vectors of the merge", len(all))
	}
	onEach(t, func(t *testing.T, d database) {
		store := d.newStore(t)
		for _, v := range all {
			user := userOfVector(t, uuid.New(), v.before)
			_, err := store.Create(t.Context(), user)
			require.NoError(t, err, v.id)
			want := userOfVector(t, user.ID, v.want)
			if got, err := store.Patch(t.Context(), user.ID, v.patch); err != nil || got != want {
				t.Errorf("%s: %v, or another record than %s", v.id, err, v.want)
			}
		}
	})
}
