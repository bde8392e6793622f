package sqlstore

import (
	"context"
	"errors"
	"iter"
	"net"
	"reflect"
	"syscall"
)

// Drivers tell what went wrong in fields and methods of their error types. Reading
// them without importing a driver takes reflection, which runs only after an error.

// errorsIn yields err and all errors that it wraps, in the order of errors.As.
func errorsIn(err error) iter.Seq[error] {
	return func(yield func(error) bool) { walk(err, yield) }
}

// walk reports whether yield wants more errors.
func walk(err error, yield func(error) bool) bool {
	if err == nil {
		return true
	}
	if !yield(err) {
		return false
	}
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		return walk(e.Unwrap(), yield)
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			if !walk(inner, yield) {
				return false
			}
		}
	}
	return true
}

// networkCause says what is wrong with the network, or "" if err does not tell. It
// holds no value of a user.
func networkCause(err error) string {
	var errno syscall.Errno
	var dns *net.DNSError
	var timeout interface{ Timeout() bool }
	switch {
	case errors.As(err, &dns):
		return "the host is not found"
	case errors.As(err, &errno):
		return errno.Error()
	case errors.As(err, &timeout) && timeout.Timeout() && !errors.Is(err, context.DeadlineExceeded):
		return "no answer in time"
	}
	return ""
}

// field returns the first field with one of the names that ok accepts, of err or an
// error that it wraps.
func field(err error, ok func(reflect.Value) bool, names ...string) (reflect.Value, bool) {
	for e := range errorsIn(err) {
		v := reflect.Indirect(reflect.ValueOf(e))
		if v.Kind() != reflect.Struct {
			continue
		}
		for _, name := range names {
			if f := v.FieldByName(name); f.IsValid() && ok(f) {
				return f, true
			}
		}
	}
	return reflect.Value{}, false
}

// textField returns a field that is a text, or "" if there is none.
func textField(err error, names ...string) string {
	isText := func(v reflect.Value) bool { return v.Kind() == reflect.String && v.Len() > 0 }
	f, ok := field(err, isText, names...)
	if !ok {
		return ""
	}
	return f.String()
}

// intField returns a field that is an integer, and whether there is one.
func intField(err error, names ...string) (int, bool) {
	isInt := func(v reflect.Value) bool { return v.CanInt() || v.CanUint() }
	f, ok := field(err, isInt, names...)
	switch {
	case !ok:
		return 0, false
	case f.CanInt():
		return int(f.Int()), true
	}
	return int(f.Uint()), true
}
