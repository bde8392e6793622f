package drivertest

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore/drivertest/engine"
	"github.com/userrecord/userrecord/userstore"
)

// pooled is a database of the shared server behind a PgBouncer that has fewer
// connections than clients, and the users in it.
type pooled struct {
	dsn   string
	users []userstore.User
}

func newPooled(t *testing.T, options ...engine.Option) pooled {
	t.Helper()
	server := postgreSQL.Server(t)
	pooler := engine.PgBouncerBefore(t, server, append([]engine.Option{engine.Setting("default_pool_size", "3")}, options...)...)
	created := server.NewDatabase(t)
	store := databases[2].migrated(t, created.Open(t))
	p := pooled{dsn: pooler.Through(t, created).DSN}
	for range 16 {
		user := userstore.ExampleUser()
		user.ID = uuid.New()
		create(t, store, &user)
		p.users = append(p.users, user)
	}
	return p
}

// A tally counts patches by what came of them.
type tally struct {
	right, refused, wrong atomic.Int64

	mu    sync.Mutex
	texts map[string]int // of errors
}

func (y *tally) String() string {
	return fmt.Sprintf("%d right, %d errors, %d wrong; errors: %v", y.right.Load(), y.refused.Load(), y.wrong.Load(), y.texts)
}

// patchAll patches every user, through four clients of the pooler.
func (p pooled) patchAll(t *testing.T, rounds int, open func(testing.TB) *sql.DB) *tally {
	t.Helper()
	var all sync.WaitGroup
	y := &tally{texts: map[string]int{}}
	for client := range 4 {
		store := databases[2].store(t, open(t))
		if err := store.Check(t.Context()); err != nil {
			y.count(err)
		}
		for w := client; w < len(p.users); w += 4 {
			all.Go(func() {
				for n := range rounds {
					patch := shapes[n%len(shapes)](fmt.Sprintf("user %d, patch %d", w, n)).attributes()
					p.users[w].Attributes = p.users[w].Attributes.Merge(patch)
					got, err := store.Patch(t.Context(), p.users[w].ID, patch)
					if err != nil {
						y.count(err)
					} else if got.ID != p.users[w].ID || got.Attributes.Merge(patch) != got.Attributes {
						y.wrong.Add(1)
					} else {
						y.right.Add(1)
					}
				}
			})
		}
	}
	all.Wait()
	return y
}

func (y *tally) count(err error) {
	y.refused.Add(1)
	y.mu.Lock()
	defer y.mu.Unlock()
	y.texts[err.Error()]++
}

// shapes are those of the patches, so that different statements are under way.
var shapes = []func(text string) values{
	func(text string) values { return values{"/firstName": text} },
	func(text string) values { return values{"/lastName": text} },
	func(text string) values {
		return values{"/firstName": text, "/lastName": text, "/address/street": text}
	},
}

// With the modes that ENGINES.md names, many clients share few connections and
// every patch is right. USERRECORD_POOLED is how many patches a user gets.
func TestSafeModesBehindAPooler(t *testing.T) {
	t.Parallel()
	rounds := times(t, "USERRECORD_POOLED", 25)
	p := newPooled(t)
	for _, mode := range []string{"exec", "cache_describe", "simple_protocol"} {
		t.Run(mode, func(t *testing.T) {
			y := p.patchAll(t, rounds, place{"pgx", with("default_query_exec_mode", mode)(p.dsn)}.open)
			t.Log(y)
			if want := int64(rounds * len(p.users)); y.right.Load() != want {
				t.Errorf("want %d right: %v", want, y)
			}
			store := databases[2].store(t, place{"pgx", with("default_query_exec_mode", mode)(p.dsn)}.open(t))
			for _, user := range p.users {
				wantUser(t, store, user)
			}
		})
	}
}

// With the others a patch is right or an error; of describe_exec it is one from the
// start, and where a wrapper hides the driver, the row that comes back tells.
func TestUnsafeModesBehindAPooler(t *testing.T) {
	t.Parallel()
	rounds := times(t, "USERRECORD_POOLED", 25)
	for _, tt := range []struct {
		name, mode string
		hidden     bool
		want       string // in an error
	}{
		{"default", "cache_statement", false, ""},
		{"describe_exec", "describe_exec", false, "default_query_exec_mode must not be describe_exec"},
		{"describe_exec, hidden", "describe_exec", true, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newPooled(t)
			source := place{"pgx", with("default_query_exec_mode", tt.mode)(p.dsn)}
			open := source.open
			if tt.hidden {
				open = source.openHidden
			}
			y := p.patchAll(t, rounds, open)
			t.Log(y)
			if y.wrong.Load() > 0 || y.refused.Load() == 0 {
				t.Errorf("want errors, and nothing wrong: %v", y)
			}
			for text := range y.texts {
				if !strings.Contains(text, tt.want) {
					t.Errorf("an error lacks %q: %s", tt.want, text)
				}
			}
		})
	}
}

// openHidden opens the place by a driver that wraps pgx, as those that trace do.
func (p place) openHidden(t testing.TB) *sql.DB {
	t.Helper()
	config, err := pgx.ParseConfig(p.dsn)
	require.NoError(t, err)
	db := sql.OpenDB(wrapper{stdlib.GetConnector(*config)})
	t.Cleanup(func() { db.Close() })
	return db
}

type wrapper struct{ driver.Connector }

func (w wrapper) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := w.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return wrapped{conn.(*stdlib.Conn)}, nil
}

type wrapped struct{ *stdlib.Conn }
