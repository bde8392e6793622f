package sqlstore

import (
	"context"
	"testing"

	"github.com/userrecord/userrecord/userstore"
)

// errTooManyPrepared is the error for max_prepared_stmt_count.
var errTooManyPrepared = &mysqlError{Number: 1461, Message: "Can't create more than max_prepared_stmt_count statements"}

// If the server prepares no more statements, on all connections or on later ones, the
// texts work.
func TestUnprepared(t *testing.T) {
	for _, d := range []Dialect{MySQL, MariaDB} {
		for _, from := range []int{1, 2} {
			f := newFake(d)
			f.before = func(_ context.Context, e event) error {
				if e.do == "prepare" && e.conn >= from {
					return errTooManyPrepared
				}
				return nil
			}
			s := open(t, f, nil)
			create(t, s, example)
			for i := range 3 {
				if i == 1 { // so that the next patch takes another connection
					f.drop(t, s)
				}
				want := example
				want.Attributes = want.Attributes.Merge(named("Ada"))
				if got, err := s.Patch(t.Context(), example.ID, named("Ada")); err != nil || got != want {
					t.Errorf("%v from %d: Patch gave another user, or %v", d, from, err)
				}
				create(t, s, userstore.User{ID: nth(100 + i)})
				if got, err := s.Get(t.Context(), example.ID); err != nil || got != want {
					t.Errorf("%v from %d: Get gave another user, or %v", d, from, err)
				}
			}
			if err := s.Delete(t.Context(), example.ID); err != nil {
				t.Errorf("%v from %d: Delete = %v", d, from, err)
			}
		}
	}
}

// drop closes the idle connections of the pool.
func (f *fake) drop(t *testing.T, s *Store) {
	t.Helper()
	before := len(f.dropped())
	s.db.SetMaxIdleConns(-1)
	s.db.SetMaxIdleConns(2)
	if len(f.dropped()) == before {
		t.Fatal("no connection was closed")
	}
}

// Nothing is prepared after a write: a Galera node that has aborted the transaction
// would report it there, and the report would be lost.
func TestNothingIsPreparedAfterAWrite(t *testing.T) {
	f := newFake(MariaDB)
	s := open(t, f, nil)
	create(t, s, example)
	wrote, late := false, 0
	f.before = func(_ context.Context, e event) error {
		wrote = wrote || e.is("exec", "UPDATE")
		if e.do == "prepare" && wrote {
			late++
		}
		// like go-sql-driver/mysql without interpolateParams
		if e.do == "prepare" || e.is("query", "SELECT") && len(e.args) > 0 {
			return errTooManyPrepared
		}
		return nil
	}
	if _, err := s.Patch(t.Context(), example.ID, named("Ada")); err != nil {
		t.Error(err)
	}
	if !wrote || late > 0 {
		t.Errorf("wrote %t, and prepared %d statements afterwards", wrote, late)
	}
}
