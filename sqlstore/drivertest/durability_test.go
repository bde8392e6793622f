package drivertest

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/sqlstore/drivertest/engine"
	"github.com/userrecord/userrecord/userstore"
)

// A lossy database would lose acknowledged patches, or is no place for them at
// all.
type lossy struct {
	name       string
	before     []string // statements before the table is there
	do, undo   []string // around the check
	setting    string   // of the server that these switch off and on, once it has read its files
	want       string   // of the error
	acceptable bool     // by AcceptDataLoss
}

var lossyPostgreSQL = []lossy{
	{"fsync", nil, []string{"ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()"}, []string{"ALTER SYSTEM RESET fsync", "SELECT pg_reload_conf()"}, "fsync", "fsync must be on", true},
	{"synchronous_commit of the database", nil, []string{"DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET synchronous_commit = off'; END $$"}, nil, "", "synchronous_commit must not be off", true},
	{"UNLOGGED", nil, []string{"ALTER TABLE users SET UNLOGGED"}, nil, "", "UNLOGGED", true},
	{"an UNLOGGED partition", nil, []string{
		"ALTER TABLE users RENAME TO part", "CREATE TABLE users (LIKE part) PARTITION BY HASH (id)", "ALTER TABLE part SET UNLOGGED",
		"ALTER TABLE users ATTACH PARTITION part FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
	}, nil, "", "UNLOGGED", true},
	{"an UNLOGGED heir", nil, []string{"CREATE TABLE child () INHERITS (users)", "CREATE UNLOGGED TABLE grandchild () INHERITS (child)"}, nil, "", "UNLOGGED", true},
}

var lossyMariaDB = []lossy{
	{"flushed never", nil, []string{"SET GLOBAL innodb_flush_log_at_trx_commit = 0"}, []string{"SET GLOBAL innodb_flush_log_at_trx_commit = 1"}, "", "innodb_flush_log_at_trx_commit must be 1", true},
	{"flushed later", nil, []string{"SET GLOBAL innodb_flush_log_at_trx_commit = 2"}, []string{"SET GLOBAL innodb_flush_log_at_trx_commit = 1"}, "", "innodb_flush_log_at_trx_commit must be 1", true},
	{"binary log", nil, []string{"SET GLOBAL sync_binlog = 0"}, []string{"SET GLOBAL sync_binlog = 1"}, "", "sync_binlog must be 1", true},
	{"completion_type", nil, []string{"SET GLOBAL completion_type = CHAIN"}, []string{"SET GLOBAL completion_type = NO_CHAIN"}, "", "completion_type", false},
	{"MEMORY", nil, []string{"DROP TABLE users", "CREATE TABLE users (id CHAR(36) PRIMARY KEY" + varchars + ") ENGINE=MEMORY"}, nil, "", "storage engine InnoDB", false},
	{"Aria", nil, []string{"ALTER TABLE users ENGINE=Aria"}, nil, "", "storage engine InnoDB", false},
}

// varchars are the columns in types that the engine MEMORY has.
var varchars = func() string {
	b := ", created_at DATETIME(6), house_no_is_number BOOLEAN, postal_code_is_number BOOLEAN"
	for _, name := range strings.Split("first_name last_name email phone_number picture_url gender birth_date country locality street house_no additional_address_link region postal_code locale zone_info", " ") {
		b += ", " + name + " VARCHAR(200)"
	}
	return b
}()

// What would lose patches is refused by a text that names it, unless the host
// accepts that; and the same server without it is not.
func TestLossyDatabases(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		database
		start   func(testing.TB, ...engine.Option) *engine.Server
		options []engine.Option
		cases   []lossy
	}{
		{databases[2], engine.PostgreSQL, nil, lossyPostgreSQL},
		{databases[3], engine.MariaDB, []engine.Option{engine.Setting("log-bin", "binary"), engine.Setting("sync-binlog", "1")}, lossyMariaDB},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := tt.start(t, tt.options...)
			server.RequireOwn(t)
			for _, c := range tt.cases {
				t.Run(c.name, func(t *testing.T) { c.check(t, tt.dialect, server.NewDatabase(t)) })
			}
		})
	}
}

