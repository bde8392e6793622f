package httphandler

import (
	"context"
	"net/http"
	"time"

	"github.com/userrecord/userrecord/userstore"
)

// An exchange is what must outlive the call of a function while one request is
// answered. It is one value because that is one allocation.
type exchange struct {
	body     timedBody
	patching deadline // the context of Store.Patch
}

// newExchange begins an exchange and replaces the body of r, if it has one. finishBody
// restores it.
func newExchange(w http.ResponseWriter, r *http.Request, bodyTimeout time.Duration) *exchange {
	x := new(exchange)
	if r.Body != nil && r.Body != http.NoBody {
		x.body.ReadCloser, x.body.w, x.body.limit = r.Body, w, bodyTimeout
		r.Body = &x.body
	}
	return x
}

// getUser calls Get of the store with a context that ends after StoreTimeout.
func (h *handler) getUser(ctx context.Context, d *decoder) (userstore.User, error) {
	if h.opts.StoreTimeout > 0 {
		limited := new(deadline)
		limited.start(ctx, h.opts.StoreTimeout)
		defer limited.end()
		ctx = limited
	}
	return h.store.Get(ctx, d.id)
}
