//go:build go1.27

package drivertest

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"
	stduuid "uuid"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// uuidUse is what can be done with the standard library's UUID in a column.
type uuidUse struct{ Passed, Scanned bool }

var uuidColumns = map[string]map[string]uuidUse{
	"SQLite":     {"TEXT": {true, true}, "BLOB": {true, true}},
	"PostgreSQL": {"TEXT": {true, false}, "UUID": {true, true}, "CHAR(36)": {true, false}, "BYTEA": {true, false}},
	"MariaDB":    {"VARCHAR(36)": {false, true}, "CHAR(36)": {false, true}, "UUID": {false, true}, "BINARY(16)": {false, true}},
}

// docs/go-releases.md says which driver takes the standard library's UUID, by
// column. That of google/uuid is taken by all.
func TestStandardUUID(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		db := d.open(t)
		got := make(map[string]uuidUse)
		want := uuidColumns[d.dialect.String()]
		if want == nil { // MySQL
			want = uuidColumns["MariaDB"]
		}
		for column := range want {
			got[column] = useUUID(t, d, db, column)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the standard library's UUID (-want +got):\n%s", diff)
		}
	})
}

func useUUID(t *testing.T, d database, db *sql.DB, column string) (use uuidUse) {
	t.Helper()
	placeholder := "?"
	if d.dialect.String() == sqlstore.PostgreSQL.String() {
		placeholder = "$1"
	}
	table := fmt.Sprintf("ids_%d", tables.Add(1))
	mustExec(t, db, "CREATE TABLE "+table+" (id "+column+")")
	id := userstore.ExampleUser().ID
	_, err := db.Exec("INSERT INTO "+table+" VALUES ("+placeholder+")", stduuid.UUID(id))
	use.Passed = err == nil
	mustExec(t, db, "DELETE FROM "+table)
	var stored any = id
	if strings.HasPrefix(column, "B") { // for bytes
		stored = id[:]
	}
	if _, err := db.Exec("INSERT INTO "+table+" VALUES ("+placeholder+")", stored); err != nil {
		t.Fatal(err)
	}
	var google uuid.UUID
	if err := db.QueryRow("SELECT id FROM " + table).Scan(&google); err != nil || google != id {
		t.Errorf("%s: google's UUID is %v, %v", column, google, err)
	}
	var standard stduuid.UUID
	err = db.QueryRow("SELECT id FROM " + table).Scan(&standard)
	use.Scanned = err == nil && standard == stduuid.UUID(id)
	return use
}
