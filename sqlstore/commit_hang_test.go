package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/userstore"
)

// A caller waits for the answer to COMMIT or ROLLBACK no longer than the grace. The
// connection is closed when the driver returns.
func TestEndOfTransactionHangs(t *testing.T) {
	for _, tt := range []struct {
		hangs   string
		refusal error // of the UPDATE
		want    error
	}{
		{"commit", nil, ErrOutcomeUnknown},
		{"rollback", refusals[MySQL], userstore.ErrInvalid},
	} {
		t.Run(tt.hangs, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(MySQL)
				s := open(t, f, nil)
				create(t, s, example)
				answer := make(chan struct{})
				f.before = func(_ context.Context, e event) error {
					if e.is("exec", "UPDATE") {
						return tt.refusal
					}
					if e.do == tt.hangs {
						<-answer
					}
					return nil
				}
				const patience = time.Second
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				start := time.Now()
				if _, err := s.Patch(ctx, example.ID, named("Ada")); !errors.Is(err, tt.want) {
					t.Errorf("Patch = %v", err)
				}
				if d := cmp.Diff(patience+grace, time.Since(start)); d != "" {
					t.Errorf("Patch took (-want +got):\n%s", d)
				}
				if got := f.dropped(); len(got) > 0 {
					t.Errorf("dropped %v while the driver was in it", got)
				}
				close(answer)
				synctest.Wait()
				if d := cmp.Diff([]int{1}, f.dropped()); d != "" {
					t.Errorf("dropped (-want +got):\n%s", d)
				}
			})
		})
	}
}

// A rollback that database/sql does by itself may hang as well: nobody waits for the
// connection.
func TestOwnRollbackHangs(t *testing.T) {
	f := newFake(MySQL)
	s := open(t, f, nil)
	answer, hangs := make(chan struct{}), make(chan struct{})
	f.before = func(_ context.Context, e event) error {
		if e.do == "rollback" {
			close(hangs)
			<-answer
		}
		return nil
	}
	err := s.withConn(t.Context(), func(conn *sql.Conn) error {
		ctx, cancel := context.WithCancel(t.Context())
		tx, err := conn.BeginTx(ctx, nil)
		require.NoError(t, err)
		cancel()
		<-hangs
		return rollBack(t.Context(), tx, errBusy)
	})
	if !errors.As(err, new(errStuck)) || !errors.Is(err, errBusy) {
		t.Errorf("got %v", err)
	}
	close(answer)
	waitUntil(t, func() bool { return len(f.dropped()) == 1 })
}

// Check does not wait for the answer to its ROLLBACK either: all who write wait for
// that check.
func TestRollbackOfCheckHangs(t *testing.T) {
	f := newFake(MySQL)
	s := open(t, f, nil)
	answer := make(chan struct{})
	f.before = func(_ context.Context, e event) error {
		if e.do == "rollback" {
			<-answer
		}
		return nil
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- s.Check(ctx) }()
	select {
	case err := <-ended:
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Check = %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Error("Check has not ended")
	}
	close(answer)
	waitUntil(t, func() bool { return len(f.dropped()) == 1 })
	require.NoError(t, s.Check(t.Context()), "afterwards")
}

// The caller can recover from a panic of the driver at the end of a transaction.
func TestPanicAtTheEndOfATransaction(t *testing.T) {
	f := newFake(MySQL)
	s := open(t, f, nil)
	create(t, s, example)
	f.before = func(_ context.Context, e event) error {
		if e.do == "commit" {
			panic("the driver")
		}
		return nil
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	func() {
		defer func() {
			if got := recover(); got != "the driver" {
				t.Errorf("recovered %v", got)
			}
		}()
		s.Patch(ctx, example.ID, named("Ada"))
	}()
	f.before = nil
	waitUntil(t, func() bool { return len(f.dropped()) == 1 })
	_, err := s.Patch(ctx, example.ID, named("Eve"))
	require.NoError(t, err, "afterwards")
}
