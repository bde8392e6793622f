package drivertest

import (
	"context"
	"database/sql"
	"net/url"
	"strings"
	"testing"

	"github.com/go-sql-driver/mysql"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// A source is a data source name as a host may write it.
type source struct {
	name string
	edit func(dsn string) string
	want string // of the error; "" if it works
}

// sources are those by database.
var sources = map[string][]source{
	"SQLite-modernc": append(sqliteSources, source{"a VFS without locks", with("vfs", "unix-none"), "journal_mode must be WAL"}, source{"memory, without a file", always(":memory:"), "journal_mode must be WAL"}),
	"SQLite-ncruces": append(sqliteSources, source{"memory, without a file", always(":memory:"), "journal_mode must be WAL"}),
	"PostgreSQL": {
		{"simple protocol", with("default_query_exec_mode", "simple_protocol"), ""},
		{"exec", with("default_query_exec_mode", "exec"), ""},
		{"describe", with("default_query_exec_mode", "cache_describe"), ""},
		{"always describe", with("default_query_exec_mode", "describe_exec"), "default_query_exec_mode must not be describe_exec"},
		{"no cache, exec", with("statement_cache_capacity", "0", "description_cache_capacity", "0", "default_query_exec_mode", "exec"), ""},
		{"time zone", with("timezone", "America/New_York", "datestyle", "German"), ""},
		{"German, exec", with("datestyle", "German", "timezone", "Asia/Tokyo", "default_query_exec_mode", "exec"), ""},
		{"German, simple", with("datestyle", "German", "default_query_exec_mode", "simple_protocol"), ""},
		{"Latin 1", with("client_encoding", "LATIN1"), "client_encoding must be UTF8"},
		{"Latin 1, exec", with("client_encoding", "LATIN1", "default_query_exec_mode", "exec"), "client_encoding must be UTF8"},
		{"Latin 1, simple", with("client_encoding", "LATIN1", "default_query_exec_mode", "simple_protocol"), "client_encoding must be UTF8"},
		{"escapes", with("standard_conforming_strings", "off"), ""},
		{"escapes, simple", with("standard_conforming_strings", "off", "default_query_exec_mode", "simple_protocol"), "standard_conforming_strings"},
		{"escapes in bytes", with("bytea_output", "escape", "backslash_quote", "off"), ""},
		{"serializable", with("default_transaction_isolation", "serializable"), ""},
		{"only local", with("synchronous_commit", "local"), ""},
	},
	"MariaDB": mySQLSources,
	"MySQL":   mySQLSources,
}

var sqliteSources = []source{
	{"no WAL", without("journal_mode(WAL)"), "journal_mode must be WAL"},
	{"synchronous NORMAL", replacing("synchronous(FULL)", "synchronous(NORMAL)"), "synchronous must be FULL"},
	{"synchronous EXTRA", replacing("synchronous(FULL)", "synchronous(EXTRA)"), ""},
	{"no waiting", replacing("busy_timeout(5000)", "busy_timeout(0)"), "busy_timeout must be"},
	{"exclusive locking", with("_pragma", "locking_mode(EXCLUSIVE)"), "locking_mode must be NORMAL"},
	{"UTF-16", replacing("_pragma=journal_mode", "_pragma=encoding('UTF-16')&_pragma=journal_mode"), ""},
	{"private cache", with("cache", "private"), ""},
	{"no locks", with("nolock", "1"), "journal_mode must be WAL"},
	{"memory", with("mode", "memory"), "journal_mode must be WAL"},
	{"deferred", with("_txlock", "deferred"), ""},
	{"immediate", with("_txlock", "immediate"), ""},
	{"exclusive", with("_txlock", "exclusive"), ""},
	{"foreign keys", with("_pragma", "foreign_keys(1)"), ""},
}

var mySQLSources = []source{
	{"not strict", withParams("sql_mode", "''"), "sql_mode must hold STRICT_TRANS_TABLES"},
	{"empty is NULL", withParams("sql_mode", "'STRICT_ALL_TABLES,EMPTY_STRING_IS_NULL'"), "EMPTY_STRING_IS_NULL"},
	{"padded", withParams("sql_mode", "'STRICT_ALL_TABLES,PAD_CHAR_TO_FULL_LENGTH'"), ""},
	{"Oracle", withParams("sql_mode", "'ORACLE,STRICT_ALL_TABLES'"), ""},
	{"chained", withParams("completion_type", "'CHAIN'"), "completion_type must be NO_CHAIN"},
	{"released", withParams("completion_type", "'RELEASE'"), "completion_type must be NO_CHAIN"},
	{"ANSI", withParams("sql_mode", "'ANSI,STRICT_ALL_TABLES,NO_BACKSLASH_ESCAPES'"), ""},
	{"no autocommit", withParams("autocommit", "0"), "autocommit must be on"},
	{"latin1", withParams("charset", "latin1"), "character_set_client must be utf8mb4"},
	{"parseTime", withParams("parseTime", "true"), ""},
	{"parseTime, Local", withParams("parseTime", "true", "loc", "Local"), ""},
	{"parseTime, far away", withParams("parseTime", "true", "loc", "Asia/Tokyo"), ""},
	{"time zone", withParams("time_zone", "'+05:30'"), ""},
	{"interpolated", withParams("interpolateParams", "true"), ""},
	{"found rows", withParams("clientFoundRows", "true"), ""},
	{"several statements", withParams("multiStatements", "true"), ""},
	{"serializable", withParams("tx_isolation", "'SERIALIZABLE'"), ""},
	{"read uncommitted", withParams("tx_isolation", "'READ-UNCOMMITTED'"), "must not be READ UNCOMMITTED"},
	{"read committed", withParams("tx_isolation", "'READ-COMMITTED'"), ""},
}

func TestSources(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		for _, s := range sources[d.name] {
			t.Run(s.name, func(t *testing.T) {
				p := d.place(t)
				p.dsn = s.edit(p.dsn)
				store := d.store(t, p.open(t))
				if s.want == "" {
					wantRoundTrip(t, store)
				} else {
					wantRefused(t, store, s.want)
				}
			})
		}
	})
}

