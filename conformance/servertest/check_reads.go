package servertest

import (
	"net/http"
	"time"

	"github.com/userrecord/userrecord/conformance/internal/concurrent"
)

// What several readers see after a patch.
func readChecks() []check {
	return family("success",
		must("reads", "Every read after the answer sees the update: several at once, one after the other, and with another Accept.", "page: fields get set", successReads),
	)
}

// successReads reads before the patch, too, so that caches have something to keep.
func successReads(t *trial) {
	accepts := []string{mediaType, mediaType + ", text/html;q=0.1", mediaType, mediaType}
	seen := make([]state, len(accepts))
	read := func(i int) { seen[i] = t.readAccepting(accepts[i]) }
	read(0)
	read(1)
	_, _, p, v := t.change()
	judge := func(when string) {
		for _, s := range seen {
			if s != nil && s[p] != normal(p, v) {
				t.fail(failure{Where: when, Expected: "to read the new " + p, Got: shown(t.original.state, s, p)})
			}
		}
	}
	concurrent.Together(len(accepts), read)
	judge("in one of four reads at once")
	read(0)
	read(1)
	judge("in reads one after the other")
	if t.sleep(50*time.Millisecond) == nil {
		read(1)
		judge("in a read 50 ms later")
	}
}

// readAccepting returns the state of the user, or nil if the server does not read for
// this Accept.
func (t *trial) readAccepting(accept string) state {
	m := t.patchOf(t.target.User, t.echoOrNothing())
	if t.target.ReadByGet {
		m.method, m.body = http.MethodGet, nil
		m.header.Del("Content-Type")
	}
	m.header.Set("Accept", accept)
	a, err := t.exchange(t, m)
	if err != nil || a.status != http.StatusOK {
		return nil
	}
	r, err := a.record()
	if err != nil {
		return nil
	}
	return r.state
}
