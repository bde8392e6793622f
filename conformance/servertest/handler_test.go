package servertest_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/servertest"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/userstore"
)

// ourTarget returns a fake with every fixture that a check may need.
func ourTarget() (*handlertest.Fake, servertest.Target) {
	user := userstore.ExampleUser()
	other := userstore.User{ID: uuid.New(), Attributes: userstore.Attributes{FirstName: userstore.Value("Maria")}}
	failing := userstore.User{ID: uuid.New()}
	fake := handlertest.New(user, other, failing)
	fake.Inject(handlertest.FailBeforeWrite.For(failing.ID).Always())
	return fake, servertest.Target{
		User: user.ID, OtherUser: other.ID, FailingUser: failing.ID,
		Token: handlertest.Token, ForbiddenToken: handlertest.ForbiddenToken, UnlinkedToken: handlertest.UnlinkedToken,
	}
}

func TestOurHandler(t *testing.T) {
	fake, target := ourTarget()
	servertest.RunHandler(t, fake, "", target)
	if user, err := fake.Store.Get(t.Context(), target.User); err != nil || user != userstore.ExampleUser() {
		t.Errorf("the user is not restored, or %v", err)
	}
}

// Strictly too, and with no more than the required fixtures.
func TestOurServerStrictly(t *testing.T) {
	server := handlertest.NewServer(t)
	target := servertest.Target{URL: server.URL, User: userstore.ExampleUser().ID, Token: handlertest.Token}
	report, err := servertest.Check(t.Context(), target, &conformance.Options{Strict: true})
	require.NoError(t, err)
	if report.Verdict != conformance.Conformant || report.Summary.NotRun == 0 {
		t.Errorf("%s: %s %+v", report.Verdict, report.Reason(), report.Summary)
	}
}
