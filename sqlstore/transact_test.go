package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/userstore"
)

const insertOutbox = "INSERT INTO outbox VALUES (1)"

// renameWithOutbox is what a host does in a transaction.
func renameWithOutbox(name string) TransactFunc {
	return func(ctx context.Context, tx *sql.Tx, users *Tx) error {
		if _, err := tx.ExecContext(ctx, insertOutbox); err != nil {
			return err
		}
		if _, err := users.GetForUpdate(ctx, example.ID); err != nil {
			return err
		}
		_, err := users.Patch(ctx, example.ID, named(name))
		return err
	}
}

// expect fails unless the example has the name and the outbox that many rows.
func (f *fake) expect(t *testing.T, name string, outbox int) {
	t.Helper()
	u, _ := f.user(t, example.ID)
	f.mu.Lock()
	defer f.mu.Unlock()
	if got, _ := u.Attributes.FirstName.Get(); got != name || f.committed.outbox != outbox {
		t.Errorf("the name is %s and the outbox has %d rows, want %s and %d", got, f.committed.outbox, name, outbox)
	}
}

func TestTransact(t *testing.T) {
	steps := map[Dialect][]string{
		SQLite:     {"begin", "exec UPDATE", "exec INSERT", "exec UPDATE", "query SELECT", "query UPDATE", "commit"},
		PostgreSQL: {"begin", "exec INSERT", "query SELECT", "query UPDATE", "commit"},
		MySQL:      {"begin", "exec INSERT", "query SELECT", "exec UPDATE", "query SELECT", "commit"},
		MariaDB:    {"begin", "exec INSERT", "query SELECT", "exec UPDATE", "query SELECT", "commit"},
	}
	eachDialect(t, func(t *testing.T, f *fake) {
		s := open(t, f, nil)
		create(t, s, example)
		before := len(f.verbs())
		require.NoError(t, s.Transact(t.Context(), renameWithOutbox("Ada")))
		if diff := cmp.Diff(steps[f.dialect], f.verbs()[before:]); diff != "" {
			t.Errorf("steps (-want +got):\n%s", diff)
		}
		f.expect(t, "Ada", 1)
	})
}

var errOfHost = errors.New("the host's own")

// What is no error of the database ends the call and the transaction, and is returned
// as it is.
func TestTransactReturnsTheHostsError(t *testing.T) {
	for _, own := range []error{
		errOfHost, io.ErrUnexpectedEOF, context.DeadlineExceeded, sql.ErrNoRows,
		userstore.ErrNotFound, fmt.Errorf("no: %w", &userstore.InvalidError{}),
	} {
		eachDialect(t, func(t *testing.T, f *fake) {
			s := open(t, f, nil)
			create(t, s, example)
			calls := 0
			err := s.Transact(t.Context(), func(ctx context.Context, tx *sql.Tx, users *Tx) error {
				calls++
				require.NoError(t, renameWithOutbox("Ada")(ctx, tx, users))
				return own
			})
			if err != own || calls != 1 || len(f.dropped()) != 0 {
				t.Errorf("%v became %v after %d calls; dropped %v", own, err, calls, f.dropped())
			}
			f.expect(t, "John", 0)
		})
	}
}

// Every failure of the database is treated as that of a patch, whoever got it.
func TestTransactRetries(t *testing.T) {
	places := map[string]func(event) bool{
		"begin":            func(e event) bool { return e.do == "begin" },
		"the host's":       func(e event) bool { return e.text == insertOutbox },
		"the user's":       func(e event) bool { return e.is("query", "SELECT") },
		"COMMIT":           func(e event) bool { return e.do == "commit" },
		"COMMIT, and more": func(e event) bool { return e.do == "commit" || e.text == "ROLLBACK" },
	}
	for place, at := range places {
		for _, failure := range []map[Dialect]error{conflicts, unavailables} {
			eachDialect(t, func(t *testing.T, f *fake) {
				synctest.Test(t, func(t *testing.T) {
					s := open(t, f, nil)
					create(t, s, example)
					left := 3
					f.before = func(_ context.Context, e event) error {
						if at(e) && left > 0 {
							left--
							return failure[f.dialect]
						}
						return nil
					}
					calls := 0
					err := s.Transact(t.Context(), func(ctx context.Context, tx *sql.Tx, users *Tx) error {
						calls++
						if err := renameWithOutbox("Ada")(ctx, tx, users); err != nil {
							return fmt.Errorf("renaming: %w", err)
						}
						return nil
					})
					if err != nil || left != 0 || calls == 0 {
						t.Errorf("%s: %v after %d calls, %d failures left", place, err, calls, left)
					}
					f.expect(t, "Ada", 1)
				})
			})
		}
	}
}

