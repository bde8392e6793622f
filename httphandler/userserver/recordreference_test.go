package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// referenceOptions make package json read a line as a recordReader does.
var referenceOptions = json.JoinOptions(
	json.RejectUnknownMembers(true),
	json.WithUnmarshalers(json.JoinUnmarshalers(
		json.UnmarshalFromFunc(func(d *jsontext.Decoder, id *uuid.UUID) error {
			var text string
			err := json.UnmarshalDecode(d, &text)
			if err == nil {
				*id, err = userstore.ParseID(text)
			}
			return err
		}),
		// Instead of UnmarshalJSON of the Optional, which is not strict.
		json.UnmarshalFromFunc(func(d *jsontext.Decoder, address *userstore.Optional[userstore.Address]) error {
			if d.PeekKind() == 'n' {
				return d.SkipValue()
			}
			var value userstore.Address
			err := json.UnmarshalDecode(d, &value)
			*address = userstore.Value(value)
			return err
		}),
	)),
)

func referenceRead(line []byte) (userstore.User, error) {
	var user userstore.User
	if err := json.Unmarshal(line, &user, referenceOptions); err != nil {
		var semantic *json.SemanticError
		if errors.Is(err, json.ErrUnknownName) && errors.As(err, &semantic) {
			return user, faultError{semantic.JSONPointer, unknownName}
		}
		return user, withoutValues(err)
	}
	user.Attributes = userstore.Attributes{}.Merge(user.Attributes)
	return user, nil
}

// compareReads checks that a line is read as package json reads it, with the same
// error.
func compareReads(t *testing.T, reader *recordReader, line string) {
	t.Helper()
	want, wantErr := referenceRead([]byte(line))
	var got userstore.User
	r, err := reader.readUnchecked([]byte(line))
	if err == nil {
		r.user(&got)
	}
	if diff := cmp.Diff(fmt.Sprint(wantErr), fmt.Sprint(err)); diff != "" {
		t.Fatalf("error of %q (-want +got):\n%s", line, diff)
	}
	if wantErr == nil && (got.ID != want.ID || !got.CreatedAt.Equal(want.CreatedAt) || got.Attributes != want.Attributes) {
		t.Fatalf("%q is read differently (-want +got):\n%s", line, cmp.Diff(want, got))
	}
}

// fragments are put into lines, over what is there.
var fragments = []string{
	`"`, `\`, `\"`, `\u0000`, `\ud83d\ude00`, `\ud800`, "\xff", "é", `{`, `}`, `[`, `]`, `,`, `:`, ` `, "\t",
	`null`, `true`, `0`, `-0`, `1.0`, `9007199254740991`, `9007199254740992`, `1e3`, `{}`, `[]`, `""`,
	`"id":`, `"attributes":`, `"createdAt":`, `"address":`, `"houseNo":`, `"postalCode":`, `"firstName":`, `"f\u0069rstName":`, `"Email":`, `"nick":1,`,
	`"address":null,`, `"address":{},`, `"2021-09-01T23:12:56Z"`, `"0000-01-01T00:00:00Z"`, `"lastName":null,`, `"locale":"",`,
}

func FuzzRecordReader(f *testing.F) {
	f.Add(strings.TrimSpace(randomUsers(1)))
	reader := new(recordReader)
	f.Fuzz(func(t *testing.T, line string) { compareReads(t, reader, line) })
}

// Lines that were cut, doubled and mixed are read as package json reads them.
func TestRecordReader(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	reader := new(recordReader)
	base := strings.TrimSpace(randomUsers(1))
	read := 0
	for range 5_000 {
		line := base
		for range 1 + random.IntN(3) {
			from := random.IntN(len(line) + 1)
			to := min(from+random.IntN(20)*random.IntN(2), len(line))
			line = line[:from] + fragments[random.IntN(len(fragments))] + line[to:]
		}
		compareReads(t, reader, line)
		if _, err := reader.readUnchecked([]byte(line)); err == nil {
			read++
		}
	}
	if read < 25 {
		t.Errorf("only %d lines were read without an error", read)
	}
}
