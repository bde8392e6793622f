package servertest

import (
	"net/http"

	"github.com/userrecord/userrecord/conformance/internal/concurrent"
)

// What several readers see after a patch.
func readChecks() []check {
	return family("success",
		must("reads", "Every read after the answer sees the update: several at once, and with another Accept.", "page: fields get set", successReads).carefully(),
	)
}

// successReads reads before the patch, too, so that a cache has something to keep.
func successReads(t *trial) {
	other := mediaType + ", text/html;q=0.1"
	t.readAccepting(other)
	_, _, p, v := t.change()
	accepts := []string{mediaType, other, mediaType}
	seen := make([]state, len(accepts))
	concurrent.Together(len(accepts), func(i int) { seen[i] = t.readAccepting(accepts[i]) })
	for _, s := range seen {
		if s != nil && s[p] != normal(p, v) {
			t.fail(failure{Where: "in one of three reads at once", Expected: "to read the new " + p, Got: shown(t.original.state, s, p)})
		}
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
	m.reads = true
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