func TestTransactsRetriesAreBounded(t *testing.T) {
	for _, tt := range []struct {
		failures map[Dialect]error
		calls    int
		want     error
	}{
		{conflicts, 4, ErrConflict},
		{unavailables, 4, ErrUnavailable},
		{failures, 1, ErrUnavailable},
		{refusals, 1, nil},
	} {
		eachDialect(t, func(t *testing.T, f *fake) {
			synctest.Test(t, func(t *testing.T) {
				s := open(t, f, &Options{MaxRetries: 3})
				create(t, s, example)
				calls := 0
				err := s.Transact(t.Context(), func(ctx context.Context, _ *sql.Tx, _ *Tx) error {
					calls++
					return fmt.Errorf("mine: %w: %w", errOfHost, tt.failures[f.dialect])
				})
				var e *Error
				if calls != tt.calls || tt.want != nil && !errors.Is(err, tt.want) || errors.Is(err, userstore.ErrInvalid) || !errors.Is(err, errOfHost) || !errors.As(err, &e) || e.Op != "transact" {
					t.Errorf("%d calls, %v", calls, err)
				}
			})
		})
	}
}

// A user's error has been explained, and stays as it is with what the host has added.
func TestTransactKeepsTheUsersError(t *testing.T) {
	eachDialect(t, func(t *testing.T, f *fake) {
		s := open(t, f, &Options{MaxRetries: -1})
		f.failing(conflicts[f.dialect])
		fails := f.before
		f.before = func(ctx context.Context, e event) error {
			if e.text == s.texts.takeLock {
				return nil
			}
			return fails(ctx, e)
		}
		var own error
		err := s.Transact(t.Context(), func(ctx context.Context, _ *sql.Tx, users *Tx) error {
			_, err := users.Patch(ctx, example.ID, named("Ada"))
			own = fmt.Errorf("mine: %w", err)
			return own
		})
		var e *Error
		if err != own || !errors.Is(err, ErrConflict) || !errors.As(err, &e) || e.Op != "patch" {
			t.Errorf("%v", err)
		}
	})
}

// A transaction whose outcome is unknown is not sent again.
func TestTransactsOutcomeIsUnknown(t *testing.T) {
	eachDialect(t, func(t *testing.T, f *fake) {
		s := open(t, f, &Options{ResendUnknown: true})
		create(t, s, example)
		f.after = func(e event) error {
			if e.do == "commit" {
				return errBroken
			}
			return nil
		}
		require.ErrorIs(t, s.Transact(t.Context(), renameWithOutbox("Ada")), ErrOutcomeUnknown)
		f.expect(t, "Ada", 1)
	})
}

// What looks like a lost connection is one only if the rollback fails too.
func TestTransactsConnectionIsLost(t *testing.T) {
	eachDialect(t, func(t *testing.T, f *fake) {
		s := open(t, f, nil)
		create(t, s, example)
		f.before = func(_ context.Context, e event) error {
			if e.conn == 1 && (e.text == insertOutbox || e.do == "rollback") {
				return errBroken
			}
			return nil
		}
		require.NoError(t, s.Transact(t.Context(), renameWithOutbox("Ada")))
		f.expect(t, "Ada", 1)
		if got := f.dropped(); !slices.Equal(got, []int{1}) {
			t.Errorf("dropped %v", got)
		}
	})
}

