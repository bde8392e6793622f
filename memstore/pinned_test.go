package memstore

import (
	"context"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/userstore"
)

// A record keeps little more than its texts in memory, even if each of them comes from a
// patch whose other texts were long and have been replaced since. (The texts of a patch
// may all be parts of one string.)
func TestRecordsPinLittle(t *testing.T) {
	const users = 50
	var s Store
	ids := make([]uuid.UUID, users)
	for i := range ids {
		ids[i] = uuid.New()
		_, err := s.Create(context.Background(), userstore.User{ID: ids[i]})
		require.NoError(t, err)
	}
	before := heap()
	for _, id := range ids {
		patchWithLongNeighbours(t, &s, id)
	}
	perUser := (int64(heap()) - int64(before)) / users
	runtime.KeepAlive(&s)
	if perUser > 2<<10 {
		t.Errorf("a record of %d short texts keeps %d bytes", len(userstore.Scalars{}), perUser)
	}
}

// patchWithLongNeighbours sets one text after the other to one digit, each a part of a
// string that also holds a long firstName, and the firstName last.
func patchWithLongNeighbours(t *testing.T, s *Store, id uuid.UUID) {
	t.Helper()
	for place := len(userstore.Scalars{}) - 1; place >= 0; place-- {
		all := strings.Repeat(strconv.Itoa(place%10), 1001)
		var scalars userstore.Scalars
		scalars[0] = userstore.Value(userstore.Text(all[:1000]))
		scalars[place] = userstore.Value(userstore.Text(all[1000:1001]))
		_, err := s.Patch(t.Context(), id, scalars.Attributes())
		require.NoError(t, err)
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
