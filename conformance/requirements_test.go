package conformance_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/internal/golden"
	"github.com/userrecord/userrecord/conformance/servertest"
	"github.com/userrecord/userrecord/conformance/storetest"
)

// allRequirements returns those of servers and then those of Stores.
func allRequirements() []conformance.Requirement {
	return slices.Concat(servertest.Requirements(), storetest.Requirements())
}

// What a reader may rely on in every requirement.
func TestRequirementsAreWellFormed(t *testing.T) {
	id := regexp.MustCompile(`^[a-z]+(-[a-z]+)*(\.[a-zA-Z0-9]+(-[a-z0-9]+)*)+$`)
	seen := map[string]bool{}
	for _, r := range allRequirements() {
		switch {
		case !id.MatchString(r.ID):
			t.Errorf("%s is malformed", r.ID)
		case seen[r.ID]:
			t.Errorf("%s appears twice", r.ID)
		case r.Level != conformance.Must && r.Level != conformance.Should && r.Level != conformance.Observe:
			t.Errorf("%s has the level %q", r.ID, r.Level)
		case r.Subject != conformance.Server && r.Subject != conformance.Store:
			t.Errorf("%s has the subject %q", r.ID, r.Subject)
		case !strings.HasSuffix(r.Title, ".") || r.Source == "":
			t.Errorf("%s has the title %q and the source %q", r.ID, r.Title, r.Source)
		case r.Level == conformance.Must && r.Subject == conformance.Server && !strings.HasPrefix(r.Source, "page"):
			t.Errorf("%s is a MUST of servers by %q, and not by the page", r.ID, r.Source)
		}
		seen[r.ID] = true
	}
}

// The list for readers is that of the registry: go test ./conformance -update
// writes it.
func TestRequirementsDocument(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Requirements\n\nWritten by `go test ./conformance -update`. [The contract](../docs/contract.md) says what the levels mean.\n")
	for _, subject := range []string{conformance.Server, conformance.Store} {
		fmt.Fprintf(&b, "\n## Of a %s\n\n| id | level | requirement | source |\n|---|---|---|---|\n", subject)
		for _, r := range allRequirements() {
			if r.Subject == subject {
				fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", r.ID, r.Level, strings.ReplaceAll(r.Title, "|", `\|`), r.Source)
			}
		}
	}
	golden.Text(t, "REQUIREMENTS.md", b.String())
}
