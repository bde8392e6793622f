package main

import (
	"net/http"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/sqlstore"
)

// What changes an account, and nothing else, is in the outbox and in the audit log.
func TestChangesAreRecorded(t *testing.T) {
	onEach(t, "", func(t *testing.T, h *host) {
		id, who := h.create("acme", `{"firstName":"John","address":{"country":"DE"}}`), uuid.New()
		user := h.token(claims{Tenant: "acme", Admin: true}, who, 1e12)
		h.create("other", `{"email":"john@example.com"}`)
		for _, step := range []struct {
			attributes string
			want       int
		}{
			{`{"firstName":"Jane","address":{"country":"DE","houseNo":7}}`, 200},
			{`{"firstName":"Jane"}`, 200}, // no change
			{`{}`, 200},
			{`{"firstName":"","birthDate":"1997-07-21"}`, 200},
			{`{"email":"no address"}`, 422},
			{`{"birthDate":"1997-07-21T00:00:00.000Z"}`, 422}, // a date alone is kept
			{`{"zoneInfo":"Europe/Berlin"}`, 422},             // accounts have none
		} {
			if status, document := h.patch(user, id, step.attributes); status != step.want {
				t.Errorf("%s: status %d, want %d: %s", step.attributes, status, step.want, document)
			}
		}
		if status, document := h.call(user, http.MethodDelete, path(id), ""); status != 204 {
			t.Errorf("deleting: %d %s", status, document)
		}
		want := []string{"created|firstName address", "patched|firstName address", "patched|firstName birthDate", "deleted|"}
		for _, query := range []string{
			"SELECT action, changed FROM outbox WHERE account = $1 AND tenant_id = 'acme' ORDER BY event_id",
			"SELECT action, changed FROM audit WHERE account = $1 AND tenant_id = 'acme' ORDER BY audit_id",
		} {
			if diff := cmp.Diff(want, h.rows(query, id.String())); diff != "" {
				t.Errorf("%s (-want +got):\n%s", query, diff)
			}
		}
		actors := h.rows("SELECT count(*) FROM audit WHERE account = $1 AND actor = $2", id.String(), who.String())
		if diff := cmp.Diff([]string{"3"}, actors); diff != "" {
			t.Errorf("rows with the actor (-want +got):\n%s", diff)
		}
	})
}

// An address is taken within a tenant, until its account is deleted.
func TestAddressIsTaken(t *testing.T) {
	const attributes = `{"email":"john@example.com"}`
	onEach(t, "", func(t *testing.T, h *host) {
		first, second := h.create("acme", attributes), h.create("acme", `{}`)
		h.create("other", attributes)
		for name, answer := range map[string]func() (int, string){
			"patch":  func() (int, string) { return h.patch(h.admin("acme"), second, attributes) },
			"case":   func() (int, string) { return h.patch(h.admin("acme"), second, `{"email":"JOHN@example.com"}`) },
			"create": func() (int, string) { return h.call(h.admin("acme"), http.MethodPost, "/users", newUser(attributes)) },
		} {
			status, document := answer()
			if status != 422 || !strings.Contains(document, `"source":{"pointer":"/data/attributes/email"}`) {
				t.Errorf("%s: %d %s", name, status, document)
			}
		}
		if logs := h.logs.String(); strings.Contains(logs, "john@example.com") || strings.Contains(logs, "John") {
			t.Errorf("the log has a value: %s", logs)
		}
		h.call(h.admin("acme"), http.MethodDelete, path(first), "")
		if status, document := h.patch(h.admin("acme"), second, attributes); status != 200 {
			t.Errorf("after the deletion: %d %s", status, document)
		}
	})
}

// A deletion is of one tenant's account, even where ids are unique within a tenant only.
func TestDelete(t *testing.T) {
	onEach(t, "", func(t *testing.T, h *host) {
		id := h.create("acme", `{}`)
		if h.db.dialect == sqlstore.PostgreSQL {
			for _, statement := range []string{
				"ALTER TABLE accounts DROP CONSTRAINT accounts_uuid_key, ADD UNIQUE (tenant_id, uuid)",
				"INSERT INTO accounts (uuid, tenant_id, registered_at) SELECT uuid, 'other', registered_at FROM accounts",
			} {
				_, err := h.db.ExecContext(t.Context(), statement)
				require.NoError(t, err)
			}
		}
		require.Equal(t, 204, first(h.call(h.admin("acme"), http.MethodDelete, path(id), "")))
		others := h.rows("SELECT count(*) FROM accounts WHERE tenant_id = 'other' AND deleted_at IS NOT NULL")
		if diff := cmp.Diff([]string{"0"}, others); diff != "" {
			t.Errorf("others' deleted accounts (-want +got):\n%s", diff)
		}
		for _, query := range []string{
			"SELECT registered_at, deleted_at FROM accounts WHERE tenant_id = 'acme'",
			"SELECT min(at), max(at) FROM audit",
		} {
			want := regexp.MustCompile(`^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z\|?){2}$`) // one form for all times
			if got := h.rows(query); len(got) != 1 || !want.MatchString(got[0]) {
				t.Errorf("%s: %q", query, got)
			}
		}
	})
}

// What the store could do without a row of the outbox is not on offer.
func TestMethods(t *testing.T) {
	var got []string
	for method := range reflect.TypeFor[accounts]().Methods() {
		got = append(got, method.Name)
	}
	if diff := cmp.Diff([]string{"All", "Check", "Create", "Delete", "Get", "Patch"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCreateRefuses(t *testing.T) {
	onEach(t, "", func(t *testing.T, h *host) {
		for name, body := range map[string]string{
			"no document":          ``,
			"another type":         `{"data":{"type":"Account","attributes":{}}}`,
			"an unknown attribute": newUser(`{"password":"x"}`),
			"another case":         newUser(`{"FirstName":"x"}`),
			"a name twice":         newUser(`{"firstName":"x","firstName":"y"}`),
			"a read-only one":      newUser(`{"createdAt":"2021-09-01T23:12:56Z"}`),
			"an invalid one":       newUser(`{"email":"x"}`),
			"one without a column": newUser(`{"zoneInfo":"Europe/Berlin"}`),
			"more":                 newUser(`{}`) + "{}",
			"too much":             newUser(`{"firstName":"` + strings.Repeat("x", 1<<16) + `"}`),
		} {
			if status, document := h.call(h.admin("acme"), http.MethodPost, "/users", body); status != 422 {
				t.Errorf("%s: %d %s", name, status, document)
			}
		}
		if diff := cmp.Diff([]string{"0"}, h.rows("SELECT count(*) FROM accounts")); diff != "" {
			t.Errorf("accounts (-want +got):\n%s", diff)
		}
	})
}
