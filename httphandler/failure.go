package httphandler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
)

// A failure is an internal error: 501. Its cause is never shown: it may quote
// values.
type failure struct {
	class string // the step that returned an error, or panicClass
	cause any    // the error, or the value of the panic
	stack []uintptr
}

func (f *failure) Error() string { return "httphandler: failure: " + f.class }

func failed(step string, err error) *failure { return &failure{step, err, callers()} }

const panicClass = "panic"

// panicked is called by the deferred function that recovered v.
func panicked(v any) *failure { return &failure{panicClass, v, callers()} }

// errorTypes names the types of err and of the errors it wraps: a > b for one, a
// > (b, c) for several.
func errorTypes(err error) string {
	text := fmt.Sprintf("%T", err)
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		if inner := e.Unwrap(); inner != nil {
			text += " > " + errorTypes(inner)
		}
	case interface{ Unwrap() []error }:
		var inner []string
		for _, err := range e.Unwrap() {
			inner = append(inner, errorTypes(err))
		}
		text += " > (" + strings.Join(inner, ", ") + ")"
	}
	return text
}

// callers returns the stack above the function of this file that calls it.
func callers() []uintptr {
	pcs := make([]uintptr, 32)
	return pcs[:runtime.Callers(3, pcs)]
}

// stackText renders functions and lines. A stack as the runtime prints it shows
// arguments too.
func (f *failure) stackText() string {
	var b strings.Builder
	for frames := runtime.CallersFrames(f.stack); ; {
		frame, more := frames.Next()
		fmt.Fprintf(&b, "%s\n\t%s:%d\n", frame.Function, frame.File, frame.Line)
		if !more {
			return b.String()
		}
	}
}

// logFailure logs an internal error. A step that fails because the client has
// gone is none.
func (h *handler) logFailure(ctx context.Context, errorID string, f *failure) {
	defer letLoggingFail()
	types := fmt.Sprintf("%T", f.cause)
	err, ok := f.cause.(error)
	if ok {
		types = errorTypes(err)
	}
	if ctx.Err() == context.Canceled && errors.Is(err, context.Canceled) && f.class != panicClass {
		return
	}
	attrs := []slog.Attr{slog.String("class", f.class), slog.String("type", types), slog.String("stack", f.stackText())}
	var teller interface {
		error
		slog.LogValuer
	}
	if errors.As(err, &teller) {
		attrs = append(attrs, slog.Any("error", teller))
	}
	if errorID != "" {
		attrs = append(attrs, slog.String("error_id", errorID))
	}
	h.failureLogger().LogAttrs(ctx, slog.LevelError, "user patch: internal failure", attrs...)
}

func (h *handler) failureLogger() *slog.Logger {
	if h.opts.Logger == nil {
		return slog.Default()
	}
	return h.opts.Logger
}

// logRefusal logs a refused request, where the host asked for it.
func (h *handler) logRefusal(ctx context.Context, errorID string, r *refusal) {
	if h.opts.Logger == nil || ctx.Err() == context.Canceled {
		return
	}
	defer letLoggingFail()
	h.opts.Logger.LogAttrs(ctx, slog.LevelInfo, "user patch: refused",
		slog.Int("status", r.status), slog.String("code", r.faults[0].code), slog.String("error_id", errorID))
}

// letLoggingFail is deferred around what the host runs while we log: its slog
// handler, and the methods of its errors. The client is owed an answer even if
// they panic, and there is nowhere left to log that.
func letLoggingFail() { _ = recover() }
