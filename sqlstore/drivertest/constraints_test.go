package drivertest

import (
	"database/sql"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// A host's own constraints, in its own copy of the schema: e-mail addresses and
// phone numbers are unique, the last name is NOT NULL, the gender has a CHECK,
// the country and the locale are foreign keys, the latter deferred where the
// engine can.

// constrained makes the tables, and returns a Store in them.
func (d database) constrained(t *testing.T) (*sqlstore.Store, *sql.DB) {
	t.Helper()
	p := d.place(t)
	if d.dialect.String() == "SQLite" {
		p.dsn += "&_pragma=foreign_keys(1)"
	}
	db := p.open(t)
	for _, statement := range d.constraints(t) {
		mustExec(t, db, statement)
	}
	return d.store(t, db), db
}

func (d database) constraints(t *testing.T) []string {
	t.Helper()
	migrations, err := sqlstore.Migrations(d.dialect, nil)
	require.NoError(t, err)
	users := strings.TrimSuffix(strings.TrimSpace(migrations[0].SQL), ";")
	key, deferred, prefix := "VARCHAR(35)", " DEFERRABLE INITIALLY DEFERRED", ""
	if d.name == "MariaDB" || d.name == "MySQL" {
		key, deferred, prefix = key+" CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", "", "(64)"
	}
	if d.dialect.String() == "SQLite" {
		key = "TEXT" // the table is STRICT
	}
	for column, definition := range map[string]string{
		"last_name": "$1 NOT NULL",
		"country":   key,
		"locale":    key,
	} {
		users = replaced(t, users, `(?m)^\s*`+column+`\s+(\w+)`, column+" "+definition)
	}
	users = replaced(t, users, `(?m)^(\s*zone_info\s.*)$`, "$1,\n"+strings.Join([]string{
		"CONSTRAINT users_gender_check CHECK (gender IN ('male', 'female', 'other'))",
		"CONSTRAINT users_country_fkey FOREIGN KEY (country) REFERENCES countries (code)",
		"CONSTRAINT users_locale_fkey FOREIGN KEY (locale) REFERENCES languages (tag)" + deferred,
	}, ",\n"))
	return []string{
		"CREATE TABLE countries (code " + key + " NOT NULL PRIMARY KEY)",
		"CREATE TABLE languages (tag " + key + " NOT NULL PRIMARY KEY)",
		"INSERT INTO countries (code) VALUES ('DE'), ('AT')",
		"INSERT INTO languages (tag) VALUES ('de-DE'), ('de-AT')",
		users,
		"CREATE UNIQUE INDEX users_email_key ON users (email)",
		"CREATE UNIQUE INDEX u1 ON users (phone_number" + prefix + ")",
	}
}

func replaced(t *testing.T, text, pattern, with string) string {
	t.Helper()
	r := regexp.MustCompile(pattern)
	if len(r.FindAllString(text, -1)) != 1 {
		t.Fatalf("%s does not match once", pattern)
	}
	return r.ReplaceAllString(text, with)
}

// constraintUser obeys the constraints. Its values are names of columns, which
// must not be taken for them.
func constraintUser(email, phoneNumber string) userstore.User {
	return userstore.User{ID: uuid.New(), Attributes: values{
		"/email": email, "/phoneNumber": phoneNumber, "/firstName": "email", "/lastName": "region, id", "/gender": "other", "/locale": "de-DE",
		"/address/country": "DE", "/address/street": "u1 zone_info locality", "/zoneInfo": "Key (picture_url)=(x)",
	}.attributes()}
}
