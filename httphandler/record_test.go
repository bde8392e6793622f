package httphandler_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/userstore"
)

// wrongRecords are records that no Store may return, with the text in the log.
var wrongRecords = []struct {
	name, want string
	spoil      func(*userstore.User)
}{
	{"another user's", "id is not the one asked for", func(u *userstore.User) { u.ID = uuid.New() }},
	{"nobody's", "id is not the one asked for", func(u *userstore.User) { u.ID = uuid.Nil }},
	{"no record", "id is not the one asked for", func(u *userstore.User) { *u = userstore.User{} }},
	{"too late for RFC 3339", "createdAt is not in the years 0 to 9999", func(u *userstore.User) { u.CreatedAt = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) }},
	{"too late in UTC", "createdAt is not in the years 0 to 9999", func(u *userstore.User) {
		u.CreatedAt = time.Date(9999, 12, 31, 23, 0, 0, 0, time.FixedZone("", -3600))
	}},
	{"too early for RFC 3339", "createdAt is not in the years 0 to 9999", func(u *userstore.User) { u.CreatedAt = time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC) }},
	{"null", "firstName is null instead of omitted", func(u *userstore.User) { u.Attributes.FirstName = userstore.Null[string]() }},
	{"null address", "address is null instead of omitted", func(u *userstore.User) { u.Attributes.Address = userstore.Null[userstore.Address]() }},
	{"empty address", "address has no members", func(u *userstore.User) { u.Attributes.Address = userstore.Value(userstore.Address{}) }},
	{"null member", "street is null instead of omitted", inAddress(func(a *userstore.Address) { a.Street = userstore.Null[string]() })},
	{"null number", "houseNo is null instead of omitted", inAddress(func(a *userstore.Address) { a.HouseNo = userstore.Null[userstore.TextOrInt]() })},
	{"negative", "houseNo is an integer out of range", inAddress(func(a *userstore.Address) { a.HouseNo = userstore.Value(userstore.Int(-1)) })},
	{"too large", "postalCode is an integer out of range", inAddress(func(a *userstore.Address) { a.PostalCode = userstore.Value(userstore.Int(userstore.MaxInt + 1)) })},
	{"not UTF-8", "lastName is not UTF-8", func(u *userstore.User) { u.Attributes.LastName = userstore.Value("\xff") }},
	{"not UTF-8 where a number may be", "houseNo is not UTF-8", inAddress(func(a *userstore.Address) { a.HouseNo = userstore.Value(userstore.Text("\xff")) })},
}

func inAddress(spoil func(*userstore.Address)) func(*userstore.User) {
	return func(u *userstore.User) {
		a, _ := u.Attributes.Address.Get()
		spoil(&a)
		u.Attributes.Address = userstore.Value(a)
	}
}

// recordStore returns a Store that always returns these records.
func recordStore(got, patched userstore.User) storeFuncs {
	return storeFuncs{
		get:   func() (userstore.User, error) { return got, nil },
		patch: func(context.Context) (userstore.User, error) { return patched, nil },
	}
}

// sendTo sends a patch of the example user to the handler over the store. It also returns
// the log.
func sendTo(store userstore.Store, attributes string) (w *httptest.ResponseRecorder, log string) {
	var logged bytes.Buffer
	opts := &httphandler.Options{Logger: slog.New(slog.NewTextHandler(&logged, nil))}
	w = httptest.NewRecorder()
	httphandler.New(store, httphandler.InsecureAllowEveryone(), opts).ServeHTTP(w, patchRequest(examplePath, attributes))
	return w, logged.String()
}

// A record that no Store may return is answered with 501. The log tells why, without a
// value of the user; the answer does not.
func TestWrongRecord(t *testing.T) {
	for _, tt := range wrongRecords {
		t.Run(tt.name, func(t *testing.T) {
			wrong := userstore.ExampleUser()
			tt.spoil(&wrong)
			w, log := sendTo(recordStore(userstore.User{}, wrong), `{"firstName":"John"}`)
			checkFailure(t, w, log, "the store returned a record whose "+tt.want)
		})
	}
}

// checkFailure checks a 501 whose cause is logged, and that neither the answer nor the log
// contains a value of the example user.
func checkFailure(t *testing.T, w *httptest.ResponseRecorder, log, cause string) {
	t.Helper()
	got, wrong := readReply("PATCH", w)
	if len(wrong) > 0 || got.status != 501 || strings.Join(got.codes(), " ") != "internal-error" {
		t.Errorf("status %d, %s %q", got.status, got.body, wrong)
	}
	if !strings.Contains(log, "class=store") || !strings.Contains(log, cause) {
		t.Errorf("log %s, want %s", log, cause)
	}
	for _, value := range []string{"John", "Smith", "Karlsruhe", "2021", "9007", "xff", "10000"} {
		if strings.Contains(log+w.Body.String(), value) {
			t.Errorf("%s is shown: %s%s", value, log, w.Body)
		}
	}
}

// createdAt is compared only with the user's own record. Otherwise whoever may patch one
// user could find out when another was created.
func TestWrongRecordOfGet(t *testing.T) {
	for _, tt := range wrongRecords {
		if !strings.HasPrefix(tt.want, "id ") && !strings.HasPrefix(tt.want, "createdAt ") {
			continue // only the id and createdAt are checked
		}
		t.Run(tt.name, func(t *testing.T) {
			wrong := userstore.ExampleUser()
			tt.spoil(&wrong)
			store := recordStore(wrong, userstore.ExampleUser())
			store.patch = func(context.Context) (userstore.User, error) { panic("patched") }
			for _, createdAt := range []string{"2021-09-01T23:12:56Z", "2001-01-01T00:00:00Z"} {
				w, log := sendTo(store, `{"createdAt":"`+createdAt+`"}`)
				checkFailure(t, w, log, "the store returned a record whose "+tt.want)
			}
		})
	}
}

// An old createdAt, or one in another zone, can be shown.
func TestUnusualRecord(t *testing.T) {
	tests := map[string]func(*userstore.User){
		"first year":        func(u *userstore.User) { u.CreatedAt = time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC) },
		"last year":         func(u *userstore.User) { u.CreatedAt = time.Date(9999, 12, 31, 23, 59, 59, 999999999, time.UTC) },
		"another zone":      func(u *userstore.User) { u.CreatedAt = u.CreatedAt.In(time.FixedZone("", 2*3600)) },
		"control character": func(u *userstore.User) { u.Attributes.FirstName = userstore.Value("a\x00b") },
		"too long":          func(u *userstore.User) { u.Attributes.FirstName = userstore.Value(strings.Repeat("x", 5000)) },
		"wrong format":      func(u *userstore.User) { u.Attributes.Gender = userstore.Value("?") },
		"largest integer":   inAddress(func(a *userstore.Address) { a.HouseNo = userstore.Value(userstore.Int(userstore.MaxInt)) }),
		"zero":              inAddress(func(a *userstore.Address) { a.HouseNo = userstore.Value(userstore.Int(0)) }),
	}
	for name, edit := range tests {
		t.Run(name, func(t *testing.T) {
			user := userstore.ExampleUser()
			edit(&user)
			w, log := sendTo(recordStore(user, user), `{}`)
			got, wrong := readReply("PATCH", w)
			if got.status != 200 || len(wrong) > 0 {
				t.Fatalf("status %d, %q, log %s", got.status, wrong, log)
			}
			if shown := got.record.Attributes; shown.Attributes != user.Attributes || !shown.CreatedAt.Equal(user.CreatedAt) {
				t.Errorf("record (-store +answer):\n%s", diff(user.Attributes, shown.Attributes))
			}
		})
	}
}
