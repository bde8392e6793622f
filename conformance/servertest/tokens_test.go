package servertest

import (
	"os/exec"
	"testing"
)

// A shell makes of the good token, by its expression, the token that was sent.
func TestTokensInTheShell(t *testing.T) {
	for _, token := range []string{"good-token", "eyJhbGciOi.eyJzdWIi.AbCdEfG_hI-", "c2VjcmV0IHRva2Vu==", "0123456789ABCDEF", "5f0c3a52-8f1e-4b6d-9a57-2d1c6e7b8f90"} {
		for _, made := range damagedTokens(token) {
			command := exec.Command("bash", "-c", `printf %s "$`+made.expression+`"`)
			command.Env = []string{"ACCESS_TOKEN=" + token, "PATH=/usr/bin:/bin"}
			got, err := command.CombinedOutput()
			if err != nil || string(got) != made.value {
				t.Errorf("%s of %s: got %q, %v, want %q", made.expression, token, got, err, made.value)
			}
			if made.value == token {
				t.Errorf("%s of %s is that token", made.expression, token)
			}
		}
	}
}

// The case of a hexadecimal token does not count, since it is a number or a UUID.
func TestHexadecimalTokensHaveNoOtherCase(t *testing.T) {
	for token, want := range map[string]int{"good-token": 6, "0123456789ABCDEF": 5, "short": 0} {
		if got := len(differing(token)); got != want {
			t.Errorf("%d tokens differ from %s, want %d", got, token, want)
		}
	}
}
