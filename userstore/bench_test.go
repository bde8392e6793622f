package userstore_test

import (
	"testing"

	"github.com/userrecord/userrecord/userstore"
)

// BenchmarkPatch measures the steps of a patch of every attribute.
func BenchmarkPatch(b *testing.B) {
	record, rules := userstore.ExampleUser().Attributes, userstore.DefaultRules()
	scalars := record.Scalars()
	for _, bb := range []struct {
		name string
		do   func()
	}{
		{"Merge", func() { _ = record.Merge(record) }},
		{"Names", func() { _ = record.Names() }},
		{"Validate", func() { _ = rules.Validate(record) }},
		{"Scalars", func() { _ = record.Scalars() }},
		{"Attributes", func() { _ = scalars.Attributes() }},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				bb.do()
			}
		})
	}
}
