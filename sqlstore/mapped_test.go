package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// A condition without a value would hold for no row, and keep a user from everybody.
func TestConditionsNeedValues(t *testing.T) {
	var noID *int64
	broken := errors.New("broken")
	for _, tt := range []struct {
		name  string
		value func(context.Context) (any, error)
		want  string // "" if it is right
	}{
		{"a number", func(context.Context) (any, error) { return 7, nil }, ""},
		{"zero", func(context.Context) (any, error) { return 0, nil }, ""},
		{"a uuid", func(context.Context) (any, error) { return uuid.Nil, nil }, ""},
		{"what only the driver knows", func(context.Context) (any, error) { return struct{ a int }{1}, nil }, ""},
		{"nil", func(context.Context) (any, error) { return nil, nil }, "sqlstore: the condition on tenant has no value"},
		{"a nil pointer", func(context.Context) (any, error) { return noID, nil }, "sqlstore: the condition on tenant has no value"},
		{"a NULL", func(context.Context) (any, error) { return sql.NullInt64{}, nil }, "sqlstore: the condition on tenant has no value"},
		{"an error", func(context.Context) (any, error) { return nil, broken }, "broken"},
	} {
		l, err := (&Mapping{Where: []Condition{{Column: "deleted"}, {Column: "tenant", Value: tt.value}}}).layout()
		if err != nil {
			t.Fatal(err)
		}
		values, err := l.values(t.Context())
		if tt.want == "" && (err != nil || len(values) != 1) || tt.want != "" && (err == nil || err.Error() != tt.want) {
			t.Errorf("%s: %v, %v, want %q", tt.name, values, err, tt.want)
		}
	}
}

// Without its tenant, a call sends nothing.
func TestNothingIsSentWithoutATenant(t *testing.T) {
	eachDialect(t, func(t *testing.T, f *fake) {
		s := unchecked(t, f, &Options{Table: "accounts", Mapping: accounts()})
		ctx, user := t.Context(), userstore.User{ID: example.ID}
		tx := s.WithTx(new(sql.Tx))
		for name, call := range map[string]func() error{
			"Create":      func() error { _, err := s.Create(ctx, user); return err },
			"Get":         func() error { _, err := s.Get(ctx, user.ID); return err },
			"Patch":       func() error { _, err := s.Patch(ctx, user.ID, named("Ada")); return err },
			"empty Patch": func() error { _, err := s.Patch(ctx, user.ID, userstore.Attributes{}); return err },
			"Delete":      func() error { return s.Delete(ctx, user.ID) },
			"Check":       func() error { return s.Check(ctx) },
			"Transact":    func() error { return s.Transact(ctx, nil) },
			"All": func() (err error) {
				for _, err = range s.All(ctx) {
				}
				return err
			},
			"Tx.Create":    func() error { _, err := tx.Create(ctx, user); return err },
			"Tx.Get":       func() error { _, err := tx.Get(ctx, user.ID); return err },
			"GetForUpdate": func() error { _, err := tx.GetForUpdate(ctx, user.ID); return err },
			"Tx.Patch":     func() error { _, err := tx.Patch(ctx, user.ID, named("Ada")); return err },
			"Put":          func() error { _, err := tx.Put(ctx, user); return err },
			"Tx.Delete":    func() error { return tx.Delete(ctx, user.ID) },
			"Tx.All": func() (err error) {
				for _, err = range tx.All(ctx) {
				}
				return err
			},
		} {
			if err := call(); err != errNoTenant {
				t.Errorf("%s: %v", name, err)
			}
		}
		if events := f.taken(); len(events) > 0 {
			t.Errorf("sent: %v", events)
		}
	})
}

