package handlertest

import (
	"errors"
	"net/http"
	"strings"
)

// answerHeader returns the header with its names in canonical form, or what is wrong with
// it as the header of an answer.
func answerHeader(header http.Header) (http.Header, error) {
	answer := make(http.Header)
	for name, values := range header {
		key := http.CanonicalHeaderKey(name)
		switch {
		case !isToken(name) || !areFieldValues(values):
			return nil, errors.New("must have names and values of header fields (RFC 9110, section 5)")
		case key == "Content-Length" || key == "Transfer-Encoding":
			return nil, errors.New("must not have Content-Length or Transfer-Encoding, which the body determines")
		case answer[key] != nil:
			return nil, errors.New("must not have a name twice, in whatever case")
		}
		answer[key] = append([]string{}, values...)
	}
	return answer, nil
}

// isToken reports whether s is a token (RFC 9110, section 5.6.2).
func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r)
	})
}

func areFieldValues(values []string) bool {
	for _, value := range values {
		if strings.ContainsAny(value, "\r\n\x00") {
			return false
		}
	}
	return true
}
