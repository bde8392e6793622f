package servertest

import "strings"

// Whether only the user of the path is patched. These checks run near the end, so that
// the last one sees what all the others did.
func isolationChecks() []check {
	return family("isolation",
		must("other", "A patch with the id of another user in its document does not touch that user.", "page: updates the user data of the given user", isolationOther, needOther).carefully(),
		ofWholeRun(must("run", "Nothing that was sent in this run has changed the other user.", "page: updates the user data of the given user", (*trial).expectOther, needOther).carefully()),
	)
}

func isolationOther(t *trial) {
	e := t.newEdit()
	for _, id := range []string{t.target.OtherUser.String(), strings.ToUpper(t.target.OtherUser.String())} {
		m := t.editAt(t.target.User.String(), id, e)
		a := t.send(m)
		t.expectOther()
		t.observef("%d", a.status)
	}
}

// expectOther fails unless the other user is as before the run.
func (t *trial) expectOther() {
	if t.other == nil {
		t.skipf("the other user could not be read")
	}
	now, err := t.readRecord(t, t.target.OtherUser)
	if err != nil {
		t.failf("to read the other user", "%v", err)
	}
	t.same("in the other user, since before the run", t.other.state.compare(now.state))
}
