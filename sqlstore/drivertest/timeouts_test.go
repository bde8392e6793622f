package drivertest

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/sqlstore/drivertest/engine"
	"github.com/userrecord/userrecord/userstore"
)

// A statement that the server cancels, here as it waits for a locked row, was not
// applied; the connection is kept, and nothing is sent again.
func TestServerCancelsStatement(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		d       database
		setting string // of a session: for how long a statement runs
		value   string
		code    string
	}{
		{databases[2], "statement_timeout", "300", "SQLSTATE 57014"},
		{databases[3], "max_statement_time", "0.3", "error 1969"},
	} {
		t.Run(tt.d.name, func(t *testing.T) {
			t.Parallel()
			p := tt.d.place(t)
			holder := p.open(t)
			before := userstore.ExampleUser()
			create(t, tt.d.migrated(t, holder), &before)
			db := p.open(t)
			db.SetMaxOpenConns(1)
			store := tt.d.store(t, db)
			mustPatch(t, store, before, firstName("before"))
			before.Attributes = before.Attributes.Merge(firstName("before"))
			tx, err := holder.BeginTx(t.Context(), nil)
			require.NoError(t, err)
			defer tx.Rollback()
			mustExecTx(t, tx, "SELECT * FROM users FOR UPDATE")
			var session, after int
			id := map[string]string{"PostgreSQL": "SELECT pg_backend_pid()", "MariaDB": "SELECT connection_id()"}[tt.d.name]
			require.NoError(t, db.QueryRow(id).Scan(&session))
			mustExec(t, db, "SET "+tt.setting+" = "+tt.value) // for this one: what succeeds may be slow
			_, err = store.Patch(t.Context(), before.ID, firstName("cancelled"))
			mustExec(t, db, "SET "+tt.setting+" = 0")
			if !errors.Is(err, sqlstore.ErrUnavailable) || !strings.Contains(err.Error(), tt.code) {
				t.Errorf("Patch = %v", err)
			}
			if err := db.QueryRow(id).Scan(&after); err != nil || after != session {
				t.Errorf("the session is %d, was %d: %v", after, session, err)
			}
			tx.Rollback()
			wantUser(t, store, before)
		})
	}
}

// A server that prepares no statements runs their texts, where the driver is told
// not to prepare them.
func TestNoPreparedStatements(t *testing.T) {
	t.Parallel()
	server := engine.MariaDB(t, engine.Fast, engine.Setting("max_prepared_stmt_count", "0"))
	server.RequireOwn(t)
	d := databases[3]
	created := server.NewDatabase(t)
	p := place{created.Driver, created.DSN + "?interpolateParams=true"}
	store := d.migrated(t, p.open(t))
	user := userstore.ExampleUser()
	create(t, store, &user)
	mustPatch(t, store, user, firstName(`O'Neil \ "x" ?`))
	user.Attributes = user.Attributes.Merge(firstName(`O'Neil \ "x" ?`))
	wantUser(t, store, user)
	tx, err := p.open(t).BeginTx(t.Context(), nil)
	require.NoError(t, err)
	defer tx.Rollback()
	mustPatch(t, store.WithTx(tx), user, firstName("in a transaction"))
	require.NoError(t, tx.Commit())
	prepares := d.store(t, place{created.Driver, created.DSN}.open(t))
	if _, err := prepares.Patch(t.Context(), user.ID, firstName("x")); !errors.Is(err, sqlstore.ErrUnavailable) || !strings.Contains(err.Error(), "error 1461") {
		t.Errorf("without interpolateParams: %v", err)
	}
	require.NoError(t, store.Delete(t.Context(), user.ID))
}
