package main

import (
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/userstore"
)

func TestImportErrors(t *testing.T) {
	t.Parallel()
	user := func(attributes string) string {
		return `{"id":"` + id(1) + `","attributes":{` + attributes + `},"createdAt":"2021-09-01T23:12:56Z"}`
	}
	const notJSON = "it is not one JSON value in UTF-8, as byte "
	file := filepath.Join(t.TempDir(), "users.db")
	for name, test := range map[string]struct{ line, want string }{
		"text":                  {canary, notJSON + "1 shows"},
		"cut off":               {`{"id":"` + canary, notJSON},
		"two values":            {user(``) + ` {}`, notJSON},
		"byte order mark":       {"\ufeff" + user(``), notJSON + "1 shows"},
		"Latin-1":               {user(`"firstName":"` + canary + "\xe9" + `"`), notJSON},
		"lone surrogate":        {user(`"firstName":"` + canary + `\ud800"`), notJSON},
		"array":                 {`["` + canary + `"]`, "the line has the wrong type or form"},
		"null":                  {`null`, "userstore: invalid user: it has no id"},
		"unknown name":          {`{"id":"` + id(1) + `","email":"` + canary + `"}`, "/email is an unknown name"},
		"unknown attribute":     {user(`"nick":"` + canary + `"`), "/attributes/nick is an unknown name"},
		"createdAt inside":      {user(`"createdAt":"` + canary + `"`), "/attributes/createdAt is an unknown name"},
		"unknown in address":    {user(`"address":{"zip":"` + canary + `"}`), "/attributes/address/zip is an unknown name"},
		"other case":            {user(`"Email":"` + canary + `"`), "/attributes/Email is an unknown name"},
		"other case in address": {user(`"address":{"Country":"DE"}`), "/attributes/address/Country is an unknown name"},
		"odd name":              {user(`"\u001b\n":"` + canary + `"`), `/attributes/\x1b\n is an unknown name`},
		"long name":             {user(`"` + strings.Repeat("n", 1000) + `":1`), strings.Repeat("n", maxPointer-len("/attributes/")) + "... is an unknown name"},
		"duplicate":             {user(`"email":"a@b","email":"` + canary + `"`), "/attributes/email appears twice"},
		"duplicate id":          {`{"id":"` + id(1) + `","id":"` + canary + `"}`, "/id appears twice"},
		"duplicate in address":  {user(`"address":{"street":"a","street":"` + canary + `"}`), "/attributes/address/street appears twice"},
		"number":                {user(`"firstName":81543`), "/attributes/firstName has the wrong type or form"},
		"address a text":        {user(`"address":"` + canary + `"`), "/attributes/address has the wrong type or form"},
		"fraction":              {user(`"address":{"houseNo":81543.5}`), "/attributes/address/houseNo has the wrong type or form"},
		"large number":          {user(`"address":{"postalCode":90071992547409921}`), "/attributes/address/postalCode has the wrong type or form"},
		"no id":                 {`{"attributes":{"firstName":"` + canary + `"}}`, "userstore: invalid user: it has no id"},
		"nil id":                {`{"id":"00000000-0000-0000-0000-000000000000"}`, "userstore: invalid user: it has no id"},
		"id in another form":    {`{"id":"urn:uuid:` + id(1) + `"}`, "/id has the wrong type or form"},
		"id no UUID":            {`{"id":"` + canary + `"}`, "/id has the wrong type or form"},
		"id a number":           {`{"id":81543}`, "/id has the wrong type or form"},
		"time":                  {`{"id":"` + id(1) + `","createdAt":"` + canary + `"}`, "/createdAt has the wrong type or form"},
		"impossible time":       {`{"id":"` + id(1) + `","createdAt":"2021-02-30T00:00:00Z"}`, "/createdAt has the wrong type or form"},
		"year 0":                {`{"id":"` + id(1) + `","createdAt":"0000-02-03T00:00:00Z"}`, "createdAt is not in the years 1 to 9999"},
		"format":                {user(`"email":"` + canary + `"`), "/email must be one e-mail address (RFC 5322 addr-spec, or as a browser's e-mail field takes it)"},
		"two formats":           {user(`"email":"` + canary + `","gender":"` + canary + `"`), "e-mail address (RFC 5322 addr-spec, or as a browser's e-mail field takes it); /gender must be male"},
		"control character":     {user(`"firstName":"` + canary + `\u0000"`), "/firstName must not contain the control character U+0000"},
		"long value":            {user(`"firstName":"` + strings.Repeat(canary, 1000) + `"`), "/firstName must not be longer than 1024 code points"},
		"long line":             {user(`"firstName":"` + strings.Repeat(canary, maxLine) + `"`), "it is longer than 1048576 bytes"},
		"taken in the file":     {user(``) + "\n" + user(`"firstName":"`+canary+`"`), "line 4: the id is taken (use -existing skip or replace to go on)"},
		"taken in capitals":     {`{"id":"` + id(0xabc) + `"}` + "\n" + `{"id":"` + strings.ToUpper(id(0xabc)) + `"}`, "line 4: the id is taken"},
	} {
		t.Run(name, func(t *testing.T) {
			got := importLines(t, file, `{"id":"`+id(7)+`"}`+"\n\n"+test.line+"\n")
			line := "line 3: "
			if strings.HasPrefix(test.want, "line ") {
				line = ""
			}
			got.expect(t, exitFailure, "imported 0 users in ")
			if _, text, _ := strings.Cut(got.stderr, "\n"); !strings.HasPrefix(text, "userserver import: "+line) || !strings.Contains(text, test.want) || strings.Count(text, "\n") != 1 {
				t.Errorf("stderr = %q, want %q in one line", got.stderr, line+test.want)
			}
			if strings.Contains(got.stderr, canary) || strings.Contains(got.stderr, "81543") || got.stdout != "" {
				t.Errorf("it shows too much: %+v", got)
			}
			if left := exportLines(t, file); left != "" {
				t.Errorf("of a batch with an error, this was imported: %s", left)
			}
		})
	}
}

