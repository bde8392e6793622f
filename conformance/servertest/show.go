package servertest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// noValue is how a report says that a scalar is null or not there.
const noValue = "absent or null"

// show renders a value as JSON in ASCII, so that combining characters and invisible
// ones can be told apart, and shortens it.
func show(v any) string {
	const most = 200 // bytes
	if s, ok := v.(string); ok && utf8.RuneCountInString(s) > 60 {
		return fmt.Sprintf("%s... (%d characters)", show(string([]rune(s)[:20])), utf8.RuneCountInString(s))
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return "a value that JSON does not have"
	}
	text := ascii(strings.TrimSuffix(b.String(), "\n"))
	if len(text) > most {
		return fmt.Sprintf("%s... (%d bytes)", text[:most], len(text))
	}
	return text
}

// ascii writes the characters of a JSON text beyond ASCII, and DEL, as escapes.
func ascii(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r < 0x7f {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String()
}

// say is fmt.Sprintf in the words of a report: %q and %v render values as JSON, and nil is
// a value that is absent or null. [jsonType] is for %T.
func say(format string, args ...any) string {
	words := make([]any, len(args))
	for i, v := range args {
		words[i] = inWords{v}
	}
	return fmt.Sprintf(format, words...)
}

type inWords struct{ v any }

// Format implements [fmt.Formatter].
func (w inWords) Format(f fmt.State, verb rune) {
	text := ""
	switch v := w.v.(type) {
	case nil:
		text = noValue
	case []byte:
		if verb == 'q' {
			text = show(string(v))
		}
	case string, []string:
		if verb == 'q' {
			text = show(v)
		}
	case error, fmt.Stringer, bool, int, float64:
	default:
		text = show(v) // maps and lists
	}
	if text == "" {
		text = fmt.Sprintf(fmt.FormatString(f, verb), w.v)
	}
	fmt.Fprint(f, text)
}

// whyNoAnswer says why a request has no answer, less the names of Go.
func whyNoAnswer(err error) string {
	var inURL *url.Error
	if errors.As(err, &inURL) {
		err = inURL.Err
	}
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection ended before the answer did"
	case errors.Is(err, context.DeadlineExceeded):
		return "none came in time"
	}
	return err.Error()
}

// unread says what came of an attempt to read, in place of a record.
func unread(err error) string {
	if inURL := new(url.Error); errors.As(err, &inURL) || isTimeout(err) || errors.Is(err, io.ErrUnexpectedEOF) {
		return "no answer: " + whyNoAnswer(err)
	}
	return err.Error()
}

// jsonType names the JSON type of a value that was parsed.
func jsonType(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "a boolean"
	case json.Number:
		return "a number"
	case string:
		return "a string"
	case []any:
		return "an array"
	}
	return "an object"
}

// fieldOf shows a field of the header.
func (a *answer) fieldOf(name string) string {
	if len(a.header.Values(name)) == 0 {
		return "no " + name
	}
	return name + " " + show(strings.Join(a.header.Values(name), ", "))
}