// The host's table is not ours to create or to change.
func TestMigrateLeavesAMappedTableAlone(t *testing.T) {
	eachDialect(t, func(t *testing.T, f *fake) {
		err := unchecked(t, f, &Options{Table: "accounts", Mapping: &Mapping{}}).Migrate(t.Context())
		if err == nil || !strings.Contains(err.Error(), "the table accounts is mapped") || len(f.taken()) > 0 {
			t.Errorf("%v, sent: %v", err, f.taken())
		}
	})
}

// The columns of a mapping are those to which the errors of constraints point.
func TestExplainOfAMappedTable(t *testing.T) {
	for _, tt := range []struct {
		dialect Dialect
		err     error
		want    []string
	}{
		{SQLite, &moderncError{"UNIQUE constraint failed: accounts.tenant_id, accounts.mail", 2067}, []string{"/email"}},
		{SQLite, &moderncError{"UNIQUE constraint failed: accounts.e_mail", 2067}, []string{"/email"}}, // near enough
		{SQLite, &moderncError{"UNIQUE constraint failed: accounts.email", 2067}, []string{""}},
		{SQLite, &moderncError{"CHECK constraint failed: k7", 275}, []string{"/phoneNumber"}},
		{PostgreSQL, &pgxError{Code: "23505", ConstraintName: "k7", Detail: "Key (tenant_id, phone_number)=(7, +1) already exists."}, []string{"/phoneNumber"}},
		{PostgreSQL, &pgxError{Code: "23505", ConstraintName: "k8", Detail: `Key (tenant_id, "order")=(7, x) already exists.`}, []string{"/lastName"}},
		{PostgreSQL, &pgxError{Code: "23505", ConstraintName: "k8", Detail: "Key (lower(mail))=(x) already exists."}, []string{"/email"}},
		{MariaDB, &mysqlError{Number: 1062, Message: "Duplicate entry '7-x' for key 'accounts_mail_key'"}, []string{"/email"}},
		{MySQL, &mysqlError{Number: 1062, Message: "Duplicate entry '7-x' for key 'accounts.k7'"}, []string{"/phoneNumber"}},
	} {
		s := unchecked(t, newFake(tt.dialect), &Options{Table: "accounts", Mapping: accounts()})
		var invalid *userstore.InvalidError
		errors.As(s.Explain(t.Context(), "patch", ReachStatement, tt.err), &invalid)
		if d := cmp.Diff(tt.want, pointers(invalid)); d != "" {
			t.Errorf("%v (-want +got):\n%s", tt.err, d)
		}
	}
	s := unchecked(t, newFake(PostgreSQL), &Options{Table: "accounts", Mapping: accounts()})
	for key, want := range map[string]error{"tenant_id, uuid": userstore.ErrExists, "uuid": userstore.ErrExists, "id": userstore.ErrInvalid} {
		err := s.Explain(t.Context(), "create", ReachStatement, &pgxError{Code: "23505", ConstraintName: "accounts_pkey", Detail: "Key (" + key + ")=(1) already exists."})
		if !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", key, err, want)
		}
	}
}

// Where no statement can be prepared, the values of conditions are arguments of a text.
func TestUnpreparedKey(t *testing.T) {
	f := newFake(MySQL)
	f.before = func(_ context.Context, e event) error {
		if e.do == "query" {
			return errBroken // the fake has no such table
		}
		return nil
	}
	s := open(t, f, nil)
	st := statement{nil, s.db, "SELECT x FROM accounts WHERE uuid = ? AND tenant_id = ?"}
	if err := st.queryByKey(t.Context(), []any{example.ID.String(), int64(7)}).Err(); err == nil {
		t.Error("no error")
	}
	want := "SELECT x FROM accounts WHERE uuid = '" + example.ID.String() + "' AND tenant_id = ?"
	for _, e := range f.events {
		if e.do == "query" && (e.text != want || len(e.args) != 1 || e.args[0].Value != int64(7)) {
			t.Errorf("sent %q with %v", e.text, e.args)
		}
	}
	if f.count("query", want) != 1 {
		t.Errorf("%v", f.taken())
	}
}