// An import stops at an error and tells the line.
func TestImportStopsAtABatch(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "users.db")
	lines := manyUsers(2500)
	bad := strings.Replace(lines, `"Jane 2200"`, "2200", 1)
	got := importLines(t, file, bad)
	got.expect(t, exitFailure, "imported 2000 users, all up to line 2000, in ")
	got.expect(t, exitFailure, "\nuserserver import: line 2200: /attributes/firstName has the wrong type or form\n")
	if left := exportLines(t, file); left != manyUsers(2000) {
		t.Errorf("%d users were imported, want the first 2000", strings.Count(left, "\n"))
	}
	importLines(t, file, lines, "-existing", "skip").expect(t, exitOK, "imported 500 users, skipped 2000 in ")
	if exportLines(t, file) != lines {
		t.Error("the export differs")
	}
}

func TestImportExisting(t *testing.T) {
	const second = `{"id":"00000002-0000-4000-8000-000000000000","attributes":{"lastName":"New"},"createdAt":"2021-09-01T00:00:00Z"}` + "\n"
	replaced := strings.Replace(manyUsers(2), manyUsers(2)[len(manyUsers(1)):], second, 1)
	for mode, test := range map[string]struct {
		status     int
		text, want string
	}{
		"fail":    {exitFailure, "line 1: the id is taken", manyUsers(2)},
		"skip":    {exitOK, "imported 1 user, skipped 1 in ", manyUsers(3)},
		"replace": {exitOK, "imported 2 users in ", replaced + manyUsers(3)[len(manyUsers(2)):]},
	} {
		t.Run(mode, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "users.db")
			importLines(t, file, manyUsers(2)).expect(t, exitOK, "imported 2 users")
			lines := second + manyUsers(3)[len(manyUsers(2)):]
			importLines(t, file, lines, "-existing", mode).expect(t, test.status, test.text)
			if got := exportLines(t, file); got != test.want {
				t.Errorf("the database holds\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// Replacing updates the row in place: other data of the host about the user stays.
func TestImportReplacesInPlace(t *testing.T) {
	file, db := sqliteDB(t)
	execute(t, db, "ALTER TABLE users ADD COLUMN points INTEGER NOT NULL DEFAULT 7")
	execute(t, db, "UPDATE users SET points = 42")
	execute(t, db, "CREATE TABLE orders (user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE)")
	execute(t, db, "INSERT INTO orders (user_id) SELECT id FROM users")
	// SQLite cascades only in connections that ask for it; a trigger always does.
	execute(t, db, "CREATE TRIGGER cascade AFTER DELETE ON users BEGIN DELETE FROM orders WHERE user_id = OLD.id; END")
	var before string
	require.NoError(t, db.QueryRow("SELECT created_at FROM users WHERE id = '"+secondID+"'").Scan(&before))
	lines := `{"id":"` + secondID + `","attributes":{"lastName":"New"}}` + "\n" + `{"id":"` + exampleID + `","createdAt":"2021-09-01T00:00:00Z"}`
	importLines(t, file, lines, "-existing", "replace").expect(t, exitOK, "imported 2 users in ")
	var got [5]string
	row := db.QueryRow("SELECT (SELECT count(*) FROM orders), (SELECT group_concat(points) FROM users), last_name, coalesce(first_name, 'none'), created_at FROM users WHERE id = '" + secondID + "'")
	require.NoError(t, row.Scan(&got[0], &got[1], &got[2], &got[3], &got[4]))
	if diff := cmp.Diff([5]string{"2", "42,42", "New", "none", before}, got); diff != "" {
		t.Errorf("orders, points, names and createdAt (-want +got):\n%s", diff)
	}
	if all := exportLines(t, file); !strings.Contains(all, `{"id":"`+exampleID+`","attributes":{},"createdAt":"2021-09-01T00:00:00Z"}`) {
		t.Errorf("the given createdAt is not kept: %s", all)
	}
	execute(t, db, "CREATE UNIQUE INDEX one_name ON users (last_name)")
	other := `{"id":"` + exampleID + `","attributes":{"lastName":"New"}}`
	importLines(t, file, other, "-existing", "replace").expect(t, exitFailure, "userserver import: line 1: ")
	if all := exportLines(t, file); strings.Count(all, "\n") != 2 || strings.Count(all, `"New"`) != 1 {
		t.Errorf("the database holds %s", all)
	}
}

// A server that patches at the same time waits for the import. (As "skip" reads before
// it writes, a deferred transaction would fail instead.)
func TestTransactionsReadBeforeTheyWrite(t *testing.T) {
	file, other := sqliteDB(t)
	s, err := openExisting(t.Context(), sqliteFile(file), slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	defer s.close()
	tx, err := s.db.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	defer tx.Rollback()
	in, user := s.store.WithTx(tx), userstore.User{ID: uuid.New()}
	_, err = in.Get(t.Context(), user.ID)
	require.ErrorIs(t, err, userstore.ErrNotFound)
	written := make(chan error, 1)
	go func() { _, err := other.Exec("UPDATE users SET locale = 'fr'"); written <- err }()
	select {
	case err := <-written:
		t.Fatalf("another process wrote between read and write (%v)", err)
	case <-time.After(100 * time.Millisecond):
	}
	if _, err := in.Create(t.Context(), user); err != nil {
		t.Error(err)
	}
	if err := tx.Commit(); err != nil {
		t.Error(err)
	}
	require.NoError(t, <-written, "the other process failed")
}

// The longest values, escaped, need more than the default buffer.
func TestImportLongLine(t *testing.T) {
	file := filepath.Join(t.TempDir(), "users.db")
	long := strings.Repeat(`\ud83d\ude00`, 1024)
	line := `{"id":"` + id(1) + `","attributes":{"firstName":"` + long + `","lastName":"` + long + `","address":{"street":"` + long + `","locality":"` + long + `","region":"` + long + `","postalCode":"` + long + `"}}}`
	if len(line) < 70_000 {
		t.Fatalf("the line has %d bytes", len(line))
	}
	importLines(t, file, line).expect(t, exitOK, "imported 1 user in")
}

func TestImportWithoutFormatCheck(t *testing.T) {
	file := filepath.Join(t.TempDir(), "users.db")
	const old = `{"id":"00000001-0000-4000-8000-000000000000","attributes":{"email":"none","gender":""},"createdAt":"2021-09-01T00:00:00Z"}` + "\n"
	importLines(t, file, old, "-no-format-check").expect(t, exitOK, "imported 1 user in")
	if got := exportLines(t, file); got != old {
		t.Errorf("the database holds %s", got)
	}
	importLines(t, file, strings.Replace(old, "none", canary+`\u0007`, 1), "-no-format-check").expect(t, exitFailure, "/email must not contain the control character U+0007")
}

// The error of a host's constraint has the line, but not the value.
func TestImportAgainstAConstraint(t *testing.T) {
	file, db := sqliteDB(t)
	execute(t, db, "CREATE UNIQUE INDEX one_email ON users (email)")
	lines := strings.ReplaceAll(`{"id":"#1","attributes":{"email":"s3cret@example.com"}}`+"\n"+`{"id":"#2","attributes":{"email":"s3cret@example.com"}}`, "#", id(1)[:35])
	got := importLines(t, file, lines)
	got.expect(t, exitFailure, "userserver import: line 2: ")
	got.expect(t, exitFailure, "/email ")
	if strings.Contains(got.stderr, canary) {
		t.Errorf("it shows a value: %s", got.stderr)
	}
}
