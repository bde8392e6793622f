package servertest

import (
	"strconv"
	"strings"
)

// damagedTokens returns the token with one character changed, in two ways, and then the
// token without its end. All three differ from the token before the last character of a
// signature in base64, which may have bits that do not count.
func damagedTokens(token string) []shellToken {
	core := strings.TrimRight(token, "=")
	n := len(core)
	if n < 8 {
		return nil
	}
	damaged := []shellToken{alterToken(token, n/2), alterToken(token, n-3)}
	if core == token {
		return append(damaged, shellToken{token[:n-2], "{ACCESS_TOKEN%??}"})
	}
	return append(damaged, shellToken{core[:n-2], `(printf %s "$ACCESS_TOKEN" | sed 's/..=*$//')`})
}

func alterToken(token string, i int) shellToken {
	other := "a"
	if token[i]|0x20 == 'a' {
		other = "b"
	}
	return shellToken{token[:i] + other + token[i+1:], `(printf %s "$ACCESS_TOKEN" | sed 's/./` + other + `/` + strconv.Itoa(i+1) + `')`}
}

func (t *trial) damaged() []shellToken {
	damaged := damagedTokens(t.target.Token)
	if damaged == nil {
		t.skipf("needs a token of at least 8 characters")
	}
	return damaged
}
