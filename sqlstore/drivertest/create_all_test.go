package drivertest

import (
	"database/sql"
	"errors"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// numbered returns n users that differ, in no order of their ids. One in three has all
// attributes.
func numbered(t *testing.T, n int) []userstore.User {
	t.Helper()
	users := make([]userstore.User, n)
	for i := range users {
		user := userstore.User{CreatedAt: userstore.ExampleUser().CreatedAt}
		if i%3 == 0 {
			user = fullUser()
		}
		user.ID = uuid.NewSHA1(uuid.NameSpaceOID, fmt.Append(nil, i))
		user.Attributes.Email = userstore.Value(fmt.Sprintf("user%d@example.com", i))
		var err error
		users[i], err = user.Canonical()
		require.NoError(t, err)
	}
	return users
}

// createAll creates the users in a transaction of its own.
func createAll(t *testing.T, db *sql.DB, store *sqlstore.Store, users ...userstore.User) error {
	t.Helper()
	tx := begin(t, db)
	if err := store.WithTx(tx).CreateAll(t.Context(), users); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// As many users as one statement has rows, and one more, and as many as several have.
func TestCreateAll(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		store, db := d.withOrders(t)
		users := numbered(t, 1+100+101+250)
		rest := users
		for _, n := range []int{0, 1, 100, 101, 250} {
			require.NoError(t, createAll(t, db, store, rest[:n]...), n)
			rest = rest[n:]
		}
		for _, user := range users {
			wantUser(t, store, user)
		}
		if n := queryInt(t, db, "SELECT count(*) FROM users"); n != len(users) {
			t.Errorf("%d users, want %d", n, len(users))
		}
	})
}

func TestCreateAllRefuses(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		store, db := d.withOrders(t)
		users := numbered(t, 120)
		taken := userstore.User{ID: users[110].ID}
		create(t, store, &taken)
		if err := createAll(t, db, store, users...); !errors.Is(err, userstore.ErrExists) {
			t.Errorf("an id that is taken: %v", err)
		}
		mustExec(t, db, "UPDATE users SET email = 'user110@example.com'")
		users[110].ID[0]++
		wantPointer(t, "an e-mail address that is taken", createAll(t, db, store, users...), "/email")
		users[110].Attributes.Email = userstore.Value("\x00")
		wantPointer(t, "a value that no store can keep", createAll(t, db, store, users...), "/email")
		if n := queryInt(t, db, "SELECT count(*) FROM users"); n != 1 {
			t.Errorf("%d users, want 1", n)
		}
	})
}
