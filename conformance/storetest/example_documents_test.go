package storetest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/storetest"
	"github.com/userrecord/userrecord/userstore"
)

// Documents is a Store in a document database with a REST interface: the JSON of a user
// is at URL/ID. It relies on the database to replace a document only if its ETag is
// still that of If-Match (RFC 9110, sections 8.8.3 and 13.1.1), to save it before it
// answers, and to read what it saved last.
type Documents struct {
	URL    string
	Client *http.Client // must not follow redirects, which make a GET of a PUT
}

// Get reads the document.
func (d *Documents) Get(ctx context.Context, id uuid.UUID) (userstore.User, error) {
	user, _, err := d.read(ctx, id)
	return user, err
}

// Patch merges the patch into the document that it reads, and replaces that very one. If
// another patch was faster it begins again, until ctx ends.
func (d *Documents) Patch(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	if err := patch.Check(); err != nil {
		return userstore.User{}, err
	}
	for {
		user, etag, err := d.read(ctx, id)
		if err != nil {
			return userstore.User{}, err
		}
		user.Attributes = user.Attributes.Merge(patch)
		document, err := json.Marshal(user)
		if err == nil {
			_, _, err = d.send(ctx, http.MethodPut, id, document, etag)
		}
		if !errors.Is(err, errReplaced) {
			return user, err
		}
		time.Sleep(rand.N(10 * time.Millisecond)) // so that a crowd disperses
	}
}

func (d *Documents) read(ctx context.Context, id uuid.UUID) (user userstore.User, etag string, err error) {
	document, etag, err := d.send(ctx, http.MethodGet, id, nil)
	if err == nil && (json.Unmarshal(document, &user) != nil || user.ID != id || !strings.HasPrefix(etag, `"`)) {
		err = errors.New("documents: this is no document of the user, or has no strong ETag") // no value in the text
	}
	user.Attributes, user.CreatedAt = userstore.Attributes{}.Merge(user.Attributes), user.CreatedAt.UTC()
	return user, etag, err
}

func (d *Documents) send(ctx context.Context, method string, id uuid.UUID, document []byte, ifMatch ...string) (answer []byte, etag string, err error) {
	request, err := http.NewRequestWithContext(ctx, method, d.URL+"/"+id.String(), bytes.NewReader(document))
	if err != nil {
		return nil, "", err
	}
	request.Header = http.Header{"Content-Type": {"application/json"}, "If-Match": ifMatch}
	response, err := d.Client.Do(request)
	if err == nil {
		defer response.Body.Close()
		answer, err = io.ReadAll(response.Body)
	}
	if err != nil {
		return nil, "", errors.Join(ctx.Err(), err) // net/http returns the cause of the context's end
	}
	if err, known := outcomes[response.StatusCode]; known {
		return answer, response.Header.Get("ETag"), err
	}
	return nil, "", fmt.Errorf("documents: status %d", response.StatusCode)
}

var errReplaced = errors.New("documents: the document has been replaced")

// outcomes are what the status codes mean. Any other is a failure.
var outcomes = map[int]error{
	200: nil, 201: nil, 204: nil,
	404: userstore.ErrNotFound, 412: errReplaced, 422: userstore.ErrInvalid,
}

// staying is a client that follows no redirects.
var staying = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// A Store over a document database behind a REST interface, in 60 lines, and what the
// suite says of it.
func ExampleCheck_documents() {
	open := func(_ context.Context, users ...userstore.User) (userstore.Store, func() error, error) {
		url, stop := startDatabase(users...) // yours
		return &Documents{url, staying}, stop, nil
	}
	report, err := storetest.Check(context.Background(), open, &conformance.Options{Strict: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, result := range report.Results {
		if result.Status != conformance.Passed {
			fmt.Println(result.ID, result.Reason())
		}
	}
	fmt.Println(report.Summary.Passed, "of", report.Requirements)
	// Output: 43 of 43
}