// wantRoundTrip checks that what is written is read.
func wantRoundTrip(t *testing.T, store *sqlstore.Store) {
	t.Helper()
	require.NoError(t, store.Migrate(t.Context()))
	user := userstore.ExampleUser()
	user.CreatedAt = user.CreatedAt.Add(123456000) // all that is kept
	create(t, store, &user)
	for _, patch := range []userstore.Attributes{
		values{"/firstName": `𝔍ö' "\%_` + "`;", "/address/houseNo": "18"}.attributes(),
		{Address: userstore.Value(userstore.Address{PostalCode: userstore.Value(userstore.Int(1))}), Email: userstore.Null[string]()},
		{Email: userstore.Null[string]()}, // again
	} {
		user.Attributes = user.Attributes.Merge(patch)
		if got, err := store.Patch(t.Context(), user.ID, patch); err != nil || got != user {
			t.Errorf("got another user, or %v", err)
		}
	}
	wantUser(t, store, user)
	for got, err := range store.All(t.Context()) {
		if err != nil || got != user {
			t.Errorf("got another user, or %v", err)
		}
	}
}

// wantRefused checks that whatever is called first says what is wrong.
func wantRefused(t *testing.T, store *sqlstore.Store, want string) {
	t.Helper()
	user := userstore.ExampleUser()
	migrated := store.Migrate(t.Context())
	_, get := store.Get(t.Context(), user.ID)
	_, made := store.Create(t.Context(), user)
	for name, err := range map[string]error{"Migrate": migrated, "Check": store.Check(t.Context()), "Get": get, "Create": made} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A pool of one connection makes readers wait for the writer.
func TestPoolOfOne(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		db := d.open(t)
		db.SetMaxOpenConns(1)
		store := d.store(t, db)
		if d.dialect.String() == "SQLite" {
			wantRefused(t, store, "two connections or more")
		} else {
			wantRoundTrip(t, store)
		}
	})
}

// A table that keeps no transactions.
func TestMyISAM(t *testing.T) {
	t.Parallel()
	for _, d := range databases[3:] {
		t.Run(d.name, func(t *testing.T) {
			db := d.open(t)
			migrations, err := sqlstore.Migrations(d.dialect, nil)
			require.NoError(t, err)
			mustExec(t, db, replaced(t, migrations[0].SQL, "ENGINE=InnoDB", "ENGINE=MyISAM"))
			store := d.store(t, db)
			_, made := store.Create(t.Context(), userstore.ExampleUser())
			for name, err := range map[string]error{"Check": store.Check(t.Context()), "Create": made} {
				if err == nil || !strings.Contains(err.Error(), "storage engine InnoDB") {
					t.Errorf("%s: %v", name, err)
				}
			}
			if n := queryInt(t, db, "SELECT count(*) FROM users"); n != 0 {
				t.Errorf("%d rows are left", n)
			}
		})
	}
}

