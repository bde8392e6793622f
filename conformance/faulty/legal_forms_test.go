package faulty

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/userrecord/userrecord/httphandler"
)

// pretty indents documents.
func pretty(a *answer) {
	var b bytes.Buffer
	if parse(a.body) != nil && json.Indent(&b, encode(parse(a.body)), "", "\t") == nil {
		a.body = append([]byte("\n"), b.Bytes()...)
	}
}

// escaped writes every character beyond ASCII, and slashes, as escapes.
func escaped(a *answer) {
	var b strings.Builder
	for _, r := range string(a.body) {
		switch {
		case r == '/':
			b.WriteString(`\/`)
		case r > 0xffff:
			r -= 0x10000
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		case r > 0x7e:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	a.body = []byte(b.String())
}

// malformedCredentials answers 400 if Authorization is not Bearer and a token.
func malformedCredentials(s *server) {
	wrapHandler(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		if _, err := httphandler.BearerToken(r); err != nil && len(r.Header["Authorization"]) > 0 && r.Method == http.MethodPatch {
			sendRefusal(w, http.StatusBadRequest)
			return
		}
		next.ServeHTTP(w, r)
	})(s)
}
