package httphandler

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// New returns the handler of PATCH /users/{userId} for the users of the store. opts
// may be nil. New panics if the store or a step of access is nil, or if a limit is
// negative (only StoreTimeout may be).
//
// Mount it under any prefix, and for all methods, so that it can answer 405:
//
//	mux.Handle("/users/{userId}", httphandler.New(store, access, nil))
//
// [PathID] says where in the path the user id is, [Methods] mounts the handler beside
// other methods, and docs/routers.md of the module has other routers.
func New(store userstore.Store, access Access, opts *Options) http.Handler {
	if store == nil || access.Authenticate == nil || access.Authorize == nil {
		panic("httphandler: New needs a store and both steps of access")
	}
	h := &handler{store: store, access: access, opts: opts.withDefaults()}
	if h.opts.StoreTimeout > 0 {
		h.store = timedStore{store, h.opts.StoreTimeout}
	}
	if h.opts.Validate == nil {
		h.validators = []validator{withoutContext(userstore.DefaultRules().Validate)}
	} else {
		h.validators = []validator{withoutContext(userstore.Attributes.Check), h.opts.Validate}
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

type validator = func(ctx context.Context, patch userstore.Attributes) error

func withoutContext(validate func(userstore.Attributes) error) validator {
	return func(_ context.Context, patch userstore.Attributes) error { return validate(patch) }
}

// ServeHTTP answers with the new record, or with the error of a step.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := call{ctx: r.Context(), Outcome: Outcome{Status: http.StatusOK}}
	if h.opts.Observe == nil {
		h.serve(&c, w, r)
		return
	}
	start := time.Now()
	h.serve(&c, w, r)
	h.observe(&c, r, start)
}

func (h *handler) serve(c *call, w http.ResponseWriter, r *http.Request) {
	body := h.limitBody(w, r)
	user, err := h.patch(c, w, r)
	if err == nil {
		h.finishBody(body, r)
		err = writeUser(w, &user)
	}
	if err != nil {
		h.refuse(c, w, r, body, err)
	}
}

// patch runs the checks in the documented order and then the patch. It returns the
// new record. A panic of a step is a failure.
func (h *handler) patch(c *call, w http.ResponseWriter, r *http.Request) (user userstore.User, err error) {
	defer recoverPanic(&err)
	ctx, id, err := h.admit(c, r)
	if err != nil {
		return user, err
	}
	d := decoder{id: id, ignoreUnknown: h.opts.IgnoreUnknownAttributes}
	if err := h.readPatch(ctx, &d, w, r); err != nil {
		return user, err
	}
	if h.opts.AuthorizePatch != nil {
		if err := h.opts.AuthorizePatch(ctx, id, d.patch); err != nil {
			return user, patchForbidden(err)
		}
	}
	user, changed, err := h.apply(ctx, id, &d.patch)
	if err != nil {
		return user, storeError(err)
	}
	h.afterCommit(ctx, id, changed) // first: the change is made, whatever the record is like
	return user, checkOrigin(&user, id)
}

// recoverPanic, deferred, makes err the failure of a panic.
func recoverPanic(err *error) {
	if v := recover(); v != nil {
		if v == http.ErrAbortHandler {
			panic(v)
		}
		*err = panicked(v)
	}
}

// admit runs the checks that need no body, and notes in c how far the caller was let
// in. The returned context carries the caller.
func (h *handler) admit(c *call, r *http.Request) (context.Context, uuid.UUID, error) {
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
	c.ctx = ctx
	id, err := PathID(r)
	if err != nil {
		return nil, uuid.Nil, notFound
	}
	if err := h.access.Authorize(ctx, id); err != nil {
		return nil, uuid.Nil, refusalFor("authorize", err, forbidden, notFound)
	}
	c.UserID = id
	return ctx, id, negotiate(r.Header, h.opts.AllowCharsetUTF8)
}

// storeError returns the refusal or failure for an error of the Store.
func storeError(err error) error {
	if invalid, ok := errors.AsType[*userstore.InvalidError](err); ok && len(invalid.Problems) > 0 {
		return invalidAttributes(invalid.Problems)
	}
	return refusalFor("store", err, notFound, invalidUser)
}
