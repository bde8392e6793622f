package main

import (
	"cmp"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler"
)

// An account of another tenant is as one that is not there, whatever is done with it, and
// so is one that is deleted.
func TestOthersAreNotThere(t *testing.T) {
	onEach(t, "", func(t *testing.T, h *host) {
		own, deleted := h.create("acme", `{"firstName":"John"}`), h.create("acme", `{"firstName":"Jane"}`)
		others := h.create("other", `{"firstName":"Hidden"}`)
		admin := h.admin("acme")
		if status, document := h.call(admin, http.MethodDelete, path(deleted), ""); status != 204 || document != "" {
			t.Fatalf("deleting: %d %s", status, document)
		}
		before := h.rows("SELECT count(*) FROM accounts WHERE given_name = 'Hidden' AND deleted_at IS NULL")
		for _, do := range []func(id uuid.UUID) (int, string){
			func(id uuid.UUID) (int, string) { return h.call(admin, http.MethodGet, path(id), "") },
			func(id uuid.UUID) (int, string) { return h.call(admin, http.MethodDelete, path(id), "") },
			func(id uuid.UUID) (int, string) { return h.patch(admin, id, `{"firstName":"Eve"}`) },
			func(id uuid.UUID) (int, string) { return h.patch(admin, id, `{}`) },
		} {
			_, want := do(uuid.New())
			for _, id := range []uuid.UUID{others, deleted} {
				status, got := do(id)
				if diff := gocmp.Diff(withoutID(want), withoutID(got)); status != 404 || diff != "" {
					t.Errorf("status %d (-unknown +got):\n%s", status, diff)
				}
			}
		}
		if diff := gocmp.Diff(before, h.rows("SELECT count(*) FROM accounts WHERE given_name = 'Hidden' AND deleted_at IS NULL")); diff != "" {
			t.Errorf("the other tenant's account (-want +got):\n%s", diff)
		}
		_, list := h.call(admin, http.MethodGet, "/users", "")
		for id, want := range map[uuid.UUID]bool{own: true, deleted: false, others: false} {
			if strings.Contains(list, id.String()) != want {
				t.Errorf("%s in the list: want %t: %s", id, want, list)
			}
		}
	})
}

// withoutID returns an error document without the id of the error object.
func withoutID(document string) string {
	before, rest, _ := strings.Cut(document, `"id":"`)
	_, after, _ := strings.Cut(rest, `"`)
	return before + after
}

func TestAccess(t *testing.T) {
	onEach(t, "", func(t *testing.T, h *host) {
		own, colleague := h.create("acme", `{"firstName":"John"}`), h.create("acme", `{"firstName":"Jane"}`)
		others := h.create("other", `{"firstName":"Hidden"}`)
		user := h.user("acme", own)
		token := func(c claims, method jwt.SigningMethod, key any) string {
			c.Subject, c.Tenant, c.Admin, c.Issuer = own.String(), "acme", true, cmp.Or(c.Issuer, issuer)
			text, err := jwt.NewWithClaims(method, c).SignedString(key)
			require.NoError(t, err)
			return text
		}
		withAudience := func(audience string, at time.Time) claims {
			return claims{RegisteredClaims: jwt.RegisteredClaims{Audience: jwt.ClaimStrings{audience}, ExpiresAt: jwt.NewNumericDate(at)}}
		}
		elsewhere := withAudience(audience, time.Now().Add(time.Hour))
		elsewhere.Issuer = "https://other.example"
		later := time.Now().Add(time.Hour)
		for _, tt := range []struct {
			name, token, method, path string
			want                      int
		}{
			{"oneself", user, "GET", path(own), 200},
			{"a colleague", user, "GET", path(colleague), 403},
			{"another tenant's user", user, "GET", path(others), 403},
			{"nobody", user, "GET", path(uuid.New()), 403},
			{"a list", user, "GET", "/users", 403},
			{"to create", user, "POST", "/users", 403},
			{"to delete oneself", user, "DELETE", path(own), 403},
			{"to delete a colleague", user, "DELETE", path(colleague), 403},
			{"a malformed id", user, "GET", "/users/me", 404},
			{"a malformed id to delete", user, "DELETE", "/users/me", 404},
			{"the nil id", h.user("acme", uuid.Nil), "GET", "/users", 403},
			{"the tenant's admin", h.admin("acme"), "GET", path(colleague), 200},
			{"another tenant's admin", h.admin("other"), "GET", path(own), 404},
			{"oneself in another tenant", h.user("other", own), "GET", path(own), 404},
			{"no tenant", h.admin(""), "GET", path(own), 401},
			{"expired", h.token(claims{Tenant: "acme", Admin: true}, own, -time.Minute), "GET", path(own), 401},
			{"no token", "x", "GET", path(own), 401},
			{"no expiry", token(claims{RegisteredClaims: jwt.RegisteredClaims{Audience: jwt.ClaimStrings{audience}}}, jwt.SigningMethodHS256, testKey), "GET", path(own), 401},
			{"a right token", token(withAudience(audience, later), jwt.SigningMethodHS256, testKey), "GET", path(own), 200},
			{"another audience", token(withAudience("other", later), jwt.SigningMethodHS256, testKey), "GET", path(own), 401},
			{"another issuer", token(elsewhere, jwt.SigningMethodHS256, testKey), "GET", path(own), 401},
			{"another key", token(withAudience(audience, later), jwt.SigningMethodHS256, []byte("other")), "GET", path(own), 401},
			{"another algorithm", token(withAudience(audience, later), jwt.SigningMethodHS512, testKey), "GET", path(own), 401},
			{"no signature", token(withAudience(audience, later), jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType), "GET", path(own), 401},
			{"no method", user, "PUT", path(own), 405},
			{"no method of the list", user, "DELETE", "/users", 405},
			{"no resource", user, "GET", "/accounts", 404},
		} {
			got, document, header := h.callWithHeader(tt.token, tt.method, tt.path, newUser(`{}`))
			if got != tt.want || header.Get("Content-Type") != httphandler.MediaType {
				t.Errorf("%s: status %d, want %d: %s %s", tt.name, got, tt.want, header, document)
			}
		}
	})
}
