package sqlstore

import (
	"context"
	"database/sql"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A transaction of the host waits for its turn, shares its commit with nobody, and
// lets nobody overtake it.
func TestTransactIsAloneInTheGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t, 2)
		var running bool
		c.wg.Go(func() {
			err := c.store.Transact(t.Context(), func(ctx context.Context, tx *sql.Tx, users *Tx) error {
				running = true
				defer func() { running = false }()
				time.Sleep(time.Minute)
				_, err := tx.ExecContext(ctx, insertOutbox)
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		c.start(t.Context(), 1)
		synctest.Wait()
		c.before = func(_ context.Context, e event) error {
			if running && e.text != insertOutbox {
				t.Errorf("meanwhile: %v", e)
			}
			return nil
		}
		c.finish()
		c.expect(nil)
		// The first, the second and third, the transaction, the last.
		if got := c.fake.count("commit", ""); got != 4 {
			t.Errorf("%d commits", got)
		}
		verbs := c.fake.verbs()
		if outbox, last := slices.Index(verbs, "exec INSERT"), lastIndex(verbs, "query UPDATE"); outbox > last || c.fake.committed.outbox != 1 {
			t.Errorf("the steps were %v", verbs)
		}
	})
}

func lastIndex(all []string, text string) int {
	for i := len(all) - 1; i >= 0; i-- {
		if all[i] == text {
			return i
		}
	}
	return -1
}

// Only the wait for the write lock ends when the patience does.
func TestPatienceEndsWithTheLock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(SQLite)
		s := open(t, f, nil)
		create(t, s, example)
		busy := true
		f.before = func(_ context.Context, e event) error {
			if busy && e.is("query", "UPDATE") {
				time.Sleep(5 * time.Second)
				busy = false
				return errBusy
			}
			return nil
		}
		var wg sync.WaitGroup
		wg.Go(func() { _, _ = s.Patch(t.Context(), example.ID, named("Eve")) })
		synctest.Wait()
		time.Sleep(time.Second)
		wg.Go(func() {
			err := s.Transact(t.Context(), func(ctx context.Context, tx *sql.Tx, users *Tx) error {
				time.Sleep(time.Hour)
				return renameWithOutbox("Ada")(ctx, tx, users)
			})
			if err != nil {
				t.Error(err)
			}
		})
		wg.Wait()
		f.expect(t, "Ada", 1)
	})
}
