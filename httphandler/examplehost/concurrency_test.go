package main

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

// serializable makes transactions fail that have to be retried.
const serializable = "&default_transaction_isolation=serializable"

// together calls do n times at the same time, and returns how many calls returned
// which status.
func together(n int, do func(i int) int) map[int]int {
	statuses := make([]int, n)
	var calls sync.WaitGroup
	for i := range n {
		calls.Go(func() { statuses[i] = do(i) })
	}
	calls.Wait()
	counts := map[int]int{}
	for _, status := range statuses {
		counts[status]++
	}
	return counts
}

// Of concurrent patches, by several users, each succeeds, and each has its rows.
func TestConcurrentPatches(t *testing.T) {
	const patches, users = 64, 4
	onEach(t, serializable, func(t *testing.T, h *host) {
		var ids []uuid.UUID
		var tokens []string
		for range users {
			id := h.create("acme", `{}`)
			ids, tokens = append(ids, id), append(tokens, h.user("acme", id))
		}
		got := together(patches, func(i int) int {
			status, _ := h.patch(tokens[i%users], ids[i%users], fmt.Sprintf(`{"firstName":"%d"}`, i))
			return status
		})
		if diff := cmp.Diff(map[int]int{200: patches}, got); diff != "" {
			t.Errorf("statuses (-want +got):\n%s%s", diff, h.logs.String())
		}
		want := slices.Repeat([]string{fmt.Sprint(patches / users)}, users)
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

// Of concurrent users with one address, one is created.
func TestConcurrentCreates(t *testing.T) {
	const creates = 16
	onEach(t, serializable, func(t *testing.T, h *host) {
		admin := h.admin("acme")
		got := together(creates, func(int) int {
			status, _ := h.call(admin, http.MethodPost, "/users", newUser(`{"email":"john@example.com"}`))
			return status
		})
		if diff := cmp.Diff(map[int]int{201: 1, 422: creates - 1}, got); diff != "" {
			t.Errorf("statuses (-want +got):\n%s%s", diff, h.logs.String())
		}
		if diff := cmp.Diff([]string{"created"}, h.rows("SELECT action FROM outbox")); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

// A patch of an account that is being deleted comes before that, or finds nobody.
func TestConcurrentDeletion(t *testing.T) {
	const patches = 16
	onEach(t, serializable, func(t *testing.T, h *host) {
		id := h.create("acme", `{}`)
		admin := h.admin("acme")
		got := together(patches+1, func(i int) int {
			if i == patches/2 {
				status, _ := h.call(admin, http.MethodDelete, path(id), "")
				return status
			}
			status, _ := h.patch(admin, id, fmt.Sprintf(`{"firstName":"%d"}`, i))
			return status
		})
		if got[204] != 1 || got[200]+got[404] != patches {
			t.Errorf("statuses %v\n%s", got, h.logs.String())
		}
		want := append([]string{"created"}, slices.Repeat([]string{"patched"}, got[200])...)
		if diff := cmp.Diff(append(want, "deleted"), h.rows("SELECT action FROM outbox ORDER BY event_id")); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}
