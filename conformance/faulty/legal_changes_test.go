package faulty

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"
	"unicode"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/userstore"
)

func malformedAs(code int) func(*server) {
	return changeAnswerTo(func(r *http.Request, a *answer) {
		if a.status == http.StatusUnprocessableEntity && parse(readBody(r)) == nil {
			a.refuse(code)
		}
	})
}

// foreignAs answers a resource of another type or id with the status.
func foreignAs(code int) func(*server) {
	return changeAnswerTo(func(r *http.Request, a *answer) {
		data, _ := parse(readBody(r))["data"].(object)
		id, _ := data["id"].(string)
		if a.status == http.StatusUnprocessableEntity && data != nil && (data["type"] != "User" || !strings.EqualFold(id, pathID(r))) {
			a.refuse(code)
		}
	})
}

func exactAccept(s *server) {
	requestHeader(func(h http.Header) {
		if !slices.Equal(h["Accept"], []string{httphandler.MediaType}) {
			h.Set("Accept", "text/html")
		}
		if !slices.Equal(h["Content-Type"], []string{httphandler.MediaType}) {
			h.Set("Content-Type", "text/plain")
		}
	})(s)
}

func asText(v any) any {
	if n, ok := v.(json.Number); ok {
		return n.String()
	}
	return v
}

func digitsAsNumbers(p string, v any) any {
	if s, ok := v.(string); ok && (p == "/address/houseNo" || p == "/address/postalCode") {
		if n, err := userstore.ParseInt(s); err == nil {
			return json.Number(n.Text())
		}
	}
	return v
}

// refuseWhere refuses patches with bad attributes, if their credentials are good.
func refuseWhere(bad func(a object) bool, code int) func(*server) {
	return func(s *server) {
		access := s.access
		wrapHandler(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
			a := sent(r)
			if ctx, err := access.Authenticate(r); err == nil && a != nil && access.Authorize(ctx, uuid.Max) == nil && bad(a) {
				if answers := ask(next, w, dry(r)); answers.status == http.StatusOK || answers.status == http.StatusUnprocessableEntity {
					sendRefusal(w, code)
					return
				}
			}
			next.ServeHTTP(w, r)
		})(s)
		storePatch(func(ctx context.Context, next userstore.Store, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
			if ctx.Value(dryKey{}) != nil {
				return next.Get(ctx, id)
			}
			return next.Patch(ctx, id, patch)
		})(s)
	}
}

type dryKey struct{}

// dry returns a copy of the request that changes nothing.
func dry(r *http.Request) *http.Request {
	text := readBody(r)
	c := r.Clone(context.WithValue(r.Context(), dryKey{}, true))
	setBody(c, text)
	return c
}

func provides(names ...string) func(a object) bool {
	return func(a object) bool {
		return slices.ContainsFunc(names, func(name string) bool { _, ok := a[name]; return ok })
	}
}

func hasText(a object, is func(s string) bool) bool {
	found := false
	changeValues(maps.Clone(a), "", func(_ string, v any) any {
		s, ok := v.(string)
		found = found || ok && is(s)
		return v
	})
	return found
}

// refuseEmpty refuses a patch without attributes.
func refuseEmpty(s *server) {
	access := s.access
	wrapHandler(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		data, ok := parse(readBody(r))["data"].(object)
		a, _ := data["attributes"].(object)
		if ctx, err := access.Authenticate(r); r.Method == http.MethodPatch && ok && len(a) == 0 && err == nil && access.Authorize(ctx, uuid.Max) == nil && data["type"] == "User" {
			if answers := ask(next, w, r); answers.status != http.StatusOK {
				answers.send(w)
				return
			}
			sendRefusal(w, http.StatusUnprocessableEntity)
			return
		}
		next.ServeHTTP(w, r)
	})(s)
}

// getsRecord answers GET with the record, as it would a patch without
// attributes.
func getsRecord(s *server) {
	inner := httphandler.New(s.store, s.access, nil)
	wrapHandler(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			next.ServeHTTP(w, r)
			return
		}
		c := r.Clone(r.Context())
		c.Method = http.MethodPatch
		c.Header.Set("Content-Type", httphandler.MediaType)
		setBody(c, encode(object{"data": object{"type": "User", "id": pathID(r)}}))
		inner.ServeHTTP(w, c)
	})(s)
}

func extraMembers(s *server) {
	answerDocument(func(o object) {
		o["meta"], o["links"], o["jsonapi"] = object{"took": 1}, object{"self": "/users/1"}, object{"version": "1.1"}
		o["included"] = []any{}
		o["@context"] = "x"
		data := o["data"].(object)
		data["meta"], data["links"] = object{"revision": 7}, object{"self": "/users/1"}
		data["relationships"] = object{"vehicles": object{"data": []any{}}}
	})(s)
}

func addressReplaced(s *server) {
	storeAttributes(func(a object) {
		if address, ok := a["address"].(object); ok {
			for _, p := range pointers {
				if member, in := inAddress(p); in {
					setDefault(address, member, nil)
				}
			}
		}
	})(s)
}

