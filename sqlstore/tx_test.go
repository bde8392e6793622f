package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// A Tx works as a Store, and takes effect with the host's transaction.
func TestWithTx(t *testing.T) {
	eachDialect(t, func(t *testing.T, f *fake) {
		ctx := t.Context()
		s := unchecked(t, f, nil)
		for _, commit := range []bool{false, true} {
			tx, err := s.db.BeginTx(ctx, nil)
			require.NoError(t, err)
			in := s.WithTx(tx)
			if got, err := in.Create(ctx, example); err != nil || got != example {
				t.Fatalf("Create = %v, %v", got, err)
			}
			want := example
			want.Attributes = want.Attributes.Merge(named("Ada"))
			if got, err := in.Patch(ctx, example.ID, named("Ada")); err != nil || got != want {
				t.Errorf("Patch = %v, %v", got, err)
			}
			if got, err := in.Get(ctx, example.ID); err != nil || got != want {
				t.Errorf("Get = %v, %v", got, err)
			}
			if got, err := in.Patch(ctx, example.ID, example.Attributes.Merge(named("Ada"))); err != nil || got != want {
				t.Errorf("Patch with the same = %v, %v", got, err)
			}
			for u, err := range in.All(ctx) {
				if err != nil || u != want {
					t.Errorf("All: %v, %v", u, err)
				}
			}
			if err := in.Delete(ctx, nth(1)); err != nil {
				t.Error(err)
			}
			end := tx.Rollback
			if commit {
				end = tx.Commit
			}
			require.NoError(t, end())
			if _, there := f.user(t, example.ID); there != commit {
				t.Errorf("commit %t: the user is there: %t", commit, there)
			}
		}
		if f.prepared > 0 {
			t.Errorf("%d statements stay prepared", f.prepared)
		}
		if n := len(f.conns); n != 1 {
			t.Errorf("%d connections were used", n)
		}
	})
}

// Every failure inside a host's transaction is an *Error, and is not retried.
func TestWithTxFails(t *testing.T) {
	calls := map[string]func(context.Context, *Tx) error{
		"create": func(ctx context.Context, s *Tx) error { _, err := s.Create(ctx, example); return err },
		"get":    func(ctx context.Context, s *Tx) error { _, err := s.Get(ctx, example.ID); return err },
		"patch":  func(ctx context.Context, s *Tx) error { _, err := s.Patch(ctx, example.ID, named("Ada")); return err },
		"put":    func(ctx context.Context, s *Tx) error { _, err := s.Put(ctx, example); return err },
		"delete": func(ctx context.Context, s *Tx) error { return s.Delete(ctx, example.ID) },
		"all": func(ctx context.Context, s *Tx) (err error) {
			for _, err = range s.All(ctx) {
			}
			return err
		},
	}
	for _, d := range allDialects {
		for op, call := range calls {
			for _, tt := range []struct{ err, want error }{{conflicts[d], ErrConflict}, {unavailables[d], ErrUnavailable}, {errBroken, ErrUnavailable}} {
				t.Run(fmt.Sprintf("%v/%s/%v", d, op, tt.want), func(t *testing.T) {
					f := newFake(d)
					s := unchecked(t, f, nil)
					tx, err := s.db.BeginTx(t.Context(), nil)
					require.NoError(t, err)
					defer tx.Rollback()
					n := 0
					f.before = func(_ context.Context, e event) error {
						if e.do != "exec" && e.do != "query" {
							return nil
						}
						n++
						return tt.err
					}
					err = call(t.Context(), s.WithTx(tx))
					var e *Error
					if !errors.As(err, &e) || e.Op != op || !errors.Is(err, tt.want) || !errors.Is(err, tt.err) {
						t.Errorf("%v", err)
					}
					if n != 1 {
						t.Errorf("sent %d statements", n)
					}
				})
			}
		}
	}
}
