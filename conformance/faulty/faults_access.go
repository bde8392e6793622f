package faulty

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/userstore"
)

// What goes wrong with credentials and with the linked identity.
func credentialFaults() []Fault {
	is := func(target error) func(*http.Request, error) bool {
		return func(_ *http.Request, err error) bool { return errors.Is(err, target) }
	}
	return []Fault{
		{"anybody", "No credentials are needed.", lets(func(*http.Request, error) bool { return true })},
		{"missing-credentials-taken", "A request without Authorization is let in.", lets(func(r *http.Request, err error) bool { return r.Header["Authorization"] == nil })},
		{"any-token-taken", "Any bearer token is let in.", lets(func(r *http.Request, err error) bool {
			return errors.Is(err, httphandler.ErrInvalidToken) && len(r.Header["Authorization"]) == 1
		})},
		{"basic-taken", "Any Basic credentials are let in.", lets(func(r *http.Request, _ error) bool { return strings.HasPrefix(r.Header.Get("Authorization"), "Basic ") })},
		{"token-prefix-taken", "The beginning of a good token is let in.", similar(func(good, sent string) bool {
			return strings.HasPrefix("Bearer "+good, sent) && len(sent) > len("Bearer ")
		})},
		{"token-length-compared", "A token of the right length is let in.", similar(func(good, sent string) bool {
			return len(sent) == len("Bearer "+good) && strings.HasPrefix(sent, "Bearer ")
		})},
		{"first-authorization", "Of two Authorization fields the first counts.", requestHeader(func(h http.Header) { keepFirst(h, "Authorization") })},
		{"scheme-case-sensitive", "The scheme must be written Bearer.", requestHeader(func(h http.Header) {
			if s := h.Get("Authorization"); !strings.HasPrefix(s, "Bearer ") {
				h.Del("Authorization")
			}
		})},
		{"challenge-missing", "A 401 has no WWW-Authenticate.", answersOf(401, func(a *answer) { a.header.Del("WWW-Authenticate") })},
		{"challenge-basic", "A 401 challenges to Basic.", answersOf(401, func(a *answer) { a.header.Set("WWW-Authenticate", `Basic realm="users"`) })},
		{"challenge-always-invalid", "A 401 says invalid_token, even where no token was sent.", answersOf(401, func(a *answer) { a.header.Set("WWW-Authenticate", `Bearer error="invalid_token"`) })},
		{"challenge-without-error", "A 401 never says invalid_token.", answersOf(401, func(a *answer) { a.header.Set("WWW-Authenticate", "Bearer") })},
		{"unauthorized-403", "Missing or bad credentials are answered with 403.", turnStatus(401, 403)},
		{"unauthorized-400", "Missing or bad credentials are answered with 400.", turnStatus(401, 400)},
		{"unauthorized-500", "Missing or bad credentials are answered with 500.", turnStatus(401, 500)},
		{"unauthorized-but-done", "A bad token is answered with 401, and the patch is made.", doneAll(401)},
		{"token-echoed", "The detail of a 401 quotes the Authorization field.", changeAnswerTo(func(r *http.Request, a *answer) {
			if a.status == 401 {
				a.edit(func(o object) {
					o["errors"].([]any)[0].(object)["detail"] = "not valid: " + r.Header.Get("Authorization")
				})
			}
		})},
		{"token-echoed-in-meta", "Records have the token in meta.", changeAnswerTo(func(r *http.Request, a *answer) {
			if a.status == 200 {
				a.edit(func(o object) { o["meta"] = object{"token": r.Header.Get("Authorization")} })
			}
		})},
		{"unlinked-without-code", "A missing linked identity has no code of its own.", answersOf(401, recode("missing-linked-identity", "invalid-token"))},
		{"unlinked-always", "Every 401 has the code missing-linked-identity.", answersOf(401, func(a *answer) {
			a.edit(func(o object) { o["errors"].([]any)[0].(object)["code"] = "missing-linked-identity" })
		})},
		{"unlinked-taken", "A missing linked identity is let in.", lets(is(httphandler.ErrMissingLinkedIdentity))},
	}
}

