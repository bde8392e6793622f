package httphandler

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// New returns the handler of PATCH /users/{userId} over the store. It panics if
// the store or a step of access is nil, or a limit is negative that must not be.
// opts may be nil.
//
// Mount it for all methods, so that it answers 405 itself, under any prefix:
//
//	mux.Handle("/users/{userId}", httphandler.New(store, access, nil))
//
// The id is the path value userId of [http.ServeMux]; where there is none, as on
// another router, it is the last segment of the path.
func New(store userstore.Store, access Access, opts *Options) http.Handler {
	if store == nil || access.Authenticate == nil || access.Authorize == nil {
		panic("httphandler: New needs a store and both steps of access")
	}
	h := &handler{store: store, access: access, opts: opts.withDefaults()}
	if h.opts.StoreTimeout > 0 {
		h.store = timedStore{store, h.opts.StoreTimeout}
	}
	if h.opts.Validate == nil {
		h.validators = []validator{userstore.DefaultRules().Validate}
	} else {
		h.validators = []validator{userstore.Attributes.Check, h.opts.Validate}
	}
	return h
}

var errNoContext = errors.New("httphandler: Authenticate returned no context and no error")

type handler struct {
	store      userstore.Store
	access     Access
	validators []validator
	opts       Options
}

type validator = func(patch userstore.Attributes) error

// ServeHTTP answers with the record that patch sets, or refuses with its error.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body := h.limitBody(w, r)
	var user userstore.User
	err := h.try(&user, w, r)
	if err == nil {
		h.finish(body, r)
		err = writeUser(w, &user)
	}
	if err != nil {
		h.refuse(w, r, body, err)
	}
}

// try turns a panic of a step into an error.
func (h *handler) try(user *userstore.User, w http.ResponseWriter, r *http.Request) (err error) {
	defer func() {
		if v := recover(); v != nil {
			if v == http.ErrAbortHandler {
				panic(v)
			}
			err = panicked(v)
		}
	}()
	return h.patch(user, w, r)
}

// patch runs the checks in the documented order, and then the patch. It sets user
// to the new record.
func (h *handler) patch(user *userstore.User, w http.ResponseWriter, r *http.Request) error {
	ctx, id, err := h.admit(r)
	if err != nil {
		return err
	}
	d := decoder{id: id, ignoreUnknown: h.opts.IgnoreUnknownAttributes}
	if err := h.readPatch(ctx, &d, w, r); err != nil {
		return err
	}
	if h.opts.AuthorizePatch != nil {
		if err := h.opts.AuthorizePatch(ctx, id, d.patch); err != nil {
			return refusalFor("authorize patch", err, forbidden)
		}
	}
	if *user, err = h.store.Patch(ctx, id, d.patch); err != nil {
		return storeError(err)
	}
	h.afterCommit(ctx, id, &d.patch) // the Store says that it has made the change
	return checkOrigin(user, id)
}

// admit runs the checks that need no body. The context carries the caller.
func (h *handler) admit(r *http.Request) (context.Context, uuid.UUID, error) {
	if r.Method != http.MethodPatch {
		return nil, uuid.Nil, methodNotAllowed
	}
	ctx, err := h.access.Authenticate(r)
	if err != nil {
		return nil, uuid.Nil, refusalFor("authenticate", err, noCredentials, invalidToken, missingLinkedIdentity)
	}
	if ctx == nil {
		return nil, uuid.Nil, failed("authenticate", errNoContext)
	}
	id, err := userstore.ParseID(pathID(r))
	if err != nil {
		return nil, uuid.Nil, notFound
	}
	if err := h.access.Authorize(ctx, id); err != nil {
		return nil, uuid.Nil, refusalFor("authorize", err, forbidden, notFound)
	}
	return ctx, id, negotiate(r.Header)
}

// storeError maps the errors that [userstore.Store] lists.
func storeError(err error) error {
	if invalid, ok := errors.AsType[*userstore.InvalidError](err); ok && len(invalid.Problems) > 0 {
		return invalidAttributes(invalid.Problems)
	}
	return refusalFor("store", err, notFound, invalidUser)
}

// pathID returns the user id of the path, not yet parsed.
func pathID(r *http.Request) string {
	if id := r.PathValue("userId"); id != "" {
		return id
	}
	// The escaped path, so that an encoded slash cannot end a segment.
	path := r.URL.EscapedPath()
	segment := path[strings.LastIndexByte(path, '/')+1:]
	id, err := url.PathUnescape(segment)
	if err != nil {
		return ""
	}
	return id
}

// afterCommit runs the hook. The patch is made, so nothing that goes wrong here
// may change the answer.
func (h *handler) afterCommit(ctx context.Context, id uuid.UUID, patch *userstore.Attributes) {
	if h.opts.AfterCommit == nil || *patch == (userstore.Attributes{}) {
		return
	}
	ctx = context.WithoutCancel(ctx)
	defer func() {
		if v := recover(); v != nil {
			h.logFailure(ctx, "", panicked(v))
		}
	}()
	if err := h.opts.AfterCommit(ctx, id, patch.Names()); err != nil {
		h.logFailure(ctx, "", failed("after commit", err))
	}
}
