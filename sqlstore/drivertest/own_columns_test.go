package drivertest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// A column of the host's own that needs a value keeps Create from working, and the error
// names it: no client can help. The host inserts the row, and Put fills it.
func TestCreateBesideAColumnWithoutADefault(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		db := d.open(t)
		d.mustFill(t, db, fullAccounts)
		ctx := withTenant(t.Context(), mine)
		store, user := d.mapped(t, db, accounts()), userstore.ExampleUser()
		_, created := store.Create(ctx, user)
		inTx := store.Transact(ctx, func(ctx context.Context, _ *sql.Tx, users *sqlstore.Tx) error {
			return users.CreateAll(ctx, []userstore.User{user})
		})
		for call, err := range map[string]error{"Create": created, "CreateAll": inTx} {
			var failure *sqlstore.Error
			if !errors.As(err, &failure) || failure.Column != "plan" || errors.Is(err, userstore.ErrInvalid) || !strings.Contains(err.Error(), "plan)") {
				t.Errorf("%s: %v", call, err)
			}
		}
		require.NoError(t, store.Transact(ctx, func(ctx context.Context, tx *sql.Tx, users *sqlstore.Tx) error {
			insert := fmt.Sprintf("INSERT INTO accounts (plan, tenant_id, uuid, created) VALUES ('free', %d, '%s', '2021-09-01 23:12:56')", mine, user.ID)
			if _, err := tx.ExecContext(ctx, insert); err != nil {
				return err
			}
			_, err := users.Put(ctx, user)
			return err
		}))
		wantUser(t, perTenant{store, mine}, user)
	})
}

// Where a column of the host's own keeps the probe out, Check proves the time of creation
// on a user, and says that it could not prove the id.
func TestCheckBesideAColumnWithoutADefault(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		for name, tt := range map[string]struct {
			old, made string
			want      string // of Check
			silent    bool
		}{
			"all is well":   {"", "", "", false},
			"no index":      {"UNIQUE (tenant_id, uuid)", "UNIQUE (id)", "", false},
			"whole seconds": {"created    {time}", "created    {seconds}", "differs in created", d.dialect == sqlstore.SQLite},
			"NULL":          {"{time} NOT NULL", "{time}", `the column "created" of the table accounts takes NULL, and must not (Mapping.CreatedAt)`, false},
			"local time":    {"created    {time}", "created    timestamp(6)", "differs in created", d.dialect != sqlstore.PostgreSQL},
		} {
			for _, table := range []string{fullAccounts, accountsTable} {
				if tt.silent {
					continue
				}
				db := d.open(t)
				if d.dialect == sqlstore.PostgreSQL {
					mustExec(t, db, "SET timezone = 'Asia/Tokyo'")
					db.SetMaxOpenConns(1)
				}
				d.mustFill(t, db, strings.Replace(strings.Replace(table, tt.old, tt.made, 1), "{seconds}", seconds[d.dialect.String()], 1))
				user := userstore.ExampleUser()
				mustExec(t, db, fmt.Sprintf("INSERT INTO accounts (plan, tenant_id, uuid, created) VALUES ('free', %d, '%s', '2021-09-01 23:12:56')", mine, user.ID))
				store := d.mapped(t, db, accounts())
				ctx := withTenant(t.Context(), mine)
				err := store.Check(ctx)
				want, unproved := tt.want, []string(nil)
				switch {
				case table == fullAccounts && want == "":
					unproved = []string{"/id"}
				case name == "no index":
					want = "takes two users of one id"
				}
				if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
					t.Errorf("%s: %v, want %q", name, err, want)
				}
				if diff := cmp.Diff(unproved, pointersOf(store.Unproved())); diff != "" && err == nil {
					t.Errorf("%s: not proved (-want +got):\n%s", name, diff)
				}
			}
		}
	})
}

// An index that has other columns, too, does not keep two users from having one id.
func TestIndexesOfTheID(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		for index, proved := range map[string]bool{
			"UNIQUE (uuid)": true, "UNIQUE (uuid, tenant_id)": true,
			"UNIQUE (tenant_id, uuid, plan)": false, "UNIQUE (tenant_id, uuid, created)": false, "UNIQUE (tenant_id, uuid, mail)": false,
		} {
			db := d.open(t)
			d.mustFill(t, db, strings.Replace(accountsTable, "UNIQUE (tenant_id, uuid)", index, 1))
			store := d.mapped(t, db, accounts())
			if err := store.Check(withTenant(t.Context(), mine)); (err == nil && len(store.Unproved()) == 0) != proved {
				t.Errorf("%s: %v, not proved: %v", index, err, store.Unproved())
			}
		}
	})
}
