package sqlstore

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// refusingInserts has the fake refuse every INSERT, as a host's NOT NULL column does.
func (f *fake) refusingInserts() {
	f.before = func(_ context.Context, e event) error {
		if e.is("exec", "INSERT") {
			return refusals[f.dialect]
		}
		return nil
	}
}

// Where no row can be inserted, a user is tried, and keeps what it had; even if the
// driver does not roll back, which is then refused.
func TestCheckOnAUser(t *testing.T) {
	for _, ignoreRollback := range []bool{false, true} {
		eachDialect(t, func(t *testing.T, f *fake) {
			s := unchecked(t, f, nil)
			create(t, s, example)
			before := slices.Clone(f.committed.rows[example.ID.String()])
			f.refusingInserts()
			f.ignoreRollback = ignoreRollback
			s = unchecked(t, f, nil)
			err := s.Check(t.Context())
			if ignoreRollback != (err != nil && strings.Contains(err.Error(), "a transaction that was rolled back has changed the table users")) {
				t.Errorf("not rolled back: %t: %v", ignoreRollback, err)
			}
			if unproved := s.Unproved(); len(unproved) > 0 {
				t.Errorf("not proved: %v", unproved)
			}
			if d := diff(before, f.committed.rows[example.ID.String()]); d != "" {
				t.Errorf("the user has changed (-want +got):\n%s", d)
			}
		})
	}
}

// Without a user, nothing is proved, and Check says so; the next one tries again, as long
// as there was nothing to try.
func TestCheckWithoutAUser(t *testing.T) {
	eachDialect(t, func(t *testing.T, f *fake) {
		f.refusingInserts()
		s := unchecked(t, f, nil)
		require.NoError(t, s.Check(t.Context()))
		if got := s.Unproved(); len(got) != len(columns) || got[0].Pointer != "/firstName" || !strings.HasPrefix(got[0].Reason, "could not be tried: no row could be inserted, and there is none (") {
			t.Errorf("not proved: %v", got)
		}
		if n := f.count("query", "UPDATE") + f.count("exec", "UPDATE"); n > 0 {
			t.Errorf("%d patches were tried", n)
		}
		f.committed.rows[example.ID.String()] = values(insertArgs(example, f.dialect.engine().timeLayout))
		tried := 0
		for range 2 {
			require.NoError(t, s.Check(t.Context()))
			if got := s.Unproved(); len(got) > 0 {
				t.Errorf("not proved with a user: %v", got)
			}
			n := f.count("query", "UPDATE") + f.count("exec", "UPDATE")
			if tried > 0 && n != tried {
				t.Errorf("%d patches were tried again", n-tried)
			}
			tried = n
		}
	})
}

// What is refused is found by halves.
func TestCheckByHalves(t *testing.T) {
	eachDialect(t, func(t *testing.T, f *fake) {
		f.before = func(_ context.Context, e event) error {
			if e.is("query", "UPDATE") || e.is("exec", "UPDATE") || e.is("exec", "INSERT") && len(e.args) > 2 && e.args[2].Value != nil {
				if strings.Contains(e.text, "gender = ") || e.is("exec", "INSERT") {
					return refusals[f.dialect]
				}
			}
			return nil
		}
		s := unchecked(t, f, nil)
		require.NoError(t, s.Check(t.Context()))
		got := s.Unproved()
		if len(got) != 1 || got[0].Pointer != "/gender" || !strings.HasPrefix(got[0].Reason, "takes none of the values that were tried (") {
			t.Errorf("not proved: %v", got)
		}
		if n := f.count("query", "UPDATE") + f.count("exec", "UPDATE"); n > 60 {
			t.Errorf("%d patches were tried", n)
		}
	})
}
