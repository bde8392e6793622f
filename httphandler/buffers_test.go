package httphandler_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// Buffers are reused for other users. Whatever happens to other requests, at the same
// time or before, no answer and no record may contain what somebody else sent.
func TestUsersAreKeptApart(t *testing.T) {
	const visitors, rounds = 8, 300
	var all []*visitor
	var users []userstore.User
	for i := range visitors {
		v := newVisitor(i)
		all, users = append(all, v), append(users, v.user)
	}
	store := memstore.New(users...)
	h := httphandler.New(store, httphandler.InsecureAllowEveryone(), &httphandler.Options{
		Logger: slog.New(slog.DiscardHandler),
		AuthorizePatch: func(_ context.Context, _ uuid.UUID, patch userstore.Attributes) error {
			if street := streetOf(patch); strings.HasSuffix(street, "panic") {
				panic(street)
			}
			return nil
		},
		AfterCommit: func(_ context.Context, _ uuid.UUID, names []string) error {
			if slices.Contains(names, "locale") {
				panic("after commit")
			}
			return nil
		},
	})
	var group sync.WaitGroup
	for _, v := range all {
		group.Go(func() {
			for range rounds {
				v.visit(t, h)
			}
		})
	}
	group.Wait()
	for _, v := range all {
		if got, err := store.Get(t.Context(), v.user.ID); err != nil || got != v.user {
			t.Errorf("%s: %v; the record in the end (-want +got):\n%s", v.mark, err, diff(v.user, got))
		}
	}
}

func streetOf(a userstore.Attributes) string {
	address, _ := a.Address.Get()
	street, _ := address.Street.Get()
	return street
}

// A visitor patches one user, with a mark in everything that it sends.
type visitor struct {
	mark string
	user userstore.User // the expected record
	*rand.Rand
}

func newVisitor(i int) *visitor {
	user := userstore.ExampleUser()
	user.ID[0] = byte(i)
	v := &visitor{fmt.Sprintf("mark%d.", i), user, rand.New(rand.NewPCG(uint64(i), 0))}
	v.user.Attributes.FirstName = text(v.mark)
	return v
}

// visits are attributes of requests and the first names that they result in, with @ for
// a text with the mark.
var visits = []struct {
	name, attributes string
	status           int
	firstName        string
}{
	{"good", `{"firstName":"@"}`, 200, "@"},
	{"escaped", `{"firstName":"\u0078@"}`, 200, "x@"},
	{"panic after the commit", `{"firstName":"@","locale":"de-DE"}`, 200, "@"},
	{"panic before it", `{"firstName":"@","address":{"street":"@panic"}}`, 501, ""},
	{"body that panics", `panic @`, 501, ""},
	{"bad values", `{"firstName":"@","gender":"@","@":1,"address":{"@":"@"}}`, 422, ""},
	{"name twice", `{"@":1,"@":1}`, 422, ""},
	{"escaped names", `{"\u0078@":1,"\u0079@":1}`, 422, ""},
	{"truncated", `{"firstName":"@`, 422, ""},
	{"deep and truncated", `{"meta":` + strings.Repeat(`{"@":`, 40) + `}`, 422, ""},
}

var anyMark = regexp.MustCompile(`mark[0-9]+\.`)

func (v *visitor) visit(t *testing.T, h http.Handler) {
	visit := visits[v.IntN(len(visits))]
	value := v.mark + strings.Repeat("x", v.IntN(30)*v.IntN(30))
	body := `{"data":{"type":"User","id":"` + v.user.ID.String() + `","attributes":` + strings.ReplaceAll(visit.attributes, "@", value) + `}}`
	r := httptest.NewRequest(http.MethodPatch, "/users/"+v.user.ID.String(), &bodyReader{strings.NewReader(body)})
	r.Header.Set("Content-Type", httphandler.MediaType)
	w := httptest.NewRecorder()
	h.ServeHTTP(slowWriter{w}, r)
	got, wrong := readReply(http.MethodPatch, w)
	if got.status != visit.status || wrong != nil {
		t.Errorf("%s, %s: status %d, want %d; %q", v.mark, visit.name, got.status, visit.status, wrong)
	}
	for _, mark := range anyMark.FindAllString(string(got.body), -1) {
		if mark != v.mark {
			t.Errorf("%s, %s: the answer has %s", v.mark, visit.name, mark)
		}
	}
	if visit.firstName == "" {
		return
	}
	v.user.Attributes.FirstName = text(strings.ReplaceAll(visit.firstName, "@", value))
	if user, err := got.record.user(); err != nil || user != v.user {
		t.Errorf("%s, %s: %v; the record of the answer (-want +got):\n%s", v.mark, visit.name, err, diff(v.user, user))
	}
}

// A slowWriter lets other goroutines run before it reads the bytes.
type slowWriter struct{ *httptest.ResponseRecorder }

func (w slowWriter) Write(p []byte) (int, error) {
	runtime.Gosched()
	return w.ResponseRecorder.Write(p)
}

// A bodyReader panics at the end if its text says so.
type bodyReader struct{ *strings.Reader }

func (r *bodyReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if strings.Contains(string(p[:n]), "panic mark") {
		panic("read")
	}
	return n, err
}
