package storetest

import (
	"context"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/internal/linear"
)

var updateStoreFaults = flag.Bool("update-store-faults", false, "write testdata/store-faults.txt")

const storeFaultsFile = "testdata/faults.txt"

// Every wrong store turns red the requirements that the committed list names, no
// fewer and no more; and every requirement is turned red by one of them.
func TestStoreFaults(t *testing.T) {
	reports := reportsOf(t, storeFaults)
	if *updateStoreFaults {
		writeStoreFaults(t, reports)
	}
	want := readStoreFaults(t)
	if len(want) != len(storeFaults) {
		t.Errorf("%s lists %d faults, and there are %d", storeFaultsFile, len(want), len(storeFaults))
	}
	var all []string
	for i, f := range storeFaults {
		t.Run(f.name, func(t *testing.T) {
			red := redOf(reports[i])
			all = append(all, red...)
			if diff := cmp.Diff(strings.Fields(want[f.name]), red); diff != "" || len(red) == 0 {
				t.Errorf("red requirements (-want +got):\n%s%s", diff, reasonsOf(reports[i]))
			}
		})
	}
	for _, r := range Requirements() {
		if !slices.Contains(all, r.ID) {
			t.Errorf("no fault turns %s red", r.ID)
		}
	}
}

// reportsOf checks the faulty stores, several at a time: most of it is waiting.
func reportsOf(t *testing.T, faults []storeFault) []*conformance.Report {
	t.Helper()
	reports, errs := make([]*conformance.Report, len(faults)), make([]error, len(faults))
	turn := make(chan struct{}, 12)
	linear.Together(len(faults), func(i int) {
		turn <- struct{}{}
		defer func() { <-turn }()
		o := &conformance.Options{Seed: 1}
		if strings.HasPrefix(faults[i].name, "hangs") {
			o.Timeout = 300 * time.Millisecond
		}
		reports[i], errs[i] = Check(context.Background(), stores(faults[i].spoil), o)
	})
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
	return reports
}

// redOf returns the ids of the requirements that did not pass.
func redOf(report *conformance.Report) []string {
	var red []string
	for _, r := range report.Results {
		if r.Status != conformance.Passed {
			red = append(red, r.ID)
		}
	}
	return red
}

func reasonsOf(report *conformance.Report) string {
	var b strings.Builder
	for _, r := range report.Results {
		if r.Status != conformance.Passed {
			b.WriteString(string(r.Status) + " " + r.ID + ": " + r.Reason() + "\n")
		}
	}
	return b.String()
}

func readStoreFaults(t *testing.T) map[string]string {
	t.Helper()
	data, err := os.ReadFile(storeFaultsFile)
	if err != nil {
		t.Fatal(err)
	}
	faults := map[string]string{}
	for line := range strings.Lines(string(data)) {
		if name, red, ok := strings.Cut(strings.TrimSpace(line), ": "); ok {
			faults[name] = red
		}
	}
	return faults
}

func writeStoreFaults(t *testing.T, reports []*conformance.Report) {
	t.Helper()
	var b strings.Builder
	for i, f := range storeFaults {
		b.WriteString(f.name + ": " + strings.Join(redOf(reports[i]), " ") + "\n")
	}
	if err := os.MkdirAll("testdata", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(storeFaultsFile, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
