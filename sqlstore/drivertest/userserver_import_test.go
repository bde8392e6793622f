package drivertest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore/drivertest/engine"
	"github.com/userrecord/userrecord/userstore"
)

// Userserver's import leaves whole batches before the line that is wrong, on servers
// too, where an error may end a transaction.
func TestUserserverImportStopsAtABatch(t *testing.T) {
	t.Parallel()
	program := buildUserserver(t)
	postgres, maria := durableDatabases(t)
	const n, taken = 3500, 2700
	var lines strings.Builder
	for i := range n {
		fmt.Fprintf(&lines, `{"id":"%s","attributes":{"firstName":"Jane"}}`+"\n", uuid.NewSHA1(uuid.NameSpaceOID, fmt.Append(nil, i+1)))
	}
	for name, on := range map[string]struct {
		database
		engine.Database
	}{"postgres": {databases[2], postgres}, "mysql": {databases[3], maria}} {
		t.Run(name, func(t *testing.T) {
			db := on.Open(t)
			create(t, on.migrated(t, db), &userstore.User{ID: uuid.NewSHA1(uuid.NameSpaceOID, fmt.Append(nil, taken))})
			out, err := runUserserver(t, program, on.DSN, lines.String(), "import", "-db", name)
			for _, want := range []string{"imported 2000 users, all up to line 2000, in ", "\nuserserver import: line 2700: the id is taken"} {
				if err == nil || !strings.Contains(out, want) {
					t.Errorf("it ended with %v and %q, want %q", err, out, want)
				}
			}
			if got := queryInt(t, db, "SELECT count(*) FROM users"); got != 2001 {
				t.Errorf("%d users, want 2001", got)
			}
			out, err = runUserserver(t, program, on.DSN, lines.String(), "import", "-db", name, "-existing", "skip")
			require.NoError(t, err, out)
			if want := "imported 1499 users, skipped 2001 in "; !strings.Contains(out, want) {
				t.Errorf("it printed %q, want %q", out, want)
			}
		})
	}
}
