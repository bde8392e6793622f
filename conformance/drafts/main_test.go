package drafts

import (
	"flag"
	"os"
	"testing"
)

// TestMain lets more drafts be checked at the same time than there are cores: some make
// the suite wait for seconds.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", "4"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}
