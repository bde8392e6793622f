package userstore

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// Format writes "omitted", "null" or "value", and never the value. Like every
// Format method of this package it ignores the verb and the flags. (Package fmt
// does not call it for %p.)
func (o Optional[T]) Format(f fmt.State, _ rune) { io.WriteString(f, o.redacted()) }

// LogValue returns the text that [Optional.Format] writes.
func (o Optional[T]) LogValue() slog.Value { return slog.StringValue(o.redacted()) }

func (o Optional[T]) redacted() string {
	return [...]string{stateOmitted: "omitted", stateNull: "null", stateValue: "value"}[o.state]
}

// Format writes "text" or "integer", and never the value.
func (v TextOrInt) Format(f fmt.State, _ rune) { io.WriteString(f, v.redacted()) }

// LogValue returns the text that [TextOrInt.Format] writes.
func (v TextOrInt) LogValue() slog.Value { return slog.StringValue(v.redacted()) }

func (v TextOrInt) redacted() string {
	if v.isInt {
		return "integer"
	}
	return "text"
}

// Format writes the names of the members that are not omitted, and no value.
func (a Address) Format(f fmt.State, _ rune) { io.WriteString(f, a.redacted()) }

// LogValue returns the text that [Address.Format] writes.
func (a Address) LogValue() slog.Value { return slog.StringValue(a.redacted()) }

func (a Address) redacted() string { return "Address[" + strings.Join(a.names(), " ") + "]" }

// Format writes the names of the attributes that are not omitted, and no value.
func (a Attributes) Format(f fmt.State, _ rune) { io.WriteString(f, a.redacted()) }

// LogValue returns the text that [Attributes.Format] writes.
func (a Attributes) LogValue() slog.Value { return slog.StringValue(a.redacted()) }

func (a Attributes) redacted() string { return "Attributes[" + strings.Join(a.Names(), " ") + "]" }

// Format writes what [Attributes.Format] writes.
func (s Scalars) Format(f fmt.State, _ rune) { io.WriteString(f, s.redacted()) }

// LogValue returns the text that [Scalars.Format] writes.
func (s Scalars) LogValue() slog.Value { return slog.StringValue(s.redacted()) }

func (s *Scalars) redacted() string { return s.Attributes().redacted() }

// Format writes the id and the names of the attributes, and no value.
func (u User) Format(f fmt.State, _ rune) { io.WriteString(f, u.redacted()) }

// LogValue returns the text that [User.Format] writes.
func (u User) LogValue() slog.Value { return slog.StringValue(u.redacted()) }

func (u User) redacted() string { return "User " + u.ID.String() + " " + u.Attributes.redacted() }
