package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"
)

// An echo is how the engine sends back a time and a text that it was sent.
type echo struct {
	timeType, textType string // to cast to
	measure            string // expression for the length of the text v: of its characters, and after a space of its bytes
	countsBytes        bool   // measure includes the bytes
}

// lengthOf returns the value of measure for a text that has arrived unchanged.
func (e echo) lengthOf(text string) string {
	characters := strconv.Itoa(utf8.RuneCountInString(text))
	if !e.countsBytes {
		return characters
	}
	return fmt.Sprintf("%s %d", characters, len(text))
}

// probeText holds whatever a setting may change: several scripts, characters of up
// to four bytes, a decomposed one, quotes, backslashes, and spaces at both ends.
const probeText = " Zoë Ωμέγα Ж 山田 🙂 e\u0301 ' '' \" ` \\ \\' \\n % _ $1 ? "

// checkEchoes sends values and has them sent back. It does not touch the table, so
// no right is missing and no constraint is in the way.
func (s *Store) checkEchoes(ctx context.Context, conn *sql.Conn) error {
	for _, text := range []string{"", probeText} {
		if err := s.checkEcho(ctx, conn, text); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) checkEcho(ctx context.Context, conn *sql.Conn, text string) error {
	var created instant
	var echoed, length sql.Null[string]
	err := conn.QueryRowContext(ctx, s.texts.echo, probe.CreatedAt.Format(s.engine.timeLayout), text).Scan(&created, &echoed, &length)
	_, noTime := errors.AsType[*corruptError](err)
	switch {
	case noTime, err == nil && !time.Time(created).Equal(probe.CreatedAt):
		return setupErrorf("times do not arrive as they are sent: a setting changes them, or something in between does")
	case err != nil:
		return err
	case echoed != (sql.Null[string]{V: text, Valid: true}), length.V != s.engine.echo.lengthOf(text):
		return setupErrorf("texts do not arrive as they are sent (one that is empty, or has several scripts, quotes and backslashes): the character sets of the client and the server differ, a setting changes texts, or something in between does")
	}
	return nil
}
