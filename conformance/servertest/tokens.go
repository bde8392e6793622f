package servertest

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// damagedTokens returns every token that is made from a good one: those that differ
// from it, and those that are it in another form. They give most of it away.
func damagedTokens(token string) []shellToken {
	return append(differing(token), disguised(token)...)
}

// hexadecimal matches tokens that are the same in another case: numbers and UUIDs.
var hexadecimal = regexp.MustCompile(`^[0-9a-fA-F-]+$`)

// differing returns the token with one character changed, in two ways, then the token
// without its end, without its beginning, with more, and in another case. All differ
// from the token before the last character of a signature in base64, which may have
// bits that do not count.
func differing(token string) []shellToken {
	core := strings.TrimRight(token, "=")
	n := len(core)
	if n < minToken {
		return nil
	}
	all := []shellToken{alterToken(token, n/2), alterToken(token, n-3)}
	if core == token {
		all = append(all, shellToken{token[:n-2], "{ACCESS_TOKEN%??}"})
	} else {
		all = append(all, shellToken{core[:n-2], `(printf %s "$ACCESS_TOKEN" | sed 's/..=*$//')`})
	}
	all = append(all, shellToken{token[2:], "{ACCESS_TOKEN#??}"}, shellToken{token + "zz", "{ACCESS_TOKEN}zz"})
	if swapped := strings.Map(swapCase, token); swapped != token && !hexadecimal.MatchString(token) {
		all = append(all, shellToken{swapped, `(printf %s "$ACCESS_TOKEN" | tr a-zA-Z A-Za-z)`})
	}
	return all
}

func alterToken(token string, i int) shellToken {
	other := "a"
	if token[i]|0x20 == 'a' {
		other = "b"
	}
	return shellToken{token[:i] + other + token[i+1:], `(printf %s "$ACCESS_TOKEN" | sed 's/./` + other + `/` + strconv.Itoa(i+1) + `')`}
}

func swapCase(r rune) rune {
	if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' {
		return r ^ 0x20
	}
	return r
}

// disguised returns the token in forms that a lenient reader might take for it: with a
// percent escape, a blank, quotes, a second token behind it, and as a password.
func disguised(token string) []shellToken {
	if len(token) < minToken {
		return nil
	}
	escape := fmt.Sprintf("%%%02X", token[0])
	return []shellToken{
		{escape + token[1:], `(printf %s "$ACCESS_TOKEN" | sed 's/^./` + escape + `/')`},
		{token[:4] + " " + token[4:], `(printf %s "$ACCESS_TOKEN" | sed 's/^..../& /')`},
		{`"` + token + `"`, `(printf '"%s"' "$ACCESS_TOKEN")`},
		{token + ", Bearer x", "{ACCESS_TOKEN}, Bearer x"},
		{base64.StdEncoding.EncodeToString([]byte(":" + token)), `(printf :%s "$ACCESS_TOKEN" | base64 | tr -d "\n")`},
	}
}

// damaged returns the tokens that differ from the good one.
func (t *trial) damaged() []shellToken {
	t.needLongToken()
	return differing(t.target.Token)
}

func (t *trial) needLongToken() {
	if len(strings.TrimRight(t.target.Token, "=")) < minToken {
		t.skipf("needs a token of at least %d characters", minToken)
	}
}
