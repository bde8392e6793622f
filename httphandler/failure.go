package httphandler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
)

// A failure is an internal error: 501. Its cause is never shown, because the text
// may quote values.
type failure struct {
	class string // the step that failed, or panicClass
	cause any    // the error, or the value of the panic
	stack []uintptr
}

func (f *failure) Error() string { return "httphandler: failure: " + f.class }

func failed(step string, err error) *failure { return &failure{step, err, callers()} }

const panicClass = "panic"

// panicked must be called by the deferred function that recovered v.
func panicked(v any) *failure { return &failure{panicClass, v, callers()} }

// errorTypes returns the types of err and of the errors that it wraps: "a > b", or
// "a > (b, c)" if it wraps several.
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

// callers returns the stack above its caller.
func callers() []uintptr {
	pcs := make([]uintptr, 32)
	return pcs[:runtime.Callers(3, pcs)]
}

// stackText returns the functions and lines of the stack. (The runtime's own format
// also shows arguments.)
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

// logFailure logs an internal error with more attributes.
func (h *handler) logFailure(ctx context.Context, errorID string, f *failure, more ...slog.Attr) {
	defer ignorePanic()
	types := fmt.Sprintf("%T", f.cause)
	err, ok := f.cause.(error)
	if ok {
		types = errorTypes(err)
	}
	attrs := []slog.Attr{slog.String("class", f.class), slog.String("type", types), slog.String("stack", f.stackText())}
	var loggable interface {
		error
		slog.LogValuer
	}
	if errors.As(err, &loggable) {
		attrs = append(attrs, slog.Any("error", loggable))
	}
	attrs = append(attrs, more...)
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

// ignorePanic is deferred while we log, which runs code of the host: its slog handler
// and the methods of its errors. If that panics the client must still get an answer,
// and there is nowhere left to log the panic.
func ignorePanic() { _ = recover() }
