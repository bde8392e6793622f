package httphandler_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/userstore"
)

// creating is a host's create, which answers 200 with the attributes.
func creating(opts *httphandler.Options) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		attributes, err := httphandler.ReadNewUser(w, r, opts)
		if err == nil {
			err = json.NewEncoder(w).Encode(attributes)
		}
		if err != nil {
			httphandler.WriteError(w, r, err)
		}
	}
}

func newUser(attributes string) string {
	return `{"data":{"type":"User","attributes":` + attributes + `}}`
}

func post(body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/users", strings.NewReader(body))
	r.Header.Set("Content-Type", httphandler.MediaType)
	return r
}

func TestReadNewUser(t *testing.T) {
	for body, want := range map[string]string{
		newUser(`{"firstName":" John ","address":{"houseNo":7}}`): `{"firstName":" John ","address":{"houseNo":7}}`,
		newUser(`{"firstName":null}`):                             `{"firstName":null}`,
		newUser(`{}`):                                             `{}`,
		`{"data":{"type":"User"},"meta":{},"jsonapi":{}}`:         `{}`,
	} {
		w := httptest.NewRecorder()
		creating(nil)(w, post(body))
		if diff := cmp.Diff(want+"\n", w.Body.String()); diff != "" || w.Code != 200 {
			t.Errorf("%s: %d (-want +got):\n%s", body, w.Code, diff)
		}
	}
}

func TestReadNewUserRefuses(t *testing.T) {
	with := func(name string, values ...string) func(*http.Request) {
		return func(r *http.Request) { r.Header[name] = values }
	}
	unchanged := func(*http.Request) {}
	private := errors.New("private-value")
	for _, tt := range []struct {
		name   string
		change func(*http.Request)
		body   string
		opts   *httphandler.Options
		want   []string // status, then code and place of each error
	}{
		{"Accept", with("Accept", "text/html"), newUser(`{}`), nil, []string{"406", "not-acceptable header Accept"}},
		{"no Content-Type", with("Content-Type"), newUser(`{}`), nil, []string{"415", "unsupported-media-type header Content-Type"}},
		{"charset", with("Content-Type", httphandler.MediaType+"; charset=utf-8"), newUser(`{}`), nil, []string{"415", "unsupported-media-type header Content-Type"}},
		{"charset allowed", with("Content-Type", httphandler.MediaType+"; charset=utf-8"), newUser(`{}`), &httphandler.Options{AllowCharsetUTF8: true}, []string{"200"}},
		{"coded", with("Content-Encoding", "gzip"), newUser(`{}`), nil, []string{"415", "unsupported-content-encoding header Content-Encoding"}},
		{"empty", unchanged, "", nil, []string{"422", "malformed-json "}},
		{"more", unchanged, newUser(`{}`) + `{}`, nil, []string{"422", "malformed-json "}},
		{"too large", unchanged, newUser(`{}`), &httphandler.Options{MaxBodyBytes: 10}, []string{"422", "body-too-large "}},
		{"no type", unchanged, `{"data":{}}`, nil, []string{"422", "invalid-document pointer /data"}},
		{"another type", unchanged, `{"data":{"type":"Account"}}`, nil, []string{"422", "wrong-type pointer /data/type"}},
		{"an id", unchanged, strings.Replace(newUser(`{}`), `"type"`, `"id":"c0daf39b-4df5-4241-9e7d-b1b85f829090","type"`, 1), nil, []string{"403", "client-generated-id pointer /data/id"}},
		{"faults", unchanged, newUser(`{"email":"x","gender":7,"password":"x","createdAt":"2021-09-01T23:12:56Z"}`), nil, []string{"422",
			"wrong-json-type pointer /data/attributes/gender", "unknown-attribute pointer /data/attributes/password",
			"invalid-attribute pointer /data/attributes/email", "read-only-attribute pointer /data/attributes/createdAt"}},
		{"an unknown one, ignored", unchanged, newUser(`{"password":"x"}`), &httphandler.Options{IgnoreUnknownAttributes: true}, []string{"200"}},
		{"own rules", unchanged, newUser(`{"email":"x"}`), &httphandler.Options{Validate: func(context.Context, userstore.Attributes) error { return nil }}, []string{"200"}},
		{"failing rules", unchanged, newUser(`{}`), &httphandler.Options{Validate: func(context.Context, userstore.Attributes) error { return private }}, []string{"501", "internal-error "}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, w := post(tt.body), httptest.NewRecorder()
			tt.change(r)
			creating(tt.opts)(w, r)
			var document struct{ Errors []errorObject }
			require.NoError(t, json.Unmarshal(w.Body.Bytes(), &document))
			got := []string{fmt.Sprint(w.Code)}
			for _, e := range document.Errors {
				got = append(got, e.Code+" "+e.place())
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s%s", diff, w.Body)
			}
			if accept := w.Header().Get("Accept-Post"); accept != "" && accept != httphandler.MediaType || w.Header().Get("Accept-Patch") != "" {
				t.Errorf("header %v", w.Header())
			}
		})
	}
}

// A client that sends no more is answered when the time is over, and not again later.
func TestReadNewUserInTime(t *testing.T) {
	inBubble(t, "slow", func(t *testing.T) {
		conn := dialInMemory(t, creating(&httphandler.Options{BodyTimeout: shortTime}))
		start := time.Now()
		fmt.Fprint(conn, head+"Content-Length: 10000\r\n\r\n{")
		response, body := answer(t, conn)
		if took := time.Since(start); response.StatusCode != 422 || took < shortTime || took > 2*shortTime {
			t.Errorf("%d after %v, want 422 after %v: %s", response.StatusCode, took, shortTime, body)
		}
	})
}
