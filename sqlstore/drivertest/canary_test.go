package drivertest

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// kanari is in every value of these tests and nowhere else: where it is seen, a
// value is.
const kanari = "kanari"

// leaks reports whether text holds the canary: as it is, in hexadecimal, or as a
// list of bytes.
func leaks(text string) bool {
	text = strings.ToLower(text)
	forms := []string{kanari, hex.EncodeToString([]byte(kanari)), fmt.Sprintf("% x", kanari), strings.Trim(fmt.Sprint([]byte(kanari)), "[]")}
	return slices.ContainsFunc(forms, func(form string) bool { return strings.Contains(text, form) })
}

// taken looks like the text in which engines quote it.
const taken = `"' for key 'kanari' (email)=(kanari) column 'kanari'"@example.org`

// disasters are patches that fail, with values in all the texts of the engine.
var disasters = []struct {
	name  string
	patch values
}{
	{"unique", values{"/email": taken}},
	{"unique by an odd name", values{"/phoneNumber": "kanari-phone"}},
	{"CHECK", values{"/gender": "kanari-gender"}},
	{"foreign key", values{"/address/country": "kanari"}},
	{"deferred foreign key", values{"/locale": "kanari"}},
	{"too long", values{"/address/country": strings.Repeat("kanari", 10)}},
	{"trigger", values{"/address/region": "kanari-raise"}},
	{"no place", values{"/firstName": strings.Repeat("kanari", 1000)}},
	{"control character", values{"/firstName": "kanari\x00"}},
}

// raising is a trigger of the host that shows a value in its error.
var raising = map[string][]string{
	"SQLite": {`CREATE TRIGGER raising BEFORE UPDATE ON users WHEN NEW.region = 'kanari-raise' BEGIN SELECT RAISE(ABORT, 'NEW.email: ' || NEW.email); END`},
	"PostgreSQL": {
		`CREATE FUNCTION raising() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.region = 'kanari-raise' THEN RAISE EXCEPTION 'email: %', NEW.email USING DETAIL = 'Key (kanari)=(kanari)', HINT = NEW.email; END IF; RETURN NEW; END $$`,
		`CREATE TRIGGER raising BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION raising()`,
	},
	"MariaDB": mySQLRaising,
	"MySQL":   mySQLRaising,
}

var mySQLRaising = []string{`CREATE TRIGGER raising BEFORE UPDATE ON users FOR EACH ROW BEGIN
	DECLARE m VARCHAR(128);
	IF NEW.region = 'kanari-raise' THEN SET m = CONCAT("column '", NEW.email, "'"); SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = m; END IF;
END`}

// No value of a user is in the text of an error, in a log of it, in the
// handler's log or in its answer.
func TestNoCanaryEscapes(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, d database) {
		store, db := d.constrained(t)
		for _, statement := range raising[d.dialect.String()] {
			mustExec(t, db, statement)
		}
		first, second := constraintUser(taken, "kanari-phone"), constraintUser("kanari@example.org", "kanari")
		create(t, store, &first, &second)
		seen := 0
		for _, disaster := range disasters {
			t.Run(disaster.name, func(t *testing.T) {
				patch := disaster.patch.attributes()
				_, err := store.Patch(t.Context(), second.ID, patch)
				wantSilent(t, err)
				seen += speaking(err)
				_, err = store.Create(t.Context(), userstore.User{ID: first.ID, Attributes: second.Attributes.Merge(patch)})
				wantSilent(t, err)
				wantSilentTx(t, db, store, second, patch)
				wantSilentHandler(t, store, second, patch)
			})
		}
		t.Run("corrupt", func(t *testing.T) {
			mustExec(t, db, "UPDATE users SET house_no = 'kanari', house_no_is_number = '1'")
			_, err := store.Get(t.Context(), first.ID)
			wantSilent(t, err)
			wantSilentHandler(t, store, first, userstore.Attributes{})
		})
		t.Run("closed", func(t *testing.T) {
			db.Close()
			store, err := sqlstore.New(db, d.dialect, &sqlstore.Options{MaxRetries: -1, AcceptDataLoss: true})
			require.NoError(t, err)
			_, err = store.Patch(t.Context(), second.ID, second.Attributes)
			wantSilent(t, err)
			wantSilentHandler(t, store, second, second.Attributes)
		})
		if seen == 0 {
			t.Error("no error of the driver holds a value: nothing is shown")
		}
	})
}

// speaking tells whether an error of the driver, below err, holds the canary.
func speaking(err error) int {
	for _, e := range below(err) {
		if leaks(e.Error()) {
			return 1
		}
	}
	return 0
}

func below(err error) (all []error) {
	if one := errors.Unwrap(err); one != nil {
		return append(below(one), one)
	}
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		for _, one := range many.Unwrap() {
			all = append(append(all, one), below(one)...)
		}
	}
	return all
}

// wantSilent formats the error in every way.
func wantSilent(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		t.Error("no error")
		return
	}
	var texts strings.Builder
	for _, e := range []error{err, fmt.Errorf("x: %w", err), errors.Join(err, err)} {
		for _, verb := range "vsdqxXtTcUbeEfFgGoO" {
			for _, flag := range []string{"", "+", "#", "-", " ", "0", "5.3", "+#"} {
				fmt.Fprintf(&texts, "%"+flag+string(verb)+"\n", e)
			}
		}
		for _, logger := range loggers(&texts) {
			logger.Error(e.Error(), "error", e, slog.Any("errors", []error{e}))
		}
	}
	for line := range strings.Lines(texts.String()) {
		if leaks(line) {
			t.Errorf("a value is shown: %s", line)
			return
		}
	}
}

func loggers(w io.Writer) []*slog.Logger {
	opts := &slog.HandlerOptions{Level: slog.LevelDebug, AddSource: true}
	return []*slog.Logger{slog.New(slog.NewTextHandler(w, opts)), slog.New(slog.NewJSONHandler(w, opts))}
}

func wantSilentTx(t *testing.T, db *sql.DB, store *sqlstore.Store, user userstore.User, patch userstore.Attributes) {
	t.Helper()
	tx, err := db.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	defer tx.Rollback()
	_, err = store.WithTx(tx).Patch(t.Context(), user.ID, patch)
	if err == nil {
		return // it would fail at the host's COMMIT
	}
	wantSilent(t, err)
}

func wantSilentHandler(t *testing.T, store userstore.Store, user userstore.User, patch userstore.Attributes) {
	t.Helper()
	text, err := json.Marshal(patch)
	require.NoError(t, err)
	var log bytes.Buffer
	for _, logger := range loggers(&log) {
		answer := httptest.NewRecorder()
		rules := &httphandler.Options{Logger: logger, Validate: func(context.Context, userstore.Attributes) error { return nil }}
		httphandler.New(store, httphandler.InsecureAllowEveryone(), rules).ServeHTTP(answer, patchRequest(user.ID, string(text)))
		if answer.Code != 422 && answer.Code != 501 {
			t.Errorf("the handler answers %d", answer.Code)
		}
		if leaks(answer.Body.String()) {
			t.Errorf("a value is in the answer: %s", answer.Body)
		}
	}
	if leaks(log.String()) || log.Len() == 0 {
		t.Errorf("a value is in the log, or nothing: %s", log.String())
	}
}
