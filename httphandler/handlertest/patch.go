package handlertest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/userstore"
)

// Patch returns the patch in the body, as the handler decodes it, whatever the answer
// was. If the error is not nil, the path does not end in a user id, or the body is not a
// document that the handler takes for that user. The patch is then what could be read,
// and the error has the code and the pointer of each fault, and no value. Unknown
// attributes are ignored; formats, such as that of a date, and createdAt are not checked.
func (c Call) Patch() (userstore.Attributes, error) {
	var patch userstore.Attributes
	ctx := context.WithValue(noContext, patchKey{}, &patch)
	r, err := http.NewRequestWithContext(ctx, http.MethodPatch, c.Path, bytes.NewReader(c.Body))
	if err != nil {
		return patch, errors.New("handlertest: the path of the call is malformed")
	}
	r.Header.Set("Content-Type", httphandler.MediaType)
	answer := keptAnswer{header: make(http.Header)}
	decoder.ServeHTTP(&answer, r)
	if answer.status == http.StatusOK {
		return patch, nil
	}
	return patch, refusal(answer.body.Bytes())
}

type patchKey struct{}

// decoder is a handler that only decodes: it sets the patch in the context.
var decoder = httphandler.New(anyUser{}, httphandler.InsecureAllowEveryone(), &httphandler.Options{
	Logger:                  slog.New(slog.DiscardHandler),
	MaxBodyBytes:            maxRead,
	IgnoreUnknownAttributes: true,
	Validate: func(ctx context.Context, patch userstore.Attributes) error {
		*ctx.Value(patchKey{}).(*userstore.Attributes) = patch
		return nil
	},
})

// anyUser has every user, without attributes.
type anyUser struct{}

func (anyUser) Get(context.Context, uuid.UUID) (userstore.User, error) {
	return userstore.User{}, userstore.ErrNotFound // then createdAt is not compared
}

func (anyUser) Patch(_ context.Context, id uuid.UUID, _ userstore.Attributes) (userstore.User, error) {
	return userstore.User{ID: id}, nil
}

// refusal returns the errors of an error document.
func refusal(document []byte) error {
	var d struct {
		Errors []struct {
			Code   string
			Source struct{ Pointer string }
		}
	}
	if err := json.Unmarshal(document, &d); err != nil {
		return err
	}
	var faults []string
	for _, e := range d.Errors {
		faults = append(faults, strings.TrimSuffix(e.Code+" "+e.Source.Pointer, " "))
	}
	return fmt.Errorf("handlertest: the request is refused: %s", strings.Join(faults, ", "))
}
