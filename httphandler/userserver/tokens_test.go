package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler"
)

func tokenFile(t *testing.T, mode os.FileMode, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "tokens")
	require.NoError(t, os.WriteFile(name, []byte(text), mode))
	// WriteFile is subject to the umask.
	require.NoError(t, os.Chmod(name, mode))
	return name
}

func TestOwnTokens(t *testing.T) {
	const text = "# ours\n\nwrite own-write\r\n\tforbidden  own-forbidden \nunlinked own-unlinked"
	for name, test := range map[string]struct {
		env  map[string]string
		args []string
		warn bool
	}{
		"private file":         {args: []string{"-tokens", tokenFile(t, 0o600, text)}},
		"file of the group":    {args: []string{"-tokens", tokenFile(t, 0o640, text)}, warn: true},
		"file of everybody":    {args: []string{"-tokens", tokenFile(t, 0o604, text)}, warn: true},
		"environment":          {env: map[string]string{tokensEnv: text}},
		"environment, commas":  {env: map[string]string{tokensEnv: "write own-write,forbidden own-forbidden, unlinked own-unlinked,"}},
		"environment, comment": {env: map[string]string{tokensEnv: " # a, b\nwrite own-write,forbidden own-forbidden\nunlinked own-unlinked"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := startServer(t, test.env, test.args...)
			patch(t, s.base, exampleID, "own-write", noChange).expect(t, 200, "")
			patch(t, s.base, exampleID, "own-forbidden", noChange).expect(t, 403, "forbidden")
			patch(t, s.base, exampleID, "own-unlinked", noChange).expect(t, 401, "missing-linked-identity")
			patch(t, s.base, exampleID, demoToken, noChange).expect(t, 401, "invalid-token")
			s.stop()
			output := s.stdout.String() + s.stderr.String()
			if strings.Contains(output, "own-") || strings.Contains(output, demoToken) {
				t.Errorf("a token appears in the output:\n%s", output)
			}
			if !strings.Contains(s.curl, `"Authorization: Bearer $ACCESS_TOKEN"`) {
				t.Errorf("the curl line leaves no place for the token: %s", s.curl)
			}
			if warned := strings.Contains(output, "others can read the token file"); warned != test.warn {
				t.Errorf("warned = %v, want %v", warned, test.warn)
			}
		})
	}
}

func TestParseTokens(t *testing.T) {
	got, err := parseTokens("test", "write A-._~+/9==\nforbidden b\nunlinked c", false)
	require.NoError(t, err)
	want := map[string]httphandler.Grant{
		"A-._~+/9==": httphandler.GrantWrite,
		"b":          httphandler.GrantNone,
		"c":          httphandler.GrantUnlinked,
	}
	if diff := cmp.Diff(want, got.grants); diff != "" || got.demo {
		t.Errorf("demo = %v, tokens (-want +got):\n%s", got.demo, diff)
	}
}
