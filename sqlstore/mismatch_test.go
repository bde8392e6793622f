package sqlstore

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/userstore"
)

// A fault changes the rows that come back.
type fault struct {
	name    string
	column  string
	value   driver.Value
	foreign bool // an error even with AllowRewrites
}

var faults = []fault{
	{"another user's row", "id", uuid.Max.String(), true},
	{"another value", "first_name", "kanari", false},
	{"an empty text is gone", "last_name", nil, false},
	{"a value that was cleared", "email", "kanari", false},
	{"a number became a text", "house_no_is_number", false, false},
	{"a number lost a digit", "house_no", "7613", false},
}

// faultyPatch has many kinds of values.
var faultyPatch = userstore.Attributes{
	FirstName: userstore.Value("Ada"), LastName: userstore.Value(""), Email: userstore.Null[string](),
	Address: userstore.Value(userstore.Address{HouseNo: userstore.Value(userstore.Int(76131)), PostalCode: userstore.Value(userstore.Text("01067"))}),
}

func (fault fault) in(f *fake) {
	f.rewrite = func(_ string, row []driver.Value) {
		row[slices.Index(columnNames, fault.column)] = fault.value
	}
}

// A row that is not what was sent is an error that names the column and no value. The
// patch is not retried, and the connection is given up.
func TestMismatch(t *testing.T) {
	for _, fault := range faults {
		t.Run(fault.name, func(t *testing.T) {
			eachDialect(t, func(t *testing.T, f *fake) {
				s := open(t, f, nil)
				create(t, s, example)
				fault.in(f)
				before := f.count("exec", "UPDATE") + f.count("query", "UPDATE")
				_, err := s.Patch(t.Context(), example.ID, faultyPatch)
				wantMismatch(t, err, strings.TrimSuffix(fault.column, "_is_number"))
				if n := f.count("exec", "UPDATE") + f.count("query", "UPDATE") - before; n != 1 {
					t.Errorf("sent %d times", n)
				}
				if len(f.dropped()) != 1 {
					t.Errorf("the connections %v are given up", f.dropped())
				}
			})
		})
	}
}

func TestMismatchInATransaction(t *testing.T) {
	for _, fault := range faults {
		eachDialect(t, func(t *testing.T, f *fake) {
			s := open(t, f, nil)
			create(t, s, example)
			fault.in(f)
			tx, err := s.db.BeginTx(t.Context(), nil)
			require.NoError(t, err)
			defer tx.Rollback()
			_, err = s.WithTx(tx).Patch(t.Context(), example.ID, faultyPatch)
			wantMismatch(t, err, strings.TrimSuffix(fault.column, "_is_number"))
		})
	}
}

func wantMismatch(t *testing.T, err error, column string) {
	t.Helper()
	if !errors.Is(err, ErrMismatch) || !errors.Is(err, ErrOutcomeUnknown) {
		t.Errorf("got %v", err)
		return
	}
	if text := err.Error(); !strings.Contains(text, "differs in "+column+")") || strings.Contains(text, "kanari") {
		t.Errorf("the text is %s", text)
	}
}

// With AllowRewrites, triggers may rewrite values, and the result is what the database
// holds. Another user's row is an error all the same.
func TestAllowRewrites(t *testing.T) {
	for _, fault := range faults {
		eachDialect(t, func(t *testing.T, f *fake) {
			s := open(t, f, &Options{AllowRewrites: true})
			create(t, s, example)
			fault.in(f)
			got, err := s.Patch(t.Context(), example.ID, faultyPatch)
			if fault.foreign {
				wantMismatch(t, err, fault.column)
				return
			}
			want := example
			want.Attributes = example.Attributes.Merge(faultyPatch)
			if err != nil || got == want || got.ID != example.ID {
				t.Errorf("%s: %v, %v", fault.name, got, err)
			}
		})
	}
}

// A read is compared too, and its outcome is never unknown.
func TestMismatchOfARead(t *testing.T) {
	eachDialect(t, func(t *testing.T, f *fake) {
		s := open(t, f, nil)
		create(t, s, example)
		faults[0].in(f)
		for _, patch := range []func() error{
			func() error { _, err := s.Get(t.Context(), example.ID); return err },
			func() error { _, err := s.Patch(t.Context(), example.ID, userstore.Attributes{}); return err },
		} {
			if err := patch(); !errors.Is(err, ErrMismatch) || errors.Is(err, ErrOutcomeUnknown) {
				t.Errorf("got %v", err)
			}
		}
	})
}

// A trigger may leave an inserted row out.
func TestCheckInserted(t *testing.T) {
	for _, d := range allDialects {
		s, lenient := open(t, newFake(d), nil), open(t, newFake(d), &Options{AllowRewrites: true})
		for _, tt := range []struct {
			result sql.Result
			sent   error
			ok     bool
			kept   bool // with AllowRewrites
		}{
			{driver.RowsAffected(1), nil, true, true},
			{driver.RowsAffected(0), nil, false, true},
			{driver.ResultNoRows, nil, false, true},
			{nil, failures[d], false, false},
		} {
			if err := s.checkInserted(t.Context(), s.db, byKey(example.ID, nil), tt.result, tt.sent); (err == nil) != tt.ok {
				t.Errorf("%v, %v: %v", d, tt.result, err)
			}
			if err := lenient.checkInserted(t.Context(), lenient.db, byKey(example.ID, nil), tt.result, tt.sent); (err == nil) != tt.kept {
				t.Errorf("%v, %v, with rewrites: %v", d, tt.result, err)
			}
		}
	}
}
