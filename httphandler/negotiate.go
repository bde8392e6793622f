package httphandler

import (
	"errors"
	"iter"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// MediaType is the media type of every request and response body.
const MediaType = "application/vnd.api+json"

// The limits of a header field, all its lines together. net/http allows 1 MB, and
// media ranges are the most expensive part of a request to parse. No client needs
// more. A longer Accept admits nothing (406), a longer Content-Type or
// Content-Encoding is unsupported (415).
const (
	maxFieldBytes  = 1 << 10
	maxMediaRanges = 32
)

// isTooLong reports whether a field is longer than maxFieldBytes. A line counts as
// one byte more than its length, so that empty lines are limited too.
func isTooLong(lines []string) bool {
	size := 0
	for _, line := range lines {
		if size += len(line) + 1; size > maxFieldBytes {
			return true
		}
	}
	return false
}

// negotiate checks the header fields about the answer, the body and preconditions,
// in the documented order. withCharset is Options.AllowCharsetUTF8.
func negotiate(header http.Header, withCharset bool) error {
	switch {
	case !accepts(header["Accept"]):
		return notAcceptable
	case !isContentType(header["Content-Type"], withCharset):
		return unsupportedMediaType
	case !isIdentity(header["Content-Encoding"]):
		return unsupportedEncoding
	case len(header["If-Unmodified-Since"]) > 0:
		return ifUnmodifiedSince
	}
	for _, field := range header["If-Match"] {
		if !isAny(field) {
			return ifMatch
		}
	}
	// A list of entity tags is always met: we issue none.
	if slices.ContainsFunc(header["If-None-Match"], isAny) {
		return ifNoneMatch
	}
	return nil
}

// isAny reports whether the field of a precondition is *: any representation.
func isAny(field string) bool { return strings.Trim(field, " \t") == "*" }

// accepts reports whether the Accept fields admit the media type (RFC 9110, section
// 12.5.1). The most specific media ranges that match decide. An absent or empty
// field admits everything.
func accepts(fields []string) bool {
	if len(fields) == 1 && (fields[0] == MediaType || fields[0] == "*/*") {
		return true
	}
	if isTooLong(fields) {
		return false
	}
	count, best, accepted := 0, matchNone, false
	for element := range elements(fields) {
		if count++; count > maxMediaRanges {
			return false
		}
		match, weightOK := matchRange(element)
		if match > best {
			best, accepted = match, false
		}
		if match == best && match != matchNone {
			accepted = accepted || weightOK
		}
	}
	return count == 0 || accepted
}

// How specifically a media range matches, from least to most.
const (
	matchNone = iota
	matchAnything
	matchApplication
	matchExactly
)

// matchRange returns how specifically a media range matches the media type, and
// whether its weight is above zero. A malformed range matches nothing, nor does one
// with parameters, except that JSON:API allows a profile.
func matchRange(element string) (match int, accepted bool) {
	mediaRange, params, err := parseMediaType(element)
	if err != nil {
		return matchNone, false
	}
	q, weighted := params["q"]
	if weighted && !qvalue.MatchString(q) {
		return matchNone, false
	}
	delete(params, "q")
	accepted = !weighted || strings.Trim(q, "0.") != ""
	switch {
	case mediaRange == MediaType && len(params) > 0 && !accepted:
		return matchNone, false // excludes a profile that we do not apply anyway
	case mediaRange == MediaType && onlyProfile(params):
		return matchExactly, accepted
	case mediaRange == "application/*" && len(params) == 0:
		return matchApplication, accepted
	case mediaRange == "*/*" && len(params) == 0:
		return matchAnything, accepted
	}
	return matchNone, false
}

// qvalue is the weight of RFC 9110, section 12.4.2. The leading zero may be missing,
// as in the default Accept of Java's HttpURLConnection.
var qvalue = regexp.MustCompile(`^(0?\.[0-9]{1,3}|0\.?|1(\.0{0,3})?)$`)

// isContentType reports whether there is exactly one Content-Type field and it has
// the media type (JSON:API 1.1, content negotiation), perhaps with the charset UTF-8.
func isContentType(fields []string, withCharset bool) bool {
	if len(fields) != 1 || isTooLong(fields) {
		return false
	}
	if fields[0] == MediaType {
		return true
	}
	mediaType, params, err := parseMediaType(fields[0])
	if withCharset && strings.EqualFold(params["charset"], "utf-8") {
		delete(params, "charset")
	}
	return err == nil && mediaType == MediaType && onlyProfile(params)
}

// parseMediaType parses a media type or range with parameters as in RFC 9110,
// section 5.6.6. Unlike there, mime.ParseMediaType refuses empty parameters and
// takes Unicode blanks for white space.
func parseMediaType(s string) (mediaType string, params map[string]string, err error) {
	if strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII }) {
		return "", nil, errors.New("httphandler: a media type is ASCII")
	}
	return mime.ParseMediaType(emptyParameters.ReplaceAllString(s, ";"))
}

// emptyParameters may also match in a quoted value, which does no harm: values are
// not used.
var emptyParameters = regexp.MustCompile(`;[ \t;]*;`)

func onlyProfile(params map[string]string) bool {
	_, ok := params["profile"]
	return len(params) == 0 || ok && len(params) == 1
}

func isIdentity(codings []string) bool {
	if len(codings) == 0 {
		return true
	}
	if isTooLong(codings) {
		return false
	}
	for coding := range elements(codings) {
		if !strings.EqualFold(coding, "identity") {
			return false
		}
	}
	return true
}

// elements yields the non-empty elements of a list-based field (RFC 9110, section
// 5.6.1). A comma in a quoted string is no separator.
func elements(fields []string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, field := range fields {
			for field != "" {
				end := elementEnd(field)
				element := strings.Trim(field[:end], " \t")
				field = field[min(end+1, len(field)):]
				if element != "" && !yield(element) {
					return
				}
			}
		}
	}
}

// elementEnd returns the index of the first comma outside quotes, or the length.
func elementEnd(list string) int {
	quoted := false
	for i := 0; i < len(list); i++ {
		switch c := list[i]; {
		case c == '"':
			quoted = !quoted
		case c == '\\' && quoted:
			i++
		case c == ',' && !quoted:
			return i
		}
	}
	return len(list)
}
