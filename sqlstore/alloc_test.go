//go:build !race

package sqlstore

import (
	"context"
	"database/sql"
	"math"
	"runtime"
	"runtime/debug"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/userstore"
)

// A cost is what one call allocates.
type cost struct {
	Allocations int
	Bytes       byteCount
}

type byteCount int

// near tolerates what the runtime allocates now and then, spread over many calls, and
// all bytes on 32 bits: the wanted ones are those of 64.
var near = cmp.Comparer(func(a, b byteCount) bool { return strconv.IntSize < 64 || max(a, b)-min(a, b) <= 16 })

// TestAllocations guards against regressions. It counts what a call allocates
// beyond the same prepared statements by hand, which scan into their own memory.
// (The race detector changes the counts.)
func TestAllocations(t *testing.T) {
	for _, tt := range []struct {
		dialect     Dialect
		transaction bool // around the patch
		get, patch  cost
	}{
		{SQLite, true, cost{4, 832}, cost{22, 2520 + sinceGo127}},
		{PostgreSQL, false, cost{4, 872}, cost{21, 1903 + sinceGo127}},
		{MySQL, true, cost{4, 832}, cost{24, 2059 + sinceGo127}},
	} {
		t.Run(tt.dialect.String(), func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context()) // like a request's
			defer cancel()
			c := newCalls(t, tt.dialect)
			patchByHand := c.patchByHand
			if tt.transaction {
				patchByHand = c.patchInTransaction
			}
			got := []cost{beyond(t, ctx, c.getByHand, c.get), beyond(t, ctx, patchByHand, c.patch)}
			if d := cmp.Diff([]cost{tt.get, tt.patch}, got, near); d != "" {
				t.Errorf("Get and Patch (-want +got):\n%s", d)
			}
		})
	}
}

// A page of All is read into the memory of the page before.
func TestAllocationsOfAll(t *testing.T) {
	on := newStill(SQLite, insertArgs(userstore.ExampleUser(), SQLite.engine().timeLayout))
	on.times = pageSize
	db := sql.OpenDB(on)
	defer db.Close()
	store, err := New(db, SQLite, nil)
	require.NoError(t, err)
	store.readiness.Store(int32(readyToWrite))
	pages := func(n int) float64 {
		return testing.AllocsPerRun(5, func() {
			left := n * pageSize
			for _, err := range store.All(t.Context()) {
				require.NoError(t, err)
				if left--; left == 0 {
					break
				}
			}
		})
	}
	// 20 a page, give or take what database/sql does in the background.
	if got := pages(12) - pages(2); got > 10*25 {
		t.Errorf("ten pages take %v allocations, want 250 at most", got)
	}
}

// calls are a Store with one user, and its statements by hand.
type calls struct {
	store      *Store
	user       userstore.User
	change     userstore.Attributes
	id         string
	args, dest []any
	stmts      []*sql.Stmt // get, and those of the patch
}

func newCalls(t *testing.T, d Dialect) *calls {
	t.Helper()
	user := userstore.ExampleUser()
	row := insertArgs(user, d.engine().timeLayout)
	db := sql.OpenDB(newStill(d, row))
	t.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(1)
	store, err := New(db, d, nil)
	require.NoError(t, err)
	store.readiness.Store(int32(readyToWrite))
	c := &calls{store: store, user: user, id: user.ID.String(), dest: make([]any, len(row))}
	c.change = userstore.Attributes{FirstName: user.Attributes.FirstName, ZoneInfo: user.Attributes.ZoneInfo}
	for i := range c.dest {
		c.dest[i] = new(any)
	}
	p, err := store.newPatch(t.Context(), user.ID, c.change)
	require.NoError(t, err)
	c.args = p.args
	for _, text := range append([]string{store.texts.get}, p.texts...) {
		stmt, err := db.PrepareContext(t.Context(), text)
		require.NoError(t, err)
		c.stmts = append(c.stmts, stmt)
	}
	return c
}

func (c *calls) get(ctx context.Context) error {
	_, err := c.store.Get(ctx, c.user.ID)
	return err
}

func (c *calls) patch(ctx context.Context) error {
	_, err := c.store.Patch(ctx, c.user.ID, c.change)
	return err
}

func (c *calls) getByHand(ctx context.Context) error {
	return c.stmts[0].QueryRowContext(ctx, c.id).Scan(c.dest...)
}

func (c *calls) patchByHand(ctx context.Context) error {
	return c.stmts[1].QueryRowContext(ctx, c.args...).Scan(c.dest...)
}

func (c *calls) patchInTransaction(ctx context.Context) error {
	tx, err := c.store.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	on := func(i int) *sql.Stmt { return tx.StmtContext(ctx, c.stmts[i]) }
	if len(c.stmts) == 2 {
		err = on(1).QueryRowContext(ctx, c.args...).Scan(c.dest...)
	} else if _, err = on(1).ExecContext(ctx, c.args...); err == nil {
		err = on(2).QueryRowContext(ctx, c.id).Scan(c.dest...)
	}
	if err != nil {
		return err
	}
	return tx.Commit()
}

// beyond returns how much more call costs than floor. Nothing else runs meanwhile.
func beyond(t *testing.T, ctx context.Context, floor, call func(context.Context) error) cost {
	t.Helper()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	of, by := costOf(t, ctx, call), costOf(t, ctx, floor)
	return cost{of.Allocations - by.Allocations, of.Bytes - by.Bytes}
}

// costOf returns the least of several rounds: the goroutines of database/sql that
// wait for the end of a context may add to the cost.
func costOf(t *testing.T, ctx context.Context, call func(context.Context) error) cost {
	t.Helper()
	const rounds, calls = 20, 200
	per := func(n uint64) int { return int(n+calls/2) / calls }
	least := cost{math.MaxInt, math.MaxInt}
	for range rounds {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range calls {
			require.NoError(t, call(ctx))
			runtime.Gosched()
		}
		runtime.ReadMemStats(&after)
		least.Allocations = min(least.Allocations, per(after.Mallocs-before.Mallocs))
		least.Bytes = min(least.Bytes, byteCount(per(after.TotalAlloc-before.TotalAlloc)))
	}
	return least
}
