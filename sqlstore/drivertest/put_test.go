package drivertest

import (
	"database/sql"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// The other tables and columns of a host: a column, and orders that go with their user.
var orderParts = []string{
	"ALTER TABLE users ADD COLUMN points INTEGER",
	"CREATE UNIQUE INDEX users_email_key ON users (email)",
}

var orderTables = map[string]string{
	"SQLite":     "CREATE TABLE orders (user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE)",
	"PostgreSQL": "CREATE TABLE orders (user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE)",
	"MariaDB":    mySQLOrders,
	"MySQL":      mySQLOrders,
}

// The column is one that a host always gives a value, where the engine can add that.
var pointsNotNull = map[string]string{
	"PostgreSQL": "ALTER TABLE users ALTER COLUMN points SET NOT NULL",
	"MariaDB":    "ALTER TABLE users MODIFY points INTEGER NOT NULL",
	"MySQL":      "ALTER TABLE users MODIFY points INTEGER NOT NULL",
}

const mySQLOrders = "CREATE TABLE orders (user_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE)"

// withOrders returns a Store in such a database.
func (d database) withOrders(t *testing.T) (*sqlstore.Store, *sql.DB) {
	t.Helper()
	p := d.place(t)
	if d.dialect.String() == "SQLite" {
		p.dsn += "&_pragma=foreign_keys(1)"
	}
	db := p.open(t)
	store := d.migrated(t, db)
	for _, statement := range append(orderParts, orderTables[d.dialect.String()]) {
		mustExec(t, db, statement)
	}
	return store, db
}

// put puts the user in a transaction of its own.
func put(t *testing.T, db *sql.DB, store *sqlstore.Store, user userstore.User) (userstore.User, error) {
	t.Helper()
	tx := begin(t, db)
	got, err := store.WithTx(tx).Put(t.Context(), user)
	if err != nil {
		return got, errors.Join(err, tx.Rollback())
	}
	return got, tx.Commit()
}

// Put touches nothing that is the host's: an order that refers to the user, a
// column of its own.
func TestPutKeepsWhatIsTheHosts(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		store, db := d.withOrders(t)
		user := userstore.ExampleUser()
		create(t, store, &user)
		mustExec(t, db, "INSERT INTO orders (user_id) SELECT id FROM users")
		mustExec(t, db, "UPDATE users SET points = 42")
		if statement := pointsNotNull[d.dialect.String()]; statement != "" {
			mustExec(t, db, statement)
		}
		later := user.CreatedAt.Add(time.Hour + time.Microsecond)
		for _, tt := range []struct {
			name        string
			given, want userstore.User
		}{
			{"no createdAt", userstore.User{ID: user.ID, Attributes: values{"/lastName": "Miller"}.attributes()}, userstore.User{ID: user.ID, Attributes: values{"/lastName": "Miller"}.attributes(), CreatedAt: user.CreatedAt}},
			{"the same again", userstore.User{ID: user.ID, Attributes: values{"/lastName": "Miller"}.attributes()}, userstore.User{ID: user.ID, Attributes: values{"/lastName": "Miller"}.attributes(), CreatedAt: user.CreatedAt}},
			{"createdAt", userstore.User{ID: user.ID, CreatedAt: later}, userstore.User{ID: user.ID, CreatedAt: later}},
			{"everything", user, user},
		} {
			if got, err := put(t, db, store, tt.given); err != nil || got != tt.want {
				t.Fatalf("%s: another user, or %v", tt.name, err)
			}
			wantUser(t, store, tt.want)
			got := [2]int{queryInt(t, db, "SELECT count(*) FROM orders"), queryInt(t, db, "SELECT points FROM users")}
			if diff := cmp.Diff([2]int{1, 42}, got); diff != "" {
				t.Errorf("%s: orders and points (-want +got):\n%s", tt.name, diff)
			}
		}
	})
}

func TestPutOfANewUser(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		store, db := d.withOrders(t)
		for _, user := range []userstore.User{userstore.ExampleUser(), {ID: fullUser().ID, Attributes: fullUser().Attributes}} {
			got, err := put(t, db, store, user)
			require.NoError(t, err)
			if user.CreatedAt.IsZero() && time.Since(got.CreatedAt).Abs() < time.Hour {
				user.CreatedAt = got.CreatedAt
			}
			if got != user {
				t.Error("another user was returned")
			}
			wantUser(t, store, user)
		}
	})
}

// An e-mail address of somebody else is refused, and nobody's row is written,
// whether the user is there or not.
func TestPutSparesOthers(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		store, db := d.withOrders(t)
		user, other := userstore.ExampleUser(), fullUser()
		other.Attributes.Email = userstore.Value("other@example.com")
		create(t, store, &user, &other)
		taken := userstore.User{ID: user.ID, Attributes: userstore.Attributes{Email: other.Attributes.Email}}
		_, err := put(t, db, store, taken)
		wantPointer(t, "put", err, "/email")
		taken.ID[0]++
		_, err = put(t, db, store, taken)
		wantPointer(t, "put", err, "/email")
		wantUser(t, store, user)
		wantUser(t, store, other)
		if n := queryInt(t, db, "SELECT count(*) FROM users"); n != 2 {
			t.Errorf("%d users, want 2", n)
		}
	})
}

// Two transactions put the same new user: the second waits for the first, and its
// values stay.
func TestPutAtTheSameTime(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		store, db := d.withOrders(t)
		first := userstore.ExampleUser()
		second := userstore.User{ID: first.ID, Attributes: values{"/lastName": "Miller"}.attributes()}
		tx := begin(t, db)
		_, err := store.WithTx(tx).Put(t.Context(), first)
		require.NoError(t, err)
		waiting := make(chan error, 1)
		go func() {
			later, err := db.BeginTx(t.Context(), nil)
			if err == nil {
				_, err = store.WithTx(later).Put(t.Context(), second)
			}
			if err == nil {
				err = later.Commit()
			}
			waiting <- err
		}()
		select {
		case err := <-waiting:
			t.Fatalf("it did not wait, and ended with %v", err)
		case <-time.After(200 * time.Millisecond):
		}
		require.NoError(t, tx.Commit())
		require.NoError(t, <-waiting)
		second.CreatedAt = first.CreatedAt
		wantUser(t, store, second)
	})
}

// The host's key may have more columns than the id, such as one for its tenant.
func TestPutWithAnotherKey(t *testing.T) {
	t.Parallel()
	for _, d := range databases[2:4] {
		t.Run(d.name, func(t *testing.T) {
			db := d.open(t)
			store := d.migrated(t, db)
			mustExec(t, db, "ALTER TABLE users ADD tenant VARCHAR(9) NOT NULL DEFAULT 'a'")
			if d.dialect.String() == "PostgreSQL" {
				mustExec(t, db, "ALTER TABLE users DROP CONSTRAINT users_pkey")
			} else {
				mustExec(t, db, "ALTER TABLE users DROP PRIMARY KEY")
			}
			mustExec(t, db, "ALTER TABLE users ADD PRIMARY KEY (tenant, id)")
			got, err := put(t, db, store, fullUser())
			require.NoError(t, err)
			wantUser(t, store, got)
		})
	}
}
