package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// A valueProbe is how the engine is asked what became of a value.
type valueProbe struct {
	timeType, textType string // to cast to
	// measure is an expression that counts the characters, and where that tells
	// more the bytes, of the text v.
	measure  string
	measured func(string) string // the answer, for a text that is unchanged
}

func characters(s string) string { return strconv.Itoa(utf8.RuneCountInString(s)) }

func charactersAndBytes(s string) string { return fmt.Sprintf("%s %d", characters(s), len(s)) }

// probeText has whatever a setting may change: several scripts, up to four bytes
// a character, a decomposed one, quotes, backslashes, and spaces at both ends.
const probeText = " Zoë Ωμέγα Ж 山田 🙂 e\u0301 ' '' \" ` \\ \\' \\n % _ $1 ? "

// probe is a user that cannot exist, and bareProbe the same with nothing that a
// constraint may refuse.
var (
	probe = userstore.User{CreatedAt: bareProbe.CreatedAt, Attributes: userstore.Attributes{
		FirstName: userstore.Value(""),
		LastName:  userstore.Value(probeText),
		Address: userstore.Value(userstore.Address{
			HouseNo:    userstore.Value(userstore.Int(18)),
			PostalCode: userstore.Value(userstore.Text("01067")),
		}),
	}}
	bareProbe = userstore.User{CreatedAt: time.Unix(0, 123456000).UTC()}
)

// checkValues sends values and has them sent back, without the table: that needs
// no right, and no constraint is in the way.
func (s *Store) checkValues(ctx context.Context, conn *sql.Conn) error {
	for _, text := range []string{"", probeText} {
		if err := s.checkEcho(ctx, conn, text); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) checkEcho(ctx context.Context, conn *sql.Conn, text string) error {
	var created instant
	var echo, measured sql.Null[string]
	err := conn.QueryRowContext(ctx, s.texts.echo, probe.CreatedAt.Format(s.dialect.layout), text).Scan(&created, &echo, &measured)
	_, noTime := errors.AsType[*corruptError](err)
	switch {
	case noTime, err == nil && !time.Time(created).Equal(probe.CreatedAt):
		return setupErrorf("times do not arrive as they are sent: a setting changes them, or something in between does")
	case err != nil:
		return err
	case echo != (sql.Null[string]{V: text, Valid: true}), measured.V != s.dialect.values.measured(text):
		return setupErrorf("texts do not arrive as they are sent (one that is empty, or has several scripts, quotes and backslashes): the character sets of the client and the server differ, a setting changes texts, or something in between does")
	}
	return nil
}

// checkRow inserts a probe and takes that back. Where it is refused, by a
// constraint or for want of a right, transactions are at least obeyed.
func (s *Store) checkRow(ctx context.Context, conn *sql.Conn) error {
	err := s.tryRow(ctx, conn, probe)
	if s.isRefusal(err) {
		err = s.tryRow(ctx, conn, bareProbe)
	}
	switch {
	case s.isRefusal(err):
		return nil
	case err != nil && s.dialect.diagnose(err).verdict == duplicate:
		err = nil // left behind by an earlier check
	case err != nil && !isAnswer(err):
		return err
	}
	return cmp.Or(s.noProbe(ctx, conn), err)
}

func (s *Store) isRefusal(err error) bool {
	if err == nil || isAnswer(err) || s.dialect.diagnose(err).note == crossed {
		return false
	}
	v := s.dialect.diagnose(err).verdict
	return v == refused || v == failed || v == unsure
}

// tryRow inserts the user, looks at the row, and takes it back.
func (s *Store) tryRow(ctx context.Context, conn *sql.Conn, user userstore.User) error {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, s.texts.insert, insertion(user, s.dialect.layout)...)
	switch {
	case err == nil:
		err = s.checkInserted(ctx, tx, user)
	case s.dialect.readOnly != nil && s.dialect.readOnly(err):
		err = setupErrorf("the database cannot be written: it was opened read-only (mode=ro, immutable, query_only), or the file, or its directory, is read-only")
	}
	if undo := tx.Rollback(); undo != nil {
		return errDropped{errors.Join(err, undo)}
	}
	return err
}

func (s *Store) checkInserted(ctx context.Context, tx *sql.Tx, user userstore.User) error {
	if !s.opts.AllowRewrites {
		if err := s.holds(ctx, tx, user); err != nil {
			return err
		}
	}
	return s.freesReader(ctx)
}

// holds reports whether the table holds the user as sent.
func (s *Store) holds(ctx context.Context, tx *sql.Tx, user userstore.User) error {
	set, args := assignments(user.ID, user.Attributes.Scalars())
	got, err := readAnswer(tx.QueryRowContext(ctx, s.texts.get, user.ID.String()), question{set, args})
	if err == nil && !got.CreatedAt.Equal(user.CreatedAt) {
		err = &mismatchError{columns: []string{"created_at"}}
	}
	const advice = "a trigger, or a column's type or character set, does that (see Options.AllowRewrites)"
	if mismatch, ok := errors.AsType[*mismatchError](err); ok {
		return setupErrorf("what is inserted into the table %s %v: %s", s.name, mismatch, advice)
	}
	if errors.Is(err, userstore.ErrNotFound) {
		return setupErrorf("what is inserted into the table %s is not there: %s", s.name, advice)
	}
	if text, ok := user.Attributes.LastName.Get(); ok && err == nil {
		return s.keeps(ctx, tx, user.ID, text)
	}
	return err
}

// keeps has the database measure the text in last_name.
func (s *Store) keeps(ctx context.Context, tx *sql.Tx, id uuid.UUID, text string) error {
	var measured sql.Null[string]
	if err := tx.QueryRowContext(ctx, s.texts.measure, id.String()).Scan(&measured); err != nil {
		return err
	}
	if measured.V != s.dialect.values.measured(text) {
		return setupErrorf("the table %s keeps other characters than are sent: look at the character sets of its columns", s.name)
	}
	return nil
}

// readerPatience is for how long a reader may wait that should not have to.
const readerPatience = 5 * time.Second

// freesReader reads on another connection while the row is not committed: with a
// shared cache SQLite answers SQLITE_LOCKED, or the driver waits for the writer.
func (s *Store) freesReader(ctx context.Context) error {
	if !s.dialect.twoConns {
		return nil
	}
	return s.onSecond(ctx, func(ctx context.Context, second *sql.Conn) error {
		patient, cancel := context.WithTimeout(ctx, readerPatience)
		defer cancel()
		_, err := read(second.QueryRowContext(patient, s.texts.get, probe.ID.String()))
		if errors.Is(err, userstore.ErrNotFound) {
			return nil
		}
		if v := s.dialect.diagnose(err).verdict; err == nil || v == conflict || v == waited || patient.Err() != nil && ctx.Err() == nil {
			return setupErrorf("a reader sees what is not committed, or has to wait for the writer: open the database without cache=shared")
		}
		return err
	})
}

// noProbe reports the probe if it is there, and removes it.
func (s *Store) noProbe(ctx context.Context, conn *sql.Conn) error {
	_, err := read(conn.QueryRowContext(ctx, s.texts.get, probe.ID.String()))
	if errors.Is(err, userstore.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, s.texts.delete, probe.ID.String()); err != nil {
		return err
	}
	return setupErrorf("a transaction that was rolled back has left its row in the table %s: the driver, or the table's storage engine, does not keep transactions", s.name)
}
