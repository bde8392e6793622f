package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/userrecord/userrecord/conformance/servertest"
)

// readRecord reads the file of -record.
func (f *flags) readRecord() error {
	if f.record == "" {
		return nil
	}
	if f.target.ReadByGet {
		return errors.New("-record and -read-get exclude each other")
	}
	text, err := os.ReadFile(f.record)
	if err != nil {
		return fmt.Errorf("-record: %w", err)
	}
	var attributes map[string]json.RawMessage
	if err := json.Unmarshal(text, &attributes); err != nil || attributes == nil {
		return fmt.Errorf("-record: %s does not hold one JSON object", f.record)
	}
	if _, whole := attributes["data"]; whole {
		return fmt.Errorf("-record: %s holds a whole document: give the object data.attributes alone", f.record)
	}
	f.target.Record = text
	return nil
}

// readKnownFailing reads the file of -known-failing.
func (f *flags) readKnownFailing() error {
	if f.knownFailing == "" {
		return nil
	}
	text, err := os.ReadFile(f.knownFailing)
	if err != nil {
		return fmt.Errorf("-known-failing: %w", err)
	}
	f.options.KnownFailing, err = parseKnownFailing(string(text))
	if err != nil {
		return fmt.Errorf("-known-failing: %s: %w", f.knownFailing, err)
	}
	return nil
}

// parseKnownFailing reads lines that hold an id and a reason. # begins a comment.
func parseKnownFailing(text string) (map[string]string, error) {
	known := map[string]string{}
	number := 0
	for line := range strings.Lines(text) {
		number++
		id, reason, _ := strings.Cut(strings.Join(strings.Fields(line), " "), " ")
		_, twice := known[id]
		switch {
		case id == "" || strings.HasPrefix(id, "#"):
			continue
		case !isRequirement(id):
			return nil, fmt.Errorf("line %d: there is no requirement %q (userconform list prints them)", number, id)
		case reason == "":
			return nil, fmt.Errorf("line %d: %s has no reason: say why it fails", number, id)
		case twice:
			return nil, fmt.Errorf("line %d: %s is there twice", number, id)
		}
		known[id] = reason
	}
	return known, nil
}

// isRequirement reports whether there is such a requirement of servers.
func isRequirement(id string) bool {
	for _, r := range servertest.Requirements() {
		if r.ID == id {
			return true
		}
	}
	return false
}

// checkReports refuses to write a report over a file that was read, or over another
// report.
func (f *flags) checkReports() error {
	for i, name := range f.reports {
		for _, input := range []struct{ flag, name string }{{"-record", f.record}, {"-known-failing", f.knownFailing}} {
			if input.name != "" && sameFile(name, input.name) {
				return fmt.Errorf("-report and %s name the same file, %s", input.flag, name)
			}
		}
		for _, other := range f.reports[:i] {
			if samePlace(name, other) {
				return fmt.Errorf("-report names %s twice", name)
			}
		}
	}
	return nil
}

// samePlace reports whether two names, perhaps of files that do not exist, lead to one
// file.
func samePlace(a, b string) bool {
	a, _ = followed(a)
	b, _ = followed(b)
	first, errA := filepath.Abs(a)
	second, errB := filepath.Abs(b)
	return errA == nil && errB == nil && first == second || sameFile(a, b)
}

func sameFile(a, b string) bool {
	first, err := os.Stat(a)
	if err != nil {
		return false
	}
	second, err := os.Stat(b)
	return err == nil && os.SameFile(first, second)
}
