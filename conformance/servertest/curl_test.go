package servertest

import (
	"os/exec"
	"testing"
)

// A shell prints the very bytes that a body has.
func TestPrintf(t *testing.T) {
	want := "\xef\xbb\xbfit's 100% \\n \x80\xff é \U0001F600 \u202e \x007 \r\n"
	for c := range 256 {
		want += string([]byte{byte(c)})
	}
	if isPrintable(want) || !isPrintable("é \U0001F600 'a'") {
		t.Error("isPrintable is wrong")
	}
	got, err := exec.Command("sh", "-c", printf(want)).Output()
	if err != nil || string(got) != want {
		t.Errorf("the shell prints %q (%v), want %q", got, err, want)
	}
}
