package faulty

import (
	"context"
	"net/http"
	"reflect"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// What becomes of attributes that have no value.
func clearedFaults() []Fault {
	return []Fault{
		{"null-left-out", "A cleared attribute is left out of the answer, as omitempty does.", answerAttributes(dropNulls)},
		{"null-member-left-out", "A cleared member of the address is left out of the answer.", answerAttributes(func(a object) {
			if address, ok := a["address"].(object); ok {
				dropNulls(address)
			}
		})},
		{"null-shown-as-text", "A cleared attribute is shown as the text null.", answerValues(func(p string, v any) any {
			if v == nil && p != "/address" {
				return "null"
			}
			return v
		})},
		{"null-date-shown-as-zero", "A cleared birth date is shown as the first day of year 1, as Go and .NET do.", answerValues(func(p string, v any) any {
			if v == nil && p == "/birthDate" {
				return "0001-01-01T00:00:00Z"
			}
			return v
		})},
		{"address-null-shown-as-list", "An address without members is shown as an array, as PHP does.", answerAttributes(func(a object) {
			if a["address"] == nil {
				a["address"] = []any{}
			}
		})},
		{"cleared-stays-cleared", "An attribute that has no value cannot be set.", storePatch(func(ctx context.Context, next userstore.Store, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
			if user, err := next.Get(ctx, id); err == nil && user.Attributes.LastName.IsZero() {
				patch.LastName = userstore.Optional[string]{}
			}
			return next.Patch(ctx, id, patch)
		})},
		{"address-absent-fails", "A patch of one member makes the server fail if the user has no address.", addressAbsent(func(w http.ResponseWriter, _ *http.Request) bool {
			sendRefusal(w, http.StatusNotImplemented)
			return true
		})},
		{"address-absent-ignored", "A patch of one member is ignored if the user has no address.", addressAbsent(func(_ http.ResponseWriter, r *http.Request) bool {
			requestAttributesOf(r, func(a object) { delete(a, "address") })
			return false
		})},
		{"no-change-without-record", "A patch that changes nothing is answered with data null.", noChange(func(a *answer) { a.edit(func(o object) { o["data"] = nil }) })},
		{"no-change-204", "A patch that changes nothing is answered with 204.", noChange(func(a *answer) { a.status = http.StatusNoContent })},
	}
}

// dropNulls leaves out what has no value.
func dropNulls(a object) {
	dropWhere(a, func(v any) bool { return v == nil })
}

// addressAbsent handles patches of one member of the address of a user who has none.
// handle reports whether it has sent the answer.
func addressAbsent(handle func(w http.ResponseWriter, r *http.Request) bool) func(*server) {
	return func(s *server) {
		store := s.store
		wrapHandler(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
			address, ok := sent(r)["address"].(object)
			id, err := userstore.ParseID(pathID(r))
			if ok && err == nil && len(address) == 1 {
				if user, err := store.Get(r.Context(), id); err == nil && user.Attributes.Address.IsZero() && handle(w, r) {
					return
				}
			}
			next.ServeHTTP(w, r)
		})(s)
	}
}

// requestAttributesOf changes the attributes of one request.
func requestAttributesOf(r *http.Request, change func(a object)) {
	doc := parse(readBody(r))
	if a, ok := data(doc)["attributes"].(object); ok {
		change(a)
		setBody(r, encode(doc))
	}
}

// noChange changes the answers to patches with attributes that change none of them.
func noChange(change func(a *answer)) func(*server) {
	return func(s *server) {
		store := s.store
		wrapHandler(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
			id, idErr := userstore.ParseID(pathID(r))
			before, _ := store.Get(r.Context(), id)
			provided := sent(r)
			a := ask(next, w, r)
			after, err := store.Get(r.Context(), id)
			if a.status == http.StatusOK && len(provided) > 0 && idErr == nil && err == nil && reflect.DeepEqual(before, after) {
				change(a)
			}
			a.send(w)
		})(s)
	}
}

// What goes wrong with days, beside their form.
func dayFaults() []Fault {
	day := func(change func(s string) string) func(*server) {
		return storeAttributes(attributeText("birthDate", change))
	}
	add := func(days int, such func(s string) bool) func(s string) string {
		return func(s string) string {
			if t, ok := parseDate(s); ok && such(s) {
				return t.AddDate(0, 0, days).Format("2006-01-02")
			}
			return s
		}
	}
	return []Fault{
		{"date-shifted-in-summer", "A birth date in summer is stored a day early, as midnight of the winter.", day(add(-1, func(s string) bool { return s[5:7] >= "04" && s[5:7] < "11" }))},
		{"date-time-shifted", "A birth date with a time is stored a day early, as seen from the west of Greenwich.", day(add(-1, func(s string) bool { return len(s) > 10 }))},
		{"date-century", "A birth date before 1969 is stored a century late, as a year of two digits.", day(func(s string) string {
			if t, ok := parseDate(s); ok && t.Year() < 1969 {
				return t.AddDate(100, 0, 0).Format("2006-01-02")
			}
			return s
		})},
		{"date-epoch-cleared", "The first day of 1970 is taken for no date, as zero seconds.", storeAttributes(func(a object) {
			if s, ok := a["birthDate"].(string); ok && len(s) >= 10 && s[:10] == "1970-01-01" {
				a["birthDate"] = nil
			}
		})},
		{"date-month-and-day-swapped", "The day and the month of a birth date are swapped if they can be.", day(func(s string) string {
			if len(s) >= 10 && s[8:10] <= "12" {
				return s[:5] + s[8:10] + "-" + s[5:7]
			}
			return s
		})},
	}
}
