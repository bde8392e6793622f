package main

import (
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// Failures are logged as such, refusals are not, and no value of a user is in the log.
func TestLog(t *testing.T) {
	onEach(t, "", func(t *testing.T, h *host) {
		broken := h.insertBroken("acme", "Canary")
		admin := h.admin("acme")
		require.Equal(t, 501, first(h.call(admin, http.MethodGet, path(broken), "")))
		require.Equal(t, 404, first(h.call(admin, http.MethodGet, path(uuid.New()), "")))
		require.Equal(t, 422, first(h.call(admin, http.MethodPost, "/users", newUser(`{"email":"Canary"}`))))
		h.breaksOff(admin, "/users")
		for _, token := range []string{
			h.token(claims{Tenant: "acme"}, uuid.New(), -time.Minute),
			h.token(claims{}, uuid.New(), time.Hour),
			admin[:len(admin)-8] + "AAAAAAAA",
			"IkNhbmFyeSI." + admin, // "Canary"
			"IkNhbmFyeSI..",
		} {
			require.Equal(t, 401, first(h.patch(token, broken, `{}`)))
		}
		logs := h.logs.String()
		for pattern, want := range map[string]int{
			`"level":"ERROR","msg":"not done","error_id":"\w+"`:         1,
			`"level":"ERROR","msg":"not done","error_id":""`:            1,
			`"level":"INFO","msg":"not done","error_id":"\w+"`:          2,
			`"route":"/users/{userId}","status":501`:                    1,
			`"err":"token has invalid claims: token is expired"`:        1,
			`"err":"token has invalid claims: no user id or no tenant"`: 1,
			`"err":"token signature is invalid`:                         1,
			`"err":"token is malformed"`:                                2,
			`IkNhbmFyeSI|AAAAAAAA`:                                      0,
			`Canary`:                                                    0,
		} {
			if got := len(regexp.MustCompile(pattern).FindAllString(logs, -1)); got != want {
				t.Errorf("%s is there %d times, want %d", pattern, got, want)
			}
		}
	})
}

// insertBroken inserts as many accounts as are read at once, and one after them that
// cannot be read.
func (h *host) insertBroken(tenant, name string) (broken uuid.UUID) {
	h.Helper()
	tx, err := h.db.BeginTx(h.Context(), nil)
	require.NoError(h, err)
	defer tx.Rollback()
	for i := range 501 {
		id := uuid.New()
		if i == 500 {
			id = uuid.Max
		}
		_, err := tx.ExecContext(h.Context(), "INSERT INTO accounts (uuid, tenant_id, registered_at, given_name, house_no, house_no_is_number) VALUES ($1, $2, $3, $4, $4, $5)",
			id.String(), tenant, "2021-09-01T23:12:56.000000Z", name, id == uuid.Max)
		require.NoError(h, err)
	}
	require.NoError(h, tx.Commit())
	return uuid.Max
}

func first(status int, _ string) int { return status }
