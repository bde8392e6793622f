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

// Options are the choices of a host. The zero value is safe.
type Options struct {
	// Logger gets a log entry for every refused request (Info) and every internal failure
	// (Error), with the context that Authenticate returned. Each has the id of the error
	// document (error_id) and, where Authorize has let the caller through, the id of the
	// user (user_id). That of a refusal also has the status, the code, and either the
	// pointers to the documented members at fault or the name of the header field.
	// No other value of a user and no token is logged. So the text of an error is not
	// logged either, unless the error is a [slog.LogValuer]: then its LogValue is, which
	// is how a Store or a step of Access says what is safe to log. If Logger is nil, only
	// failures are logged, to [slog.Default].
	Logger *slog.Logger

	// MaxBodyBytes limits the request body. A longer one is answered with 422. 0
	// means [DefaultMaxBodyBytes].
	MaxBodyBytes int64

	// BodyTimeout limits how long the handler waits for the body: all reads
	// together, including those by Authenticate. A slower client gets 422, or the
	// refusal that it would get anyway. The ResponseWriter must support
	// SetReadDeadline or unwrap to one that does (see [http.ResponseController]);
	// BodyTimeout then replaces the server's ReadTimeout. 0 means
	// [DefaultBodyTimeout].
	BodyTimeout time.Duration

	// StoreTimeout limits each call of the Store: its context expires then, and a
	// call that fails is answered with 501. A patch with createdAt makes two
	// calls, any other patch one. If a Store ignores its context, the handler
	// waits for it, and a late success is still a success. The server's
	// WriteTimeout must be longer than BodyTimeout and these calls together, or
	// the client gets no answer. 0 means [DefaultStoreTimeout]; a negative value
	// means no limit.
	StoreTimeout time.Duration

	// IgnoreUnknownAttributes ignores attributes and members of the address that
	// the page does not have. By default they are answered with 422.
	IgnoreUnknownAttributes bool

	// AllowCharsetUTF8 accepts a Content-Type with the parameter charset=utf-8, in
	// any case. OkHttp, .NET and Dart add it to a body that is a string. By default it
	// is answered with 415, as JSON:API 1.1 asks (section Server Responsibilities).
	AllowCharsetUTF8 bool

	// Validate checks the formats of a patch, after [userstore.Attributes.Check]. Its
	// context is the one that Authenticate returned, so the rules may depend on the
	// caller.
	// An [*userstore.InvalidError], or another error that matches
	// [userstore.ErrInvalid], is answered with 422, any other with 501. nil means
	// the Validate method of [userstore.DefaultRules].
	Validate func(ctx context.Context, patch userstore.Attributes) error

	// AuthorizePatch decides whether the caller may change these attributes of
	// the user. An error that matches [ErrForbidden] is answered with 403, which
	// names the attributes of a [*ForbiddenError]; any other with 501. nil allows
	// every change.
	AuthorizePatch func(ctx context.Context, id uuid.UUID, patch userstore.Attributes) error

	// AfterCommit is called after the Store has applied a patch and before the
	// client is answered, with the user and the names of the attributes that changed.
	// It is not called if none did. Stores tell what changed if they can (see
	// [userstore.ChangeIn]), as memstore and sqlstore do; with any other Store, the
	// names are those of the patch. The context is not canceled when the request ends
	// or StoreTimeout passes. An error or panic is logged and does not change the
	// answer.
	//
	// Telling costs sqlstore what its Options.OnPatch costs: a patch takes four round
	// trips instead of one on PostgreSQL.
	//
	// If the process dies first, the hook is never called. What must not be lost, as
	// a row of an outbox, belongs in the transaction of the patch.
	AfterCommit func(ctx context.Context, id uuid.UUID, names []string) error

	// Observe is called after each answer of the handler, 200 or not, for metrics and
	// spans. Its context is the one that Authenticate returned, or the request's if
	// Authenticate has let nobody in; it may be done. The client may be waiting for
	// the end of the answer, so Observe must be quick. A panic is logged and does not
	// change the answer. It is not called if there is no answer, because a step panics
	// with [http.ErrAbortHandler] or the ResponseWriter panics.
	Observe func(ctx context.Context, outcome Outcome)
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
