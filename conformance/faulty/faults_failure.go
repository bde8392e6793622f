package faulty

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// What goes wrong with patches that have to be refused as a whole.
func atomicFaults() []Fault {
	return []Fault{
		{"partial-before", "The attributes that come before the refused one by name are set.", partial(func(name, bad string) bool { return name < bad })},
		{"partial-all", "All attributes but the refused one are set.", partial(func(name, bad string) bool { return name != bad })},
		{"partial-address", "The address is stored though another attribute is refused.", partial(func(name, bad string) bool { return name == "address" && name != bad })},
		{"partial-200", "A patch with a bad attribute is answered with 200, and the rest of it is set.", requestAttributes(func(a object) {
			for name, v := range a {
				if refusedByRules(name, v) {
					delete(a, name)
				}
			}
		})},
	}
}

// refusedByRules reports whether the default rules refuse the attribute.
func refusedByRules(name string, v any) bool {
	var rules = userstore.DefaultRules()
	patch := rewrite(userstore.Attributes{}, func(o object) { o[name] = v })
	return v != nil && (isRead(patch) || rules.Validate(patch) != nil)
}

// partial patches the user with a part of each patch that is refused for an attribute:
// made says which attributes, by their name and that of the bad one.
func partial(made func(name, bad string) bool) func(*server) {
	return func(s *server) {
		store := s.store
		changeAnswerTo(func(r *http.Request, a *answer) {
			id, err := userstore.ParseID(pathID(r))
			if a.status != http.StatusUnprocessableEntity || err != nil {
				return
			}
			provided := sent(r)
			wrong := ""
			for _, name := range slices.Sorted(maps.Keys(provided)) {
				if refusedByRules(name, provided[name]) {
					wrong = name
					break
				}
			}
			if wrong == "" {
				return
			}
			store.Patch(r.Context(), id, rewrite(userstore.Attributes{}, func(o object) {
				for name, v := range provided {
					if made(name, wrong) && !refusedByRules(name, v) {
						o[name] = v
					}
				}
			}))
		})(s)
	}
}

// What goes wrong with the answers to internal failures.
func failureFaults() []Fault {
	return []Fault{
		{"failure-200", "An internal failure is answered with 200 and an error document.", answersOf(501, func(a *answer) { a.status = 200 })},
		{"failure-record", "An internal failure is answered with 200 and the old record.", storePatch(hideFailure)},
		{"failure-422", "An internal failure is answered with 422.", turnStatus(501, 422)},
		{"failure-text", "An internal failure is plain text with the error of Go.", answersOf(501, func(a *answer) {
			a.replace(500, "text/plain; charset=utf-8", "runtime error: invalid memory address or nil pointer dereference\n")
		})},
		{"failure-empty", "An internal failure has no body.", answersOf(501, func(a *answer) { a.body = nil })},
		{"failure-cacheable", "An internal failure may be kept by caches.", answersOf(501, func(a *answer) { a.header.Set("Cache-Control", "public, max-age=600") })},
		{"failure-breaks-off", "An internal failure breaks the connection off.", answersOf(501, func(*answer) { panic(http.ErrAbortHandler) })},
	}
}

func hideFailure(ctx context.Context, next userstore.Store, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	user, err := next.Patch(ctx, id, patch)
	if err == nil || errors.Is(err, userstore.ErrInvalid) || errors.Is(err, userstore.ErrNotFound) {
		return user, err
	}
	return next.Get(ctx, id)
}

// What goes wrong with other methods.
func methodFaults() []Fault {
	other := func(change func(a *answer)) func(*server) {
		return wrapHandler(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
			a := ask(next, w, r)
			if r.Method != http.MethodPatch {
				change(a)
			}
			a.send(w)
		})
	}
	as := func(takes func(r *http.Request) bool) func(*server) {
		return wrapHandler(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
			if takes(r) {
				r = r.Clone(r.Context())
				r.Method = http.MethodPatch
			}
			next.ServeHTTP(w, r)
		})
	}
	return []Fault{
		{"method-without-allow", "A 405 has no Allow.", other(func(a *answer) { a.header.Del("Allow") })},
		{"method-allow-wrong", "The Allow of a 405 does not name PATCH.", other(func(a *answer) { a.header.Set("Allow", "GET, HEAD") })},
		{"method-200", "Another method is answered with 200 and nothing.", other(func(a *answer) { a.replace(200, "text/plain", "ok") })},
		{"method-ignored", "Every method is a patch.", as(func(*http.Request) bool { return true })},
	}
}