// A database in another character set cannot keep every name.
func TestEncoding(t *testing.T) {
	t.Parallel()
	d := databases[2]
	p := d.place(t)
	u, err := url.Parse(p.dsn)
	require.NoError(t, err)
	name := strings.TrimPrefix(u.Path, "/") + "_latin1"
	admin := p.open(t)
	mustExec(t, admin, "CREATE DATABASE "+name+" ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C'")
	u.Path = name
	db, err := sql.Open(p.driver, u.String())
	require.NoError(t, err)
	wantRefused(t, d.store(t, db), "encoding of the database must be UTF8")
	db.Close()
	mustExec(t, admin, "DROP DATABASE "+name)
}

// A driver that shares a cache between connections makes readers wait, which is
// seen before anything is written. (ncruces/go-sqlite3 leaves shared caches out.)
func TestSharedCache(t *testing.T) {
	t.Parallel()
	for name, call := range map[string]func(context.Context, *sqlstore.Store) error{
		"Migrate": func(ctx context.Context, s *sqlstore.Store) error { return s.Migrate(ctx) },
		"Check":   func(ctx context.Context, s *sqlstore.Store) error { return s.Check(ctx) },
		"Create": func(ctx context.Context, s *sqlstore.Store) error {
			_, err := s.Create(ctx, userstore.ExampleUser())
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // the reader waits for seconds
			p := databases[0].place(t)
			if name != "Migrate" {
				databases[0].migrated(t, p.open(t))
			}
			p.dsn += "&cache=shared"
			if err := call(t.Context(), databases[0].store(t, p.open(t))); err == nil || !strings.Contains(err.Error(), "cache=shared") {
				t.Errorf("got %v", err)
			}
		})
	}
}

// A database that cannot be written is refused before the first patch, and can be
// read.
func TestReadOnly(t *testing.T) {
	t.Parallel()
	for _, d := range databases[:2] {
		for name, params := range map[string]string{"mode": "&mode=ro", "pragma": "&_pragma=query_only(1)"} {
			t.Run(d.name+"/"+name, func(t *testing.T) {
				p := d.place(t)
				db := p.open(t)
				user := userstore.ExampleUser()
				create(t, d.migrated(t, db), &user)
				mustExec(t, db, "PRAGMA wal_checkpoint(TRUNCATE)")
				store := d.store(t, place{p.driver, p.dsn + params}.open(t))
				wantUser(t, store, user)
				_, patched := store.Patch(t.Context(), user.ID, user.Attributes)
				for call, err := range map[string]error{"Migrate": store.Migrate(t.Context()), "Check": store.Check(t.Context()), "Patch": patched} {
					if err == nil || !strings.Contains(err.Error(), "read-only") {
						t.Errorf("%s: %v", call, err)
					}
				}
			})
		}
	}
}

func always(dsn string) func(string) string { return func(string) string { return dsn } }

func without(pragma string) func(string) string { return replacing("_pragma="+pragma, "_x=x") }

func replacing(old, new string) func(string) string {
	return func(dsn string) string {
		if !strings.Contains(dsn, old) {
			panic(dsn + " has no " + old)
		}
		return strings.Replace(dsn, old, new, 1)
	}
}

// with adds parameters to a URL.
func with(params ...string) func(string) string {
	return func(dsn string) string {
		base, query, _ := strings.Cut(dsn, "?")
		values, err := url.ParseQuery(query)
		if err != nil {
			panic(err)
		}
		for i := 0; i < len(params); i += 2 {
			values.Add(params[i], params[i+1])
		}
		return base + "?" + values.Encode()
	}
}

// withParams adds parameters to a DSN of go-sql-driver/mysql.
func withParams(params ...string) func(string) string {
	return func(dsn string) string {
		separator := "?"
		if strings.Contains(dsn, separator) {
			separator = "&"
		}
		for i := 0; i < len(params); i += 2 {
			dsn += separator + params[i] + "=" + url.QueryEscape(params[i+1])
			separator = "&"
		}
		if _, err := mysql.ParseDSN(dsn); err != nil {
			panic(err)
		}
		return dsn
	}
}