// What goes wrong with the right to write a user.
func forbiddenFaults() []Fault {
	return []Fault{
		{"forbidden-taken", "Any token may write every user.", func(s *server) {
			s.access.Authorize = func(context.Context, uuid.UUID) error { return nil }
		}},
		{"forbidden-fails", "A token without the right makes the server fail.", turnStatus(403, 500)},
		{"forbidden-200", "A token without the right is answered with the unchanged record.", forbiddenShown},
		{"forbidden-but-done", "A token without the right is answered with 403 after the patch is made.", doneAll(403)},
	}
}

type letInKey struct{}

// lets takes credentials that are refused, if in says so.
func lets(in func(r *http.Request, err error) bool) func(*server) {
	return func(s *server) {
		right := s.access
		s.access = httphandler.Access{
			Authenticate: func(r *http.Request) (context.Context, error) {
				ctx, err := right.Authenticate(r)
				if err != nil && in(r, err) {
					return context.WithValue(r.Context(), letInKey{}, true), nil
				}
				return ctx, err
			},
			Authorize: func(ctx context.Context, id uuid.UUID) error {
				if ctx.Value(letInKey{}) != nil {
					return nil
				}
				return right.Authorize(ctx, id)
			},
		}
	}
}

// similar takes credentials that are like those with a token that was good before.
func similar(enough func(good, sent string) bool) func(*server) {
	return func(s *server) {
		var known sync.Map
		right := s.access
		s.access.Authenticate = func(r *http.Request) (context.Context, error) {
			ctx, err := right.Authenticate(r)
			if token, e := httphandler.BearerToken(r); err == nil && e == nil && right.Authorize(ctx, uuid.Max) == nil {
				known.Store(token, true)
			}
			return ctx, err
		}
		lets(func(r *http.Request, _ error) bool {
			found := false
			known.Range(func(good, _ any) bool {
				found = found || len(r.Header["Authorization"]) == 1 && enough(good.(string), r.Header.Get("Authorization"))
				return !found
			})
			return found
		})(s)
	}
}

// doneAll answers a patch with the status, as it should, and patches the user all the
// same.
func doneAll(status int) func(*server) { return doneOnly(status, "") }

// doneOnly does so with the named attribute only, or with all if the name is empty.
func doneOnly(status int, name string) func(*server) {
	return func(s *server) {
		store := s.store
		changeAnswerTo(func(r *http.Request, a *answer) {
			id, err := userstore.ParseID(pathID(r))
			if a.status != status || err != nil {
				return
			}
			provided := sent(r)
			store.Patch(r.Context(), id, rewrite(userstore.Attributes{}, func(o object) {
				for n, v := range provided {
					if name == "" || n == name {
						o[n] = v
					}
				}
			}))
		})(s)
	}
}

// forbiddenShown answers 200 with the record to a caller without the right.
func forbiddenShown(s *server) {
	right := s.access.Authorize
	s.access.Authorize = func(ctx context.Context, id uuid.UUID) error {
		if c, ok := ctx.Value(readOnlyKey{}).(*bool); ok {
			*c = right(ctx, id) != nil
			return nil
		}
		return right(ctx, id)
	}
	storePatch(func(ctx context.Context, next userstore.Store, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
		if c, ok := ctx.Value(readOnlyKey{}).(*bool); ok && *c {
			return next.Get(ctx, id)
		}
		return next.Patch(ctx, id, patch)
	})(s)
	wrapHandler(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), readOnlyKey{}, new(bool))))
	})(s)
}

type readOnlyKey struct{}

// keepFirst removes all fields of that name but the first.
func keepFirst(h http.Header, name string) {
	if len(h[name]) > 1 {
		h[name] = h[name][:1]
	}
}

// recode replaces a code in error objects by another.
func recode(from, to string) func(a *answer) {
	return func(a *answer) {
		a.edit(func(o object) {
			for _, e := range o["errors"].([]any) {
				if e := e.(object); e["code"] == from {
					e["code"] = to
				}
			}
		})
	}
}
