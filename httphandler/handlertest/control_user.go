package handlertest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

func (f *Fake) listUsers(w http.ResponseWriter, r *http.Request) {
	if err := httphandler.WriteUsers(w, f.Store.All(r.Context())); err != nil {
		httphandler.WriteError(w, r, err)
	}
}

func (f *Fake) getUser(w http.ResponseWriter, r *http.Request) {
	id, err := httphandler.PathID(r)
	var user userstore.User
	if err == nil {
		user, err = f.Store.Get(r.Context(), id)
	}
	if err == nil {
		err = httphandler.WriteUser(w, http.StatusOK, user)
	}
	if err != nil {
		httphandler.WriteError(w, r, err)
	}
}

func (f *Fake) deleteUser(w http.ResponseWriter, r *http.Request) {
	id, err := httphandler.PathID(r)
	if err == nil {
		err = f.Store.Delete(r.Context(), id)
	}
	if err != nil {
		httphandler.WriteError(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// putUser sets the whole record of a user. The document is the one of the operation, and
// so are its decoding and the answer; only a store that puts makes the difference.
func (f *Fake) putUser(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		refuseControl(w, http.StatusBadRequest, "The body cannot be read, or is longer than 1 MiB.", "")
		return
	}
	patch := r.Clone(r.Context())
	patch.Method = http.MethodPatch
	patch.Header = http.Header{"Content-Type": {httphandler.MediaType}}
	patch.Body, patch.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	store := puttingStore{f.Store, createdAtIn(body)}
	httphandler.New(store, httphandler.InsecureAllowEveryone(), &httphandler.Options{
		Logger:       slog.New(slog.DiscardHandler),
		MaxBodyBytes: maxRead,
		// A record may have values that no patch could set any more.
		Validate: func(context.Context, userstore.Attributes) error { return nil },
	}).ServeHTTP(w, patch)
}

// A puttingStore makes a patch the whole record, with this creation time.
type puttingStore struct {
	store     *memstore.Store
	createdAt time.Time // zero: see [memstore.Store.Put]
}

// Get returns a user that was created when the document says so.
func (s puttingStore) Get(_ context.Context, id uuid.UUID) (userstore.User, error) {
	return userstore.User{ID: id, CreatedAt: s.createdAt}, nil
}

func (s puttingStore) Patch(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	return s.store.Put(ctx, userstore.User{ID: id, Attributes: patch, CreatedAt: s.createdAt})
}

// createdAtIn returns createdAt in a document, or zero. Whatever is wrong with the
// document, the handler says.
func createdAtIn(document []byte) time.Time {
	var d struct {
		Data struct {
			Attributes struct {
				CreatedAt string `json:"createdAt"`
			} `json:"attributes"`
		} `json:"data"`
	}
	_ = json.Unmarshal(document, &d)
	t, _ := userstore.ParseTime(d.Data.Attributes.CreatedAt)
	return t
}