// A panic, or the end of the goroutine, rolls back at once and goes on.
func TestTransactPanics(t *testing.T) {
	for name, stop := range map[string]func(){"panic": func() { panic(errOfHost) }, "Goexit": runtime.Goexit} {
		eachDialect(t, func(t *testing.T, f *fake) {
			s := open(t, f, nil)
			create(t, s, example)
			ended := make(chan any)
			go func() {
				defer func() {
					if got := f.count("rollback", ""); got != 1 {
						t.Errorf("%s: %d rollbacks", name, got)
					}
					ended <- recover()
				}()
				_ = s.Transact(t.Context(), func(ctx context.Context, tx *sql.Tx, users *Tx) error {
					if err := renameWithOutbox("Ada")(ctx, tx, users); err != nil {
						return err
					}
					stop()
					return nil
				})
			}()
			if v := <-ended; (v == errOfHost) != (name == "panic") {
				t.Errorf("%s: recovered %v", name, v)
			}
			f.expect(t, "John", 0)
			require.NoError(t, s.Transact(t.Context(), renameWithOutbox("Eve")))
			f.expect(t, "Eve", 1)
		})
	}
}

// The context of do ends a second after the caller's, and nothing is committed.
func TestTransactsContext(t *testing.T) {
	eachDialect(t, func(t *testing.T, f *fake) {
		synctest.Test(t, func(t *testing.T) {
			s := open(t, f, nil)
			create(t, s, example)
			ctx, cancel := context.WithTimeout(context.WithValue(t.Context(), keyOfHost{}, "v"), time.Second)
			defer cancel()
			began := time.Now()
			err := s.Transact(ctx, func(ctx context.Context, tx *sql.Tx, users *Tx) error {
				require.NoError(t, renameWithOutbox("Ada")(ctx, tx, users))
				<-ctx.Done()
				if took := time.Since(began); took != time.Second+grace || ctx.Value(keyOfHost{}) != "v" {
					t.Errorf("it ended after %v, with %v", took, ctx.Value(keyOfHost{}))
				}
				return nil
			})
			require.ErrorIs(t, err, context.DeadlineExceeded)
			f.expect(t, "John", 0)
		})
	})
}

type keyOfHost struct{}

// Those who have conflicted take turns, by user.
func TestConflictingTransactionsTakeTurns(t *testing.T) {
	for _, d := range []Dialect{PostgreSQL, MySQL, MariaDB} {
		t.Run(d.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(d)
				f.before = func(_ context.Context, e event) error {
					if strings.HasSuffix(e.text, "FOR UPDATE") {
						return failures[d] // the fake would lock all users
					}
					return nil
				}
				s := open(t, f, nil)
				var c conflicting
				for i := range 8 {
					id := nth(1 + i%2)
					go s.Transact(t.Context(), func(ctx context.Context, _ *sql.Tx, users *Tx) error {
						_, _ = users.Get(ctx, nth(9))
						_, _ = users.GetForUpdate(ctx, id)
						time.Sleep(time.Second) // the others are at their first attempt, too
						if c.fails(8) {
							return conflicts[d]
						}
						c.run(i%2, 1)
						time.Sleep(time.Second)
						c.run(i%2, -1)
						return nil
					})
				}
				time.Sleep(3 * time.Second)
				synctest.Wait()
				c.mu.Lock()
				if c.most != [2]int{1, 1} {
					t.Errorf("at once, by user: %v", c.most)
				}
				c.mu.Unlock()
				time.Sleep(time.Minute)
			})
		})
	}
}

// conflicting counts the transactions of two users.
type conflicting struct {
	mu            sync.Mutex
	failed        int
	running, most [2]int
}

// fails reports whether this is one of the first n.
func (c *conflicting) fails(n int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failed++
	return c.failed <= n
}

func (c *conflicting) run(user, more int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.running[user] += more
	c.most[user] = max(c.most[user], c.running[user])
}

// That others keep the id from a Put is a conflict, whatever the database says.
func TestTransactRetriesAPut(t *testing.T) {
	eachDialect(t, func(t *testing.T, f *fake) {
		s := open(t, f, nil)
		calls := 0
		f.before = func(_ context.Context, e event) error {
			tx := f.conns[e.conn-1].tx
			switch {
			case tx == nil || tx.own == nil || calls > 1:
			case e.is("exec", "INSERT"):
				tx.own.rows[example.ID.String()] = fakeRow(example, f.dialect.engine().timeLayout)
			default:
				delete(tx.own.rows, example.ID.String())
			}
			return nil
		}
		err := s.Transact(t.Context(), func(ctx context.Context, _ *sql.Tx, users *Tx) error {
			calls++
			_, err := users.Put(ctx, example)
			return err
		})
		if err != nil || calls != 2 {
			t.Errorf("%d calls, %v", calls, err)
		}
	})
}
