package httphandler

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// The defaults of [Options].
const (
	DefaultMaxBodyBytes = 64 << 10
	DefaultBodyTimeout  = 10 * time.Second
	DefaultStoreTimeout = 10 * time.Second
)

// Options are what a host may choose. The zero value is safe.
type Options struct {
	// Logger gets a line for every refused request (Info) and every internal
	// failure (Error), with the id of the error document; never a personal
	// value or a token, so not the text of an error either. An error that is a
	// [slog.LogValuer] is logged as that says: that is how a Store, or a step of
	// access, tells what is safe to tell. If nil, only failures are logged, to
	// slog.Default().
	Logger *slog.Logger

	// MaxBodyBytes limits the request body; a longer one is 422. 0 means
	// [DefaultMaxBodyBytes].
	MaxBodyBytes int64

	// BodyTimeout limits how long the handler waits for the client to send the
	// body, all reads of it together, those of Authenticate too; a slower client
	// gets 422, or the refusal that it gets anyway. It needs a ResponseWriter that
	// supports SetReadDeadline or unwraps to one (see [http.ResponseController]);
	// there it takes the place of the server's ReadTimeout. 0 means
	// [DefaultBodyTimeout].
	BodyTimeout time.Duration

	// StoreTimeout limits each call of the Store: its context ends then, and a
	// call that fails with it is 501. A patch with createdAt makes two calls,
	// any other one. A Store that ignores its context is not ended, and is
	// waited for; what it returns late counts. The server's WriteTimeout must
	// leave room for BodyTimeout and the calls, or the client gets no answer.
	// 0 means [DefaultStoreTimeout]; a negative value means no limit.
	StoreTimeout time.Duration

	// IgnoreUnknownAttributes ignores attributes, and members of the address,
	// that the page does not name. By default they are 422.
	IgnoreUnknownAttributes bool

	// Validate says which values of a patch have a wrong format: 422. It runs
	// after [userstore.Attributes.Check]. An error other than an
	// [*userstore.InvalidError], or one that matches [userstore.ErrInvalid], is
	// 501. nil means the Validate method of
	// [userstore.DefaultRules].
	Validate func(patch userstore.Attributes) error

	// AuthorizePatch says whether the caller may change these attributes of the
	// user. An error that matches [ErrForbidden] is 403; any other is 501.
	AuthorizePatch func(ctx context.Context, id uuid.UUID, patch userstore.Attributes) error

	// AfterCommit is told, after the Store has made a change and before the
	// client is answered, which user and which attributes a patch provided; a
	// patch that provided none is not told. Its context ends neither with the
	// request nor after StoreTimeout. Its error or panic is logged; the answer
	// stays 200.
	AfterCommit func(ctx context.Context, id uuid.UUID, names []string) error
}

// withDefaults returns the options with the default limits filled in.
func (o *Options) withDefaults() Options {
	var opts Options
	if o != nil {
		opts = *o
	}
	if opts.MaxBodyBytes < 0 || opts.BodyTimeout < 0 {
		panic("httphandler: a limit in Options is negative")
	}
	if opts.MaxBodyBytes == 0 {
		opts.MaxBodyBytes = DefaultMaxBodyBytes
	}
	if opts.BodyTimeout == 0 {
		opts.BodyTimeout = DefaultBodyTimeout
	}
	if opts.StoreTimeout == 0 {
		opts.StoreTimeout = DefaultStoreTimeout
	}
	return opts
}
