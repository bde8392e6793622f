package drivertest

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// A host's own table: its key is a number, its columns have other names, a column of
// its own has a value always, and there are tenants and soft deletes.
const accountsTable = `CREATE TABLE accounts (
	id         {serial},
	plan       {short} NOT NULL DEFAULT 'free',
	tenant_id  BIGINT NOT NULL,
	uuid       {uuid} NOT NULL,
	created    {time} NOT NULL,
	deleted_at {time},
	given_name {text}, {q}order{q} {text}, mail {short}, phone_number {short}, picture_url {text}, gender {text}, birth_date {text},
	{q}countryCode{q} {text}, locality {text}, street {text}, {q}houseNo{q} {text}, {q}houseNoIsNumber{q} {bool} NOT NULL DEFAULT {false},
	additional_address_link {text}, region {text}, zip {text}, zip_is_number {bool} NOT NULL DEFAULT {false}, locale {text}, zone_info {text},
	CONSTRAINT one_uuid UNIQUE (tenant_id, uuid)
)`

var accountTypes = map[string][]string{
	"SQLite":     {"serial", "INTEGER PRIMARY KEY", "uuid", "CHAR(36)", "time", "DATETIME", "text", "TEXT", "short", "VARCHAR(1024)", "bool", "BOOLEAN", "false", "0", "q", `"`},
	"PostgreSQL": {"serial", "bigserial PRIMARY KEY", "uuid", "uuid", "time", "timestamptz", "text", "text", "short", "varchar(1024)", "bool", "boolean", "false", "false", "q", `"`},
	"MariaDB":    mySQLAccountTypes,
	"MySQL":      mySQLAccountTypes,
}

var mySQLAccountTypes = []string{
	"serial", "BIGINT AUTO_INCREMENT PRIMARY KEY", "uuid", "CHAR(36) CHARACTER SET ascii", "time", "DATETIME(6)", "text", "TEXT", "short", "VARCHAR(500)",
	"bool", "BOOLEAN", "false", "FALSE", "q", "`",
}

// fill returns the statement for the engine.
func (d database) fill(statement string) string {
	var pairs []string
	for i, part := range accountTypes[d.dialect.String()] {
		if i%2 == 0 {
			part = "{" + part + "}"
		}
		pairs = append(pairs, part)
	}
	return strings.NewReplacer(pairs...).Replace(statement)
}

func (d database) mustFill(t testing.TB, db *sql.DB, statements ...string) {
	t.Helper()
	for _, s := range statements {
		mustExec(t, db, d.fill(s))
	}
}

// accounts is the mapping of that table. The tenant is the context's.
func accounts() *sqlstore.Mapping {
	return &sqlstore.Mapping{
		ID: "uuid", CreatedAt: "created",
		Columns: map[string]string{
			"/firstName": "given_name", "/lastName": "order", "/email": "mail",
			"/address/country": "countryCode", "/address/houseNo": "houseNo", "/address/postalCode": "zip",
		},
		IsNumber: map[string]string{"/address/houseNo": "houseNoIsNumber", "/address/postalCode": "zip_is_number"},
		Where:    []sqlstore.Condition{{Column: "tenant_id", Value: tenantOf}, {Column: "deleted_at"}},
	}
}

type tenantKey struct{}

var errNoTenant = errors.New("no tenant")

func withTenant(ctx context.Context, tenant int64) context.Context {
	return context.WithValue(ctx, tenantKey{}, tenant)
}

func tenantOf(ctx context.Context) (any, error) {
	tenant, ok := ctx.Value(tenantKey{}).(int64)
	if !ok {
		return nil, errNoTenant
	}
	return tenant, nil
}

// mapped returns a Store in the table accounts.
func (d database) mapped(t testing.TB, db *sql.DB, m *sqlstore.Mapping) *sqlstore.Store {
	t.Helper()
	opts := d.options()
	opts.Table, opts.Mapping = "accounts", m
	store, err := sqlstore.New(db, d.dialect, opts)
	require.NoError(t, err)
	return store
}

// perTenant is a Store whose calls are those of one tenant.
type perTenant struct {
	*sqlstore.Store
	tenant int64
}

func (s perTenant) Get(ctx context.Context, id uuid.UUID) (userstore.User, error) {
	return s.Store.Get(withTenant(ctx, s.tenant), id)
}

func (s perTenant) Patch(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	return s.Store.Patch(withTenant(ctx, s.tenant), id, patch)
}
