package sqlstore_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// The schema for a migration tool of the host's own, such as goose: one file for
// each migration.
func ExampleMigrations() {
	migrations, err := sqlstore.Migrations(sqlstore.PostgreSQL, &sqlstore.Options{Table: "app.users"})
	if err != nil {
		panic(err)
	}
	for _, m := range migrations[:1] {
		fmt.Printf("-- %05d_%s.sql\n%.100s...\n", m.Version, m.Name, m.SQL)
	}
	// Output:
	// -- 00001_users.sql
	// CREATE TABLE IF NOT EXISTS "app"."users" (
	// 	id                      uuid NOT NULL PRIMARY KEY,
	// 	crea...
}

// A Store of the host's own, over a table of another shape, gives the errors that the
// handler expects, and tries again when that may help. For brevity, this one has the
// first name only.
func ExampleDialect_Explain() {
	var _ userstore.Store = ownStore{}
}

type ownStore struct{ db *sql.DB }

func (s ownStore) Get(ctx context.Context, id uuid.UUID) (userstore.User, error) {
	user, err := scanOwn(id, s.db.QueryRowContext(ctx, "SELECT given FROM people WHERE id = $1", id))
	return user, sqlstore.PostgreSQL.Explain(ctx, "get", sqlstore.ReachNone, err)
}

func (s ownStore) Patch(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	for n := 0; ; n++ {
		user, err := s.patchOnce(ctx, id, patch)
		var e *sqlstore.Error
		if !errors.As(err, &e) || !e.Retriable() || n == 10 {
			return user, err
		}
	}
}

func (s ownStore) patchOnce(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	text, isValue := patch.FirstName.Get()
	user, err := scanOwn(id, s.db.QueryRowContext(ctx,
		"UPDATE people SET given = CASE WHEN $2 THEN $3 ELSE given END WHERE id = $1 RETURNING given",
		id, !patch.FirstName.IsZero(), sql.Null[string]{V: text, Valid: isValue}))
	// The statement commits itself: if its answer is lost, its outcome is unknown.
	return user, sqlstore.PostgreSQL.Explain(ctx, "patch", sqlstore.ReachStatement, err)
}

func scanOwn(id uuid.UUID, row *sql.Row) (userstore.User, error) {
	var given sql.Null[string]
	if err := row.Scan(&given); err != nil {
		return userstore.User{}, err
	}
	user := userstore.User{ID: id}
	if given.Valid {
		user.Attributes.FirstName = userstore.Value(given.V)
	}
	return user, nil
}
