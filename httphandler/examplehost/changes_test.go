package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
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
			{`{"firstName":""}`, 200},
			{`{"email":"no address"}`, 422},
			{`{"zoneInfo":"Europe/Berlin"}`, 422}, // accounts have none
		} {
			if status, document := h.patch(user, id, step.attributes); status != step.want {
				t.Errorf("%s: status %d, want %d: %s", step.attributes, status, step.want, document)
			}
		}
		if status, document := h.call(user, http.MethodDelete, path(id), ""); status != 204 {
			t.Errorf("deleting: %d %s", status, document)
		}
		want := []string{"created|firstName address", "patched|firstName address", "patched|firstName", "deleted|"}
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

// Of concurrent patches, by several users, each succeeds, and each has its rows. The
// transactions are serializable, so that those that fail have to be retried.
func TestConcurrentPatches(t *testing.T) {
	const patches, users = 64, 4
	onEach(t, "&default_transaction_isolation=serializable", func(t *testing.T, h *host) {
		var ids []uuid.UUID
		var tokens []string
		for range users {
			id := h.create("acme", `{}`)
			ids, tokens = append(ids, id), append(tokens, h.user("acme", id))
		}
		statuses := make([]int, patches)
		var patching sync.WaitGroup
		for i := range patches {
			patching.Go(func() {
				statuses[i], _ = h.patch(tokens[i%users], ids[i%users], fmt.Sprintf(`{"firstName":"%d"}`, i))
			})
		}
		patching.Wait()
		for i, status := range statuses {
			if status != 200 {
				t.Errorf("patch %d: status %d\n%s", i, status, h.logs.String())
			}
		}
		var want []string
		for range users {
			want = append(want, fmt.Sprint(patches/users))
		}
		for _, query := range []string{
			"SELECT count(*) FROM outbox WHERE action = 'patched' GROUP BY account",
			"SELECT count(*) FROM audit WHERE action = 'patched' AND actor = CAST(account AS text) GROUP BY account",
		} {
			if diff := cmp.Diff(want, h.rows(query)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", query, diff)
			}
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

// An event that cannot be published stays in the outbox, and those after it.
func TestWorker(t *testing.T) {
	onEach(t, "", func(t *testing.T, h *host) {
		id := h.create("acme", `{"firstName":"John"}`)
		h.patch(h.user("acme", id), id, `{"lastName":"Smith"}`)
		var got []event
		errBroker := errors.New("the broker is away")
		w := worker{db: h.db, logger: slog.New(slog.DiscardHandler), publish: func(_ context.Context, e event) error {
			got = append(got, e)
			if len(got) == 2 {
				return errBroker
			}
			return nil
		}}
		require.ErrorIs(t, w.publishAll(t.Context()), errBroker)
		require.NoError(t, w.publishAll(t.Context()))
		patched := event{2, "acme", id.String(), "patched", "lastName"}
		if diff := cmp.Diff([]event{{1, "acme", id.String(), "created", "firstName"}, patched, patched}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"0"}, h.rows("SELECT count(*) FROM outbox")); diff != "" {
			t.Errorf("the outbox (-want +got):\n%s", diff)
		}
	})
}
