package userstore

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// Format writes whether o is omitted, null or a value; never the value. Like
// every Format of this package it answers all verbs and flags alike (but %p,
// which package fmt does not ask it about).
func (o Optional[T]) Format(f fmt.State, _ rune) { io.WriteString(f, o.redacted()) }

// LogValue is the text of [Optional.Format].
func (o Optional[T]) LogValue() slog.Value { return slog.StringValue(o.redacted()) }

func (o Optional[T]) redacted() string {
	return [...]string{omitted: "omitted", null: "null", present: "value"}[o.state]
}

// Format writes whether v is a text or an integer; never which.
func (v TextOrInt) Format(f fmt.State, _ rune) { io.WriteString(f, v.redacted()) }

// LogValue is the text of [TextOrInt.Format].
func (v TextOrInt) LogValue() slog.Value { return slog.StringValue(v.redacted()) }

func (v TextOrInt) redacted() string {
	if v.isInt {
		return "integer"
	}
	return "text"
}

// Format writes the names of the members that are not omitted; never a value.
func (a Address) Format(f fmt.State, _ rune) { io.WriteString(f, a.redacted()) }

// LogValue is the text of [Address.Format].
func (a Address) LogValue() slog.Value { return slog.StringValue(a.redacted()) }

func (a Address) redacted() string { return "Address[" + strings.Join(a.names(), " ") + "]" }

// Format writes the names of the attributes that are not omitted; never a value.
func (a Attributes) Format(f fmt.State, _ rune) { io.WriteString(f, a.redacted()) }

// LogValue is the text of [Attributes.Format].
func (a Attributes) LogValue() slog.Value { return slog.StringValue(a.redacted()) }

func (a Attributes) redacted() string { return "Attributes[" + strings.Join(a.Names(), " ") + "]" }

// Format writes the text of [Attributes.Format]; never a value.
func (s Scalars) Format(f fmt.State, _ rune) { io.WriteString(f, s.redacted()) }

// LogValue is the text of [Scalars.Format].
func (s Scalars) LogValue() slog.Value { return slog.StringValue(s.redacted()) }

func (s *Scalars) redacted() string { return s.Attributes().redacted() }

// Format writes the id and the names of the attributes; never a value.
func (u User) Format(f fmt.State, _ rune) { io.WriteString(f, u.redacted()) }

// LogValue is the text of [User.Format].
func (u User) LogValue() slog.Value { return slog.StringValue(u.redacted()) }

func (u User) redacted() string { return "User " + u.ID.String() + " " + u.Attributes.redacted() }