func (c lossy) check(t *testing.T, dialect sqlstore.Dialect, created engine.Database) {
	strict := database{dialect: dialect}
	admin := created.Open(t)
	require.NoError(t, strict.migrated(t, admin).Check(t.Context()), "before")
	for _, statement := range c.do {
		mustExec(t, admin, statement)
	}
	c.awaitSetting(t, created, "off")
	defer func() {
		for _, statement := range c.undo {
			mustExec(t, admin, statement)
		}
		c.awaitSetting(t, created, "on")
	}()
	db := created.Open(t)
	store := strict.store(t, db)
	_, made := store.Create(t.Context(), userstore.ExampleUser())
	for name, err := range map[string]error{"Migrate": store.Migrate(t.Context()), "Check": store.Check(t.Context()), "Create": made} {
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := (database{dialect: dialect, fast: true}).store(t, db).Check(t.Context()); (err == nil) != c.acceptable {
		t.Errorf("accepted: %v", err)
	}
}

// awaitSetting waits until new sessions have the setting.
func (c lossy) awaitSetting(t *testing.T, created engine.Database, want string) {
	t.Helper()
	if c.setting == "" {
		return
	}
	db, got := created.Open(t), ""
	db.SetMaxIdleConns(0)
	for deadline := time.Now().Add(childPatience); got != want; time.Sleep(5 * time.Millisecond) {
		require.NoError(t, db.QueryRowContext(t.Context(), "SHOW "+c.setting).Scan(&got))
		if time.Now().After(deadline) {
			t.Fatalf("%s is %s, want %s", c.setting, got, want)
		}
	}
}

// The questions about a table find one in a schema, too.
func TestQualifiedTable(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		db := d.open(t)
		schema := map[string]string{"SQLite": "main", "PostgreSQL": "public"}[d.dialect.String()]
		if schema == "" {
			require.NoError(t, db.QueryRowContext(t.Context(), "SELECT DATABASE()").Scan(&schema))
		}
		opts := d.options()
		opts.Table = schema + ".users"
		store, err := sqlstore.New(db, d.dialect, opts)
		require.NoError(t, err)
		wantRoundTrip(t, store)
		wantRoundTrip(t, d.store(t, d.open(t)))
	})
}

// The servers of the other tests keep nothing on disk, and say so.
func TestFastServersAreRefused(t *testing.T) {
	t.Parallel()
	for _, d := range databases[2:] {
		want := map[bool]string{true: "fsync must be on", false: "innodb_flush_method"}[d.name == "PostgreSQL"]
		if err := (database{dialect: d.dialect}).store(t, d.open(t)).Migrate(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", d.name, err)
		}
	}
}

// A pooler hands out connections on which another client has switched off
// synchronous_commit, long after Check. What is acknowledged survives the death of
// the server all the same.
func TestCommitsBehindAForgetfulPooler(t *testing.T) {
	t.Parallel()
	server := engine.PostgreSQL(t, engine.Setting("wal_writer_delay", "10s"))
	server.RequireOwn(t)
	pooler := engine.PgBouncerBefore(t, server, engine.Setting("default_pool_size", "1"))
	created := server.NewDatabase(t)
	created.DSN += "&default_query_exec_mode=exec"
	behind := pooler.Through(t, created)
	store := database{dialect: sqlstore.PostgreSQL}.migrated(t, behind.Open(t))
	patched := userstore.User{ID: uuid.New(), Attributes: values{"/firstName": "lost"}.attributes()}
	deleted := userstore.User{ID: uuid.New()}
	create(t, store, &patched, &deleted)
	mustExec(t, behind.Open(t), "SET synchronous_commit = off") // another client
	if !isAsynchronous(t, behind.Open(t)) {
		t.Fatal("the pooler does not hand out the setting: this test has nothing to say")
	}
	added := userstore.User{ID: uuid.New()}
	for _, write := range []func(){
		func() { create(t, store, &added) },
		func() { mustPatch(t, store, patched, values{"/firstName": "kept"}.attributes()) },
		func() {
			if err := store.Delete(t.Context(), deleted.ID); err != nil {
				t.Fatal(err)
			}
		},
	} {
		write()
		require.NoError(t, server.Kill())
		require.NoError(t, server.Start())
		mustExecPatiently(t, behind.Open(t), "SET synchronous_commit = off")
	}
	patched.Attributes = patched.Attributes.Merge(values{"/firstName": "kept"}.attributes())
	wantUser(t, store, patched)
	wantUser(t, store, added)
	_, err := store.Get(t.Context(), deleted.ID)
	require.Error(t, err, "the deleted user came back")
}

func isAsynchronous(t *testing.T, db *sql.DB) bool {
	t.Helper()
	var value string
	require.NoError(t, db.QueryRowContext(t.Context(), "SHOW synchronous_commit").Scan(&value))
	return value == "off"
}

// mustExecPatiently tries again, as a pooler needs a moment to find its server
// again.
func mustExecPatiently(t *testing.T, db *sql.DB, statement string) {
	t.Helper()
	var err error
	for range 200 {
		if _, err = db.ExecContext(t.Context(), statement); err == nil {
			return
		}
	}
	t.Fatal(fmt.Errorf("%s: %w", statement, err))
}