// addressWhole refuses an address without one of the members that it needs.
func addressWhole(s *server) {
	refuseWhere(func(a object) bool {
		address, ok := a["address"].(object)
		for _, member := range []string{"country", "locality", "street", "houseNo", "postalCode"} {
			if ok && address[member] == nil {
				return true
			}
		}
		return false
	}, 422)(s)
	addressReplaced(s)
}

func offsetTime(p string, v any) any {
	if t, err := userstore.ParseTime(fmt.Sprint(v)); err == nil && p == "/createdAt" {
		return t.In(time.FixedZone("", 2*60*60)).Format("2006-01-02T15:04:05.000000-07:00")
	}
	return v
}

// refuseTexts takes only letters, digits, blanks and dashes, at most 50 bytes.
func refuseTexts(ps ...string) func(*server) {
	var changes []func(*server)
	for _, p := range ps {
		changes = append(changes, refuseRequestText(p, func(s string) bool {
			return len(s) > 50 || strings.ContainsFunc(s, func(r rune) bool {
				return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != ' ' && r != '-'
			})
		}))
	}
	return inTurn(changes...)
}

func isDigits(s string) bool { return !nonDigits.MatchString(s) }

// lenient has no rules for formats.
func lenient(s *server) {
	rules(func(r *userstore.Rules) {
		birthDate := r.BirthDate
		*r = userstore.Rules{BirthDate: birthDate}
	})(s)
}

// dates shows full dates in another layout.
func dates(layout string) func(p string, v any) any {
	return func(p string, v any) any {
		if t, ok := parseDate(v); ok && p == "/birthDate" {
			before, zone, found := strings.Cut(layout, "+") // a layout cannot hold its digits
			if found {
				zone = "+" + zone
			}
			return t.Format(before) + zone
		}
		return v
	}
}

// first checks the body before the header fields, and maybe before the credentials.
func first(beforeCredentials bool) func(*server) {
	return func(s *server) {
		store, access := s.store, s.access
		dryHandler := httphandler.New(wrongStore{store, func(ctx context.Context, _ userstore.Store, id uuid.UUID, _ userstore.Attributes) (userstore.User, error) {
			return userstore.User{ID: id}, nil
		}}, httphandler.InsecureAllowEveryone(), &s.options)
		wrapHandler(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
			_, err := access.Authenticate(r)
			if r.Method == http.MethodPatch && (beforeCredentials || err == nil) {
				c := dry(r)
				c.Header.Set("Accept", "*/*")
				c.Header.Set("Content-Type", httphandler.MediaType)
				if a := ask(dryHandler, w, c); a.status == http.StatusUnprocessableEntity {
					a.send(w)
					return
				}
			}
			next.ServeHTTP(w, r)
		})(s)
	}
}

// headersFirst checks Content-Type and Accept before the credentials.
func headersFirst(s *server) {
	dryHandler := httphandler.New(s.store, httphandler.InsecureAllowEveryone(), &s.options)
	wrapHandler(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPatch {
			c := dry(r)
			setBody(c, nil)
			if a := ask(dryHandler, w, c); a.status == http.StatusNotAcceptable || a.status == http.StatusUnsupportedMediaType {
				a.send(w)
				return
			}
		}
		next.ServeHTTP(w, r)
	})(s)
}

// onlyMember leaves error objects one member, and the code that the page names.
func onlyMember(name string) func(*server) {
	return answerErrorObjects(func(e object) {
		v, code := e[name], e["code"]
		clear(e)
		if e[name] = v; code == "missing-linked-identity" {
			e["code"] = code
		}
	})
}

// ignoringUnknown shows attributes that the page does not name, and ignores them in
// patches.
func ignoringUnknown(change func(a object)) func(*server) {
	return inTurn(answerAttributes(change), func(s *server) { s.options.IgnoreUnknownAttributes = true })
}

// busyRefused refuses a patch while another patch of the user is in progress.
func busyRefused(code int) func(*server) {
	var writing atomic.Int32
	return wrapHandler(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		defer writing.Add(-1)
		if writing.Add(1) > 1 {
			sendRefusal(w, code)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// rateLimited refuses every seventh request, with a Retry-After.
func rateLimited(s *server) {
	var count atomic.Int32
	wrapHandler(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		if count.Add(1)%7 == 0 {
			w.Header().Set("Retry-After", "0")
			sendRefusal(w, http.StatusTooManyRequests)
			return
		}
		next.ServeHTTP(w, r)
	})(s)
}

func otherMethods(change func(a *answer)) func(*server) {
	return wrapHandler(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		a := ask(next, w, r)
		if r.Method != http.MethodPatch {
			change(a)
		}
		a.send(w)
	})
}

func slow(d time.Duration) func(*server) {
	return wrapHandler(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		time.Sleep(d)
		next.ServeHTTP(w, r)
	})
}

func anyName(string) bool { return true }
