package drivertest

import (
	"context"
	"strings"
	"testing"

	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// misfits are tables and mappings that do not go together.
var misfits = []struct {
	name      string
	old, made string // part of the table, and what is there instead
	change    func(*sqlstore.Options)
	want      string
	silent    map[string]bool // dialects in which they do
}{
	{"none", "", "", func(*sqlstore.Options) {}, "", nil},
	{"no table", "", "", func(o *sqlstore.Options) { o.Table = "account" }, "the table account is missing", nil},
	{"no column", "", "", func(o *sqlstore.Options) { o.Mapping.Columns["/email"] = "e_mail" }, `no column "e_mail" (Mapping.Columns[/email])`, nil},
	{"two of them", "", "", func(o *sqlstore.Options) {
		o.Mapping.Columns["/email"] = "e_mail"
		o.Mapping.IsNumber["/address/houseNo"] = "flag"
	}, `no column "flag" (Mapping.IsNumber[/address/houseNo])`, nil},
	{"no column of a condition", "", "", func(o *sqlstore.Options) { o.Mapping.Where[1].Column = "gone" }, `no column "gone" (Mapping.Where[1])`, nil},
	{"a text for a time", "created    {time}", "created    {text}", nil, `the column "created" of the table accounts holds no times (Mapping.CreatedAt)`, map[string]bool{"SQLite": true, "MariaDB": true, "MySQL": true}},
	{"a number for an id", "", "", func(o *sqlstore.Options) { o.Mapping.ID = "id" }, "which holds no uuid (Mapping.ID)", nil},
	{"two users of one id", "UNIQUE (tenant_id, uuid)", "UNIQUE (tenant_id, uuid, id)", nil, "takes two users of one id: its column uuid needs a unique index", nil},
	{"whole seconds", "created    {time}", "created    {seconds}", nil, "differs in created of type {time}: it must keep microseconds, and the time zone or UTC (see Mapping.CreatedAt)", sqlite},
	{"a number for a text", "zip {text}", "zip BIGINT", nil, "differs in zip (/address/postalCode) of type {number}: a column's type or character set, a trigger, or a view does that (if", nil},
	{"a date", "birth_date {text}", "birth_date DATE", nil, "differs in birth_date (/birthDate) of type DATE: a trigger or a view does that, or the column's type, which may be a date (see Mapping.BirthDateIsDate)", mySQLs},
	{"a text that is declared a date", "", "", func(o *sqlstore.Options) { o.Mapping.BirthDateIsDate = true }, `the column "birth_date" of the table accounts holds no dates, as Mapping.BirthDateIsDate says`, map[string]bool{"SQLite": true, "MariaDB": true, "MySQL": true}},
	{"a text for a tenant", "", "", func(o *sqlstore.Options) {
		o.Mapping.Where[0].Value = func(context.Context) (any, error) { return "check", nil }
	}, `the value does not fit the column "tenant_id" of the table accounts (Mapping.Where[0])`, sqlite},
	{"a declared date", "birth_date {text}", "birth_date DATE", func(o *sqlstore.Options) { o.Mapping.BirthDateIsDate = true }, "", nil},
}

var seconds = map[string]string{"PostgreSQL": "timestamptz(0)", "MariaDB": "DATETIME", "MySQL": "DATETIME"}

// typeNames are what drivers call types.
var typeNames = map[string][]string{
	"SQLite":     {"{number}", "BIGINT"},
	"PostgreSQL": {"{number}", "INT8", "{time}", "TIMESTAMPTZ"},
	"MariaDB":    {"{number}", "BIGINT", "{time}", "DATETIME"},
	"MySQL":      {"{number}", "BIGINT", "{time}", "DATETIME"},
}

// Check says which column does not fit the mapping.
func TestMisfits(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		db := d.open(t)
		for _, m := range misfits {
			t.Run(m.name, func(t *testing.T) {
				if m.silent[d.dialect.String()] {
					return
				}
				mustExec(t, db, "DROP TABLE IF EXISTS accounts")
				table := strings.Replace(strings.Replace(accountsTable, m.old, m.made, 1), "{seconds}", seconds[d.dialect.String()], 1)
				d.mustFill(t, db, table)
				want := strings.NewReplacer(typeNames[d.dialect.String()]...).Replace(m.want)
				opts := d.options()
				opts.Table, opts.Mapping = "accounts", accounts()
				if m.change != nil {
					m.change(opts)
				}
				store, err := sqlstore.New(db, d.dialect, opts)
				if err != nil {
					t.Fatal(err)
				}
				ctx := withTenant(t.Context(), mine)
				_, created := store.Create(ctx, userstore.User{ID: userstore.ExampleUser().ID})
				for name, err := range map[string]error{"Check": store.Check(ctx), "Create": created} {
					if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
						t.Errorf("%s: %v, want %q", name, err, want)
					}
				}
			})
		}
	})
}
