package sqlstore

import (
	"context"
	"database/sql/driver"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/userstore"
)

// inTx calls do in a transaction that is committed.
func inTx(t *testing.T, s *Store, do func(*Tx)) {
	t.Helper()
	tx, err := s.db.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	defer tx.Rollback()
	do(s.WithTx(tx))
	require.NoError(t, tx.Commit())
}

func TestPut(t *testing.T) {
	later := example.CreatedAt.Add(time.Hour)
	less := userstore.Attributes{LastName: userstore.Value("Miller"), Email: userstore.Null[string]()}
	for name, tt := range map[string]struct{ user, want userstore.User }{
		"keeps createdAt": {userstore.User{ID: example.ID, Attributes: less}, userstore.User{ID: example.ID, Attributes: lastNamed("Miller"), CreatedAt: example.CreatedAt}},
		"sets createdAt":  {userstore.User{ID: example.ID, CreatedAt: later}, userstore.User{ID: example.ID, CreatedAt: later}},
		"the same":        {example, example},
		"a new user":      {userstore.User{ID: nth(7), Attributes: less, CreatedAt: later}, userstore.User{ID: nth(7), Attributes: lastNamed("Miller"), CreatedAt: later}},
	} {
		t.Run(name, func(t *testing.T) {
			eachDialect(t, func(t *testing.T, f *fake) {
				s := open(t, f, nil)
				_, err := s.Create(t.Context(), example)
				require.NoError(t, err)
				inTx(t, s, func(in *Tx) {
					if got, err := in.Put(t.Context(), tt.user); err != nil || got != tt.want {
						t.Errorf("Put: another user, or %v", err)
					}
				})
				if got, _ := f.user(t, tt.want.ID); got != tt.want {
					t.Error("another user is kept")
				}
				if n := f.count("exec", "DELETE") + f.count("exec", "REPLACE"); n > 0 {
					t.Errorf("%d statements delete", n)
				}
			})
		})
	}
}

// lastNamed returns attributes with only a last name.
func lastNamed(name string) userstore.Attributes {
	return userstore.Attributes{LastName: userstore.Value(name)}
}

// Put creates a user without createdAt now.
func TestPutOfANewUserIsNow(t *testing.T) {
	eachDialect(t, func(t *testing.T, f *fake) {
		begin := time.Now().Truncate(time.Microsecond)
		inTx(t, open(t, f, nil), func(in *Tx) {
			got, err := in.Put(t.Context(), userstore.User{ID: nth(7)})
			if err != nil || got.CreatedAt.Before(begin) || got.CreatedAt.After(time.Now()) {
				t.Errorf("createdAt is not now, or %v", err)
			}
		})
	})
}

func TestPutRefuses(t *testing.T) {
	eachDialect(t, func(t *testing.T, f *fake) {
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		inTx(t, open(t, f, nil), func(in *Tx) {
			if _, err := in.Put(t.Context(), userstore.User{ID: uuid.Nil}); !errors.Is(err, userstore.ErrInvalid) {
				t.Errorf("without an id: %v", err)
			}
			if _, err := in.Put(ended, example); !errors.Is(err, context.Canceled) {
				t.Errorf("after the end of the context: %v", err)
			}
		})
		if events := f.taken(); len(events) != 2 { // begin and commit
			t.Errorf("sent %v", events)
		}
	})
}

// Another caller creates the user after Put has looked for it, and may keep deleting it
// again.
func TestPutLooksAgain(t *testing.T) {
	for name, tt := range map[string]struct {
		forEver bool
		inserts int
		want    error
	}{"once": {false, 1, nil}, "for ever": {true, putAttempts + 1, ErrConflict}} {
		t.Run(name, func(t *testing.T) {
			eachDialect(t, func(t *testing.T, f *fake) {
				s := open(t, f, nil)
				f.before = func(_ context.Context, e event) error {
					tx := f.conns[e.conn-1].tx
					switch {
					case tx == nil || tx.own == nil:
					case e.is("exec", "INSERT"):
						tx.own.rows[example.ID.String()] = fakeRow(userstore.User{ID: example.ID, CreatedAt: example.CreatedAt}, f.dialect.engine().timeLayout)
					case tt.forEver:
						delete(tx.own.rows, example.ID.String())
					}
					return nil
				}
				inTx(t, s, func(in *Tx) {
					got, err := in.Put(t.Context(), example)
					f.before = nil
					if !errors.Is(err, tt.want) || err == nil && got != example {
						t.Errorf("another user, or %v; want %v", err, tt.want)
					}
				})
				if n := f.count("exec", "INSERT"); n != tt.inserts {
					t.Errorf("%d INSERTs, want %d", n, tt.inserts)
				}
			})
		})
	}
}

func fakeRow(u userstore.User, layout string) []driver.Value {
	var row []driver.Value
	for _, a := range insertArgs(u, layout) {
		row = append(row, a)
	}
	return row
}

// Put does not look again because of a value that another user has.
func TestPutOfATakenValue(t *testing.T) {
	for _, d := range allDialects {
		t.Run(d.String(), func(t *testing.T) {
			f := newFake(d)
			s := open(t, f, nil)
			f.before = func(_ context.Context, e event) error {
				if e.is("exec", "INSERT") {
					return takenEmail[d]
				}
				return nil
			}
			inTx(t, s, func(in *Tx) {
				_, err := in.Put(t.Context(), example)
				var invalid *userstore.InvalidError
				if !errors.As(err, &invalid) || !strings.Contains(invalid.Error(), "/email") {
					t.Errorf("got %v, want /email", err)
				}
			})
			if n := f.count("exec", "INSERT"); n != 1 {
				t.Errorf("%d INSERTs", n)
			}
		})
	}
}
