package npm

import (
	"errors"
	"os"
	"testing"
)

// Need fails the test if err is not nil, as it cannot test what it names. If that is because
// of what the machine lacks ([ErrMissing]), the test is skipped, but not on a CI machine.
func Need(t testing.TB, what string, err error) {
	t.Helper()
	switch {
	case err == nil:
	case errors.Is(err, ErrMissing) && os.Getenv("CI") != "true":
		t.Skipf("SKIPPED: %s was NOT tested (with CI=true this would fail): %v", what, err)
	default:
		t.Fatalf("%s cannot be tested: %v", what, err)
	}
}
