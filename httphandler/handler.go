package httphandler

import (
	"context"
	"errors"
	"net/http"
	"time"

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
	return &handler{store: store, access: access, rules: userstore.DefaultRules(), opts: opts.withDefaults()}
}

type handler struct {
	store  userstore.Store
	access Access
	rules  *userstore.Rules // where opts has none
	opts   Options
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
	x := newExchange(w, r, h.opts.BodyTimeout)
	answer, err := h.patch(c, x, w, r)
	if err != nil {
		h.refuse(c, x, w, r, err)
		return
	}
	h.finishBody(x, r)
	_ = write(w, http.StatusOK, answer) // the client has gone, so there is nobody to tell
}

// patch runs the checks in the documented order and then the patch. It returns the
// document of the new record. A panic of a step is a failure.
func (h *handler) patch(c *call, x *exchange, w http.ResponseWriter, r *http.Request) (answer *buffer, err error) {
	defer recoverPanic(&err)
	d := decoder{ignoreUnknown: h.opts.IgnoreUnknownAttributes}
	ctx, err := h.admit(c, &d, r)
	if err != nil {
		return nil, err
	}
	if err := h.readPatch(ctx, x, &d, w, r); err != nil {
		return nil, err
	}
	if h.opts.AuthorizePatch != nil {
		if err := h.opts.AuthorizePatch(ctx, d.id, d.patch); err != nil {
			return nil, patchForbidden(err)
		}
	}
	return h.patchStore(ctx, x, &d)
}

// patchStore applies the patch and returns the document of the new record.
func (h *handler) patchStore(ctx context.Context, x *exchange, d *decoder) (*buffer, error) {
	var user userstore.User
	changed, err := h.apply(ctx, x, d, &user)
	if err != nil {
		return nil, storeError(err)
	}
	h.afterCommit(ctx, d.id, changed) // first: the change is made, whatever the record is like
	if err := checkID(&user, d.id); err != nil {
		return nil, err
	}
	return userDocument(&user, d.plainTexts())
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

// admit runs the checks that need no body, finds the user's id, and notes in c how far
// the caller was let in. The returned context carries the caller.
func (h *handler) admit(c *call, d *decoder, r *http.Request) (context.Context, error) {
	if r.Method != http.MethodPatch {
		return nil, methodNotAllowed
	}
	ctx, err := h.access.authenticate(r)
	if err != nil {
		return nil, refusalFor("authenticate", err, noCredentials, invalidToken, missingLinkedIdentity)
	}
	c.ctx = ctx
	d.pathID = pathID(r)
	if d.id, err = userstore.ParseID(d.pathID); err != nil {
		return nil, notFound
	}
	if err := h.access.Authorize(ctx, d.id); err != nil {
		return nil, refusalFor("authorize", err, forbidden, notFound)
	}
	c.UserID = d.id
	return ctx, negotiate(r.Header, h.opts.AllowCharsetUTF8)
}

// storeError returns the refusal or failure for an error of the Store.
func storeError(err error) error {
	if invalid, ok := errors.AsType[*userstore.InvalidError](err); ok && len(invalid.Problems) > 0 {
		return invalidAttributes(invalid.Problems)
	}
	return refusalFor("store", err, notFound, invalidUser)
}
