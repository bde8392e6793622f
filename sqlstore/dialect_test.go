package sqlstore

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDialectNames(t *testing.T) {
	var got []string
	for d := Dialect(-1); d <= MariaDB+1; d++ {
		got = append(got, fmt.Sprint(d))
	}
	want := []string{"Dialect(-1)", "Dialect(0)", "SQLite", "PostgreSQL", "MySQL", "MariaDB", "Dialect(5)"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestUnknownDialects(t *testing.T) {
	db := open(t, newFake(SQLite), nil).db
	for _, d := range []Dialect{-1, 0, MariaDB + 1} {
		if _, err := New(db, d, nil); err != errNoDialect {
			t.Errorf("New of %v: %v", d, err)
		}
		if _, err := Migrations(d, nil); err != errNoDialect {
			t.Errorf("Migrations of %v: %v", d, err)
		}
	}
}
