package servertest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// reserved are the header fields that the run itself sends, or leaves out on purpose,
// and those that say how a message travels.
var reserved = []string{
	"Accept", "Accept-Encoding", "Authorization", "Content-Encoding", "Content-Type", requirementHeader, "User-Agent",
	"Connection", "Content-Length", "Expect", "Host", "Keep-Alive", "Te", "Trailer", "Transfer-Encoding", "Upgrade",
}

// headerProblem returns what is wrong with the header of the target, or "". It quotes no
// value.
func (t *Target) headerProblem() string {
	seen := map[string]bool{}
	for _, given := range sortedKeys(t.Header) {
		name := http.CanonicalHeaderKey(given)
		switch values := t.Header[given]; {
		case !isToken(given):
			return "holds what is no name of a header field"
		case slices.Contains(reserved, name):
			return name + " is a field of the run's own"
		case len(values) != 1 || seen[name]:
			return name + " needs one value"
		case strings.TrimSpace(values[0]) != values[0] || values[0] == "" || strings.ContainsFunc(values[0], isControl):
			return fmt.Sprintf("the value of %s is empty, begins or ends with a blank, or holds a control character", name)
		}
		seen[name] = true
	}
	return ""
}

// isToken reports whether s can name a header field (RFC 9110, section 5.6.2).
func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r)
	})
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

// HeaderVariable returns the name of the environment variable from which the Curl lines of
// reports take the value of a field of [Target.Header], such as HEADER_X_API_KEY of
// X-Api-Key.
func HeaderVariable(field string) string {
	return "HEADER_" + strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToUpper(field))
}

// headerTokens returns the values of the header, which no report may show.
func (t *Target) headerTokens() []shellToken {
	var tokens []shellToken
	for _, name := range sortedKeys(t.Header) {
		tokens = append(tokens, shellToken{t.Header[name][0], HeaderVariable(name)})
	}
	return tokens
}

// addHeader adds the header of the target.
func (t *Target) addHeader(h http.Header) http.Header {
	for name, values := range t.Header {
		h[http.CanonicalHeaderKey(name)] = slices.Clone(values)
	}
	return h
}
