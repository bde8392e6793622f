package browsertest

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/servertest"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/userstore"
)

// redReport checks a server with several faults.
func redReport(t *testing.T) *conformance.Report {
	t.Helper()
	other := userstore.User{ID: uuid.New(), Attributes: userstore.Attributes{FirstName: userstore.Value("Maria")}}
	server := httptest.NewServer(wrong(handlertest.New(userstore.ExampleUser(), other)))
	defer server.Close()
	report, err := servertest.Check(t.Context(), servertest.Target{
		URL:            server.URL + "/user/2025-1",
		User:           uuid.MustParse(handlertest.ExampleID),
		OtherUser:      other.ID,
		Token:          handlertest.Token,
		ForbiddenToken: handlertest.ForbiddenToken,
	}, &conformance.Options{Seed: 1, KnownFailing: map[string]string{
		"merge.address.street": "the post office writes it so, see ticket 4711",
		"merge.firstName":      "fixed last week",
	}})
	require.NoError(t, err)
	return report
}

// wrong makes of a correct handler one that trims and folds the street, takes any
// Accept, forgets a media type, and shows createdAt in a form of its own.
func wrong(next http.Handler) http.Handler {
	street := regexp.MustCompile(`"street":" *([^"]*?) *"`)
	created := regexp.MustCompile(`"createdAt":"([^"T]*)T[^"]*"`)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		body = street.ReplaceAllFunc(body, func(b []byte) []byte {
			return append([]byte(`"street":`), bytes.ToUpper(street.ReplaceAll(b, []byte(`"$1"`)))...)
		})
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		r.Header.Set("Accept", "*/*")

		recorder := httptest.NewRecorder()
		next.ServeHTTP(recorder, r)
		answer := created.ReplaceAllString(recorder.Body.String(), `"createdAt":"$1"`)
		for name, values := range recorder.Header() {
			w.Header()[name] = values
		}
		w.Header().Del("WWW-Authenticate")
		if recorder.Code == http.StatusForbidden {
			w.Header().Set("Content-Type", "application/json")
		}
		w.WriteHeader(recorder.Code)
		io.Copy(w, strings.NewReader(answer))
	})
}
