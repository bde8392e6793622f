package drivertest

import (
	"context"
	"database/sql"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/userstore"
)

// What a host would write by hand for exactly this patch: the floor of the
// benchmarks.

const handColumns = "id, first_name, last_name, email, phone_number, picture_url, gender, birth_date, country, locality, street, " +
	"house_no, house_no_is_number, additional_address_link, region, postal_code, postal_code_is_number, locale, zone_info, "

// byHand returns the fastest of the usual ways on the engine.
func (d database) byHand(b *testing.B, db *sql.DB, table string) patcher {
	prepare := func(text string) *sql.Stmt {
		stmt, err := db.PrepareContext(b.Context(), text)
		require.NoError(b, err)
		b.Cleanup(func() { stmt.Close() })
		return stmt
	}
	switch d.dialect.String() {
	case "SQLite":
		return oneStatement(prepare("UPDATE " + table + " SET first_name = ?, last_name = ? WHERE id = ? RETURNING " + handColumns + "created_at"))
	case "PostgreSQL":
		// pgx prepares by itself.
		text := "UPDATE " + table + " SET first_name = $1, last_name = $2 WHERE id = $3 RETURNING " + handColumns + "created_at"
		return func(ctx context.Context, id uuid.UUID, a userstore.Attributes) (userstore.User, error) {
			return scanByHand(db.QueryRowContext(ctx, text, handArgs(id, a)...))
		}
	}
	return twoStatements(db,
		prepare("UPDATE "+table+" SET first_name = ?, last_name = ? WHERE id = ?"),
		prepare("SELECT "+handColumns+"DATE_FORMAT(created_at, '%Y-%m-%d %H:%i:%s.%f') FROM "+table+" WHERE id = ?"))
}

func handArgs(id uuid.UUID, a userstore.Attributes) []any {
	first, _ := a.FirstName.Get()
	last, _ := a.LastName.Get()
	return []any{first, last, id.String()}
}

func oneStatement(update *sql.Stmt) patcher {
	return func(ctx context.Context, id uuid.UUID, a userstore.Attributes) (userstore.User, error) {
		return scanByHand(update.QueryRowContext(ctx, handArgs(id, a)...))
	}
}

func twoStatements(db *sql.DB, update, get *sql.Stmt) patcher {
	return func(ctx context.Context, id uuid.UUID, a userstore.Attributes) (userstore.User, error) {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return userstore.User{}, err
		}
		defer tx.Rollback()
		if _, err := tx.StmtContext(ctx, update).ExecContext(ctx, handArgs(id, a)...); err != nil {
			return userstore.User{}, err
		}
		user, err := scanByHand(tx.StmtContext(ctx, get).QueryRowContext(ctx, id.String()))
		if err != nil {
			return userstore.User{}, err
		}
		return user, tx.Commit()
	}
}

// scanByHand reads the columns into texts, and makes no record of them.
func scanByHand(r *sql.Row) (userstore.User, error) {
	var id string
	var created any
	var t [14]sql.NullString
	var houseNo, postalCode sql.NullString
	var houseNoIsNumber, postalCodeIsNumber bool
	err := r.Scan(&id, &t[0], &t[1], &t[2], &t[3], &t[4], &t[5], &t[6], &t[7], &t[8], &t[9],
		&houseNo, &houseNoIsNumber, &t[10], &t[11], &postalCode, &postalCodeIsNumber, &t[12], &t[13], &created)
	return userstore.User{}, err
}
