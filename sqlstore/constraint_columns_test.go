package sqlstore

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/userrecord/userrecord/userstore"
)

// PostgreSQL is asked for what an error does not tell about a constraint, and for
// nothing else.
func TestHiddenColumns(t *testing.T) {
	for _, tt := range []struct {
		err    *pgxError
		answer string // "" for a query that fails
		asked  int
		want   error
		at     []string
	}{
		{&pgxError{Code: "23505", ConstraintName: "k1"}, "id", 1, userstore.ErrExists, nil},
		{&pgxError{Code: "23505", ConstraintName: "users_pkey"}, "id", 1, userstore.ErrExists, nil},
		{&pgxError{Code: "23505", ConstraintName: "users_pkey"}, "", 1, userstore.ErrExists, nil},
		{&pgxError{Code: "23505", ConstraintName: "k2"}, "tenant, email", 1, userstore.ErrInvalid, []string{"/email"}},
		{&pgxError{Code: "23505", ConstraintName: "k2"}, "", 1, userstore.ErrInvalid, []string{""}},
		{&pgxError{Code: "23503", ConstraintName: "f1"}, "country", 1, userstore.ErrInvalid, []string{"/address/country"}},
		{&pgxError{Code: "23505", ConstraintName: "users_email_key"}, "locale", 0, userstore.ErrInvalid, []string{"/email"}},
		{&pgxError{Code: "23505", ConstraintName: "k1", Detail: "Key (id)=(x) already exists."}, "locale", 0, userstore.ErrExists, nil},
		{&pgxError{Code: "42501"}, "id", 0, nil, nil},
		{&pgxError{Code: "42501", ConstraintName: "k1"}, "id", 0, nil, nil},
		{&pgxError{Code: "23505"}, "id", 0, userstore.ErrInvalid, []string{""}}, // no name to ask by
	} {
		f := newFake(PostgreSQL)
		asked := 0
		f.before = func(_ context.Context, e event) error {
			switch {
			case e.is("exec", "INSERT"):
				return tt.err
			case e.is("query", postgresColumns):
				asked++
				if tt.answer == "" {
					return errBroken
				}
			}
			return nil
		}
		f.answer = func(_ int, query string) (string, bool) { return tt.answer, query == postgresColumns }
		_, err := open(t, f, nil).Create(t.Context(), example)
		var invalid *userstore.InvalidError
		errors.As(err, &invalid)
		if diff := cmp.Diff(tt.at, pointers(invalid)); diff != "" || asked != tt.asked || tt.want != nil && !errors.Is(err, tt.want) || !errors.Is(err, tt.err) {
			t.Errorf("%v, answered %q, asked %d times: %v (-want +got):\n%s", tt.err, tt.answer, asked, err, diff)
		}
	}
}

// A transaction that has failed does not answer: PostgreSQL is asked after the rollback.
func TestHiddenColumnsOfATransaction(t *testing.T) {
	f := newFake(PostgreSQL)
	s := open(t, f, withOutbox(func(userstore.Change) error { return nil }))
	create(t, s, example)
	f.before = func(_ context.Context, e event) error {
		if e.is("query", "UPDATE") || e.is("query", postgresColumns) && f.conns[e.conn-1].tx != nil {
			return &pgxError{Code: "23505", ConstraintName: "k2"}
		}
		return nil
	}
	f.answer = func(_ int, query string) (string, bool) { return "tenant, email", query == postgresColumns }
	_, err := s.Patch(t.Context(), example.ID, named("Ada"))
	var invalid *userstore.InvalidError
	errors.As(err, &invalid)
	if diff := cmp.Diff([]string{"/email"}, pointers(invalid)); diff != "" || f.count("query", postgresColumns) != 1 {
		t.Errorf("%v, asked %d times (-want +got):\n%s", err, f.count("query", postgresColumns), diff)
	}
}
