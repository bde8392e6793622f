package routertest

import (
	"flag"
	"os"
	"testing"
)

// TestMain lets the tests that wait for a time limit do so beside others, however few cores there
// are. A flag on the command line counts more.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", "4"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}
