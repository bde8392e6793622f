package httphandler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
)

// A failure is an internal error: 501.
type failure struct {
	class string // the step that returned an error, or panicClass
	types string // of the error and those it wraps, or of the value
	stack []uintptr
	err   error // never shown: it may quote values
}

func (f *failure) Error() string { return "httphandler: " + f.class + ": " + f.types }
func (f *failure) Unwrap() error { return f.err }

func failed(step string, err error) *failure {
	return &failure{class: step, types: errorTypes(err), stack: callers(), err: err}
}

const panicClass = "panic"

// panicked is called by the deferred function that recovered v.
func panicked(v any) *failure {
	err, _ := v.(error)
	f := &failure{class: panicClass, types: fmt.Sprintf("%T", v), stack: callers(), err: err}
	if err != nil {
		f.types = errorTypes(err)
	}
	return f
}

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
	if ctx.Err() == context.Canceled && errors.Is(f.err, context.Canceled) && f.class != panicClass {
		return
	}
	logger := h.opts.Logger
	if logger == nil {
		logger = slog.Default()
	}
	attrs := []slog.Attr{slog.String("class", f.class), slog.String("type", f.types), slog.String("stack", f.stackText())}
	var teller interface {
		error
		slog.LogValuer
	}
	if errors.As(f.err, &teller) {
		attrs = append(attrs, slog.Any("error", teller))
	}
	if errorID != "" {
		attrs = append(attrs, slog.String("error_id", errorID))
	}
	logger.LogAttrs(ctx, slog.LevelError, "user patch: internal failure", attrs...)
}

// logRefusal logs a refused request, where the host asked for it.
func (h *handler) logRefusal(ctx context.Context, errorID string, r *refusal) {
	if h.opts.Logger == nil || ctx.Err() != nil {
		return
	}
	h.opts.Logger.LogAttrs(ctx, slog.LevelInfo, "user patch: refused",
		slog.Int("status", r.status), slog.String("code", r.faults[0].code), slog.String("error_id", errorID))
}
