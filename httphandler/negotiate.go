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

// What is looked at of a header field, all its lines together: net/http lets 1 MB
// pass, and media ranges cost more to read than anything else of a request. No
// client has use for so many. An Accept beyond a bound admits nothing (406), a
// Content-Type or Content-Encoding beyond it is not ours (415).
const (
	maxFieldBytes  = 1 << 10
	maxMediaRanges = 32
)

// isLong reports whether a field is longer than maxFieldBytes. An empty line counts
// too.
func isLong(lines []string) bool {
	size := 0
	for _, line := range lines {
		if size += len(line) + 1; size > maxFieldBytes {
			return true
		}
	}
	return false
}

// negotiate checks the header fields that the answer and the body depend on, in
// the documented order.
func negotiate(header http.Header) error {
	switch {
	case !accepts(header["Accept"]):
		return notAcceptable
	case !isContentType(header["Content-Type"]):
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
	// A list of entity tags is met: we issue none.
	if slices.ContainsFunc(header["If-None-Match"], isAny) {
		return ifNoneMatch
	}
	return nil
}

// isAny reports whether a precondition asks for any representation.
func isAny(field string) bool { return strings.Trim(field, " \t") == "*" }

// accepts reports whether the Accept fields admit the media type (RFC 9110,
// section 12.5.1): the most specific media ranges that match decide, and an
// absent or empty field admits everything.
func accepts(fields []string) bool {
	if len(fields) == 1 && (fields[0] == MediaType || fields[0] == "*/*") {
		return true
	}
	if isLong(fields) {
		return false
	}
	count, most, accepted := 0, noMatch, false
	for element := range elements(fields) {
		if count++; count > maxMediaRanges {
			return false
		}
		match, weight := matchRange(element)
		if match > most {
			most, accepted = match, false
		}
		if match == most && match != noMatch {
			accepted = accepted || weight
		}
	}
	return count == 0 || accepted
}

// How specific a media range matches.
const (
	noMatch = iota
	anything
	anyApplication
	exactly
)

// matchRange tells how specifically a media range matches the media type, and
// whether its weight is above zero. A range that is malformed, or that has
// parameters which ours has not, matches nothing. JSON:API lets a profile pass.
func matchRange(element string) (match int, weight bool) {
	mediaRange, params, err := parseMediaType(element)
	if err != nil {
		return noMatch, false
	}
	q, weighted := params["q"]
	if weighted && !qvalue.MatchString(q) {
		return noMatch, false
	}
	delete(params, "q")
	weight = !weighted || strings.Trim(q, "0.") != ""
	switch {
	case mediaRange == MediaType && len(params) > 0 && !weight:
		return noMatch, false // excludes a profile that we do not apply
	case mediaRange == MediaType && onlyProfile(params):
		return exactly, weight
	case mediaRange == "application/*" && len(params) == 0:
		return anyApplication, weight
	case mediaRange == "*/*" && len(params) == 0:
		return anything, weight
	}
	return noMatch, false
}

// qvalue is the weight of RFC 9110, section 12.4.2; the leading zero may be
// missing, as in the default of Java's HttpURLConnection.
var qvalue = regexp.MustCompile(`^(0?\.[0-9]{1,3}|0\.?|1(\.0{0,3})?)$`)

// isContentType reports whether there is one Content-Type field with the media
// type (JSON:API 1.1, content negotiation).
func isContentType(fields []string) bool {
	if len(fields) != 1 || isLong(fields) {
		return false
	}
	if fields[0] == MediaType {
		return true
	}
	mediaType, params, err := parseMediaType(fields[0])
	return err == nil && mediaType == MediaType && onlyProfile(params)
}

// parseMediaType reads a media type or range as RFC 9110, section 5.6.6, writes
// its parameters: mime.ParseMediaType refuses empty ones, and takes Unicode
// blanks for white space.
func parseMediaType(s string) (mediaType string, params map[string]string, err error) {
	if strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII }) {
		return "", nil, errors.New("httphandler: a media type is ASCII")
	}
	return mime.ParseMediaType(emptyParameters.ReplaceAllString(s, ";"))
}

// emptyParameters may also match in a quoted value; no value is looked at.
var emptyParameters = regexp.MustCompile(`;[ \t;]*;`)

func onlyProfile(params map[string]string) bool {
	_, ok := params["profile"]
	return len(params) == 0 || ok && len(params) == 1
}

func isIdentity(codings []string) bool {
	if isLong(codings) {
		return false
	}
	for coding := range elements(codings) {
		if !strings.EqualFold(coding, "identity") {
			return false
		}
	}
	return true
}

// elements yields the elements of a list-based field that are not empty (RFC
// 9110, section 5.6.1). A comma in a quoted string separates nothing.
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
