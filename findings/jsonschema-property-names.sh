#!/usr/bin/env bash
# github.com/santhosh-tekuri/jsonschema/v6 v6.0.3, Go 1.26.
#
# Guessed: each error of a validation names the place of its own value, its
# InstanceLocation, so that a client can be told which member to mend.
#
# Seen: the InstanceLocation of a propertyNames error is a slice that the validator goes on
# to use. Where another member is validated after it (Go decides the order of a map), the
# error names that member, which may be right, and not the object with the wrong name.
# Of 200 validations of one document with the misspelt name /home/stret, most blame /office.
# The cure is to take the place from the schema's location, which is right.
#
#   /home propertyNames: sometimes
#   /office propertyNames: sometimes
#   /office/desk/no type: always
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat >main.go <<'GO'
package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

const (
	schema = `{"properties": {
		"home": {"propertyNames": {"enum": ["street"]}},
		"office": {"properties": {"desk": {"properties": {"no": {"type": "integer"}}}}}}}`
	document = `{"home": {"stret": "High Street"}, "office": {"desk": {"no": "7a"}}}`
	times    = 200
)

func main() {
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("s.json", parsed(schema)); err != nil {
		panic(err)
	}
	compiled := compiler.MustCompile("s.json")
	seen := make(map[string]int)
	for range times {
		for _, cause := range compiled.Validate(parsed(document)).(*jsonschema.ValidationError).Causes {
			seen["/"+strings.Join(cause.InstanceLocation, "/")+" "+strings.Join(cause.ErrorKind.KeywordPath(), "/")]++
		}
	}
	var lines []string
	for place, n := range seen {
		how := "sometimes"
		if n == times {
			how = "always"
		}
		lines = append(lines, place+": "+how)
	}
	slices.Sort(lines)
	fmt.Println(strings.Join(lines, "\n"))
}

func parsed(text string) any {
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		panic(err)
	}
	return value
}
GO
printf 'module seen\n\ngo 1.26.0\n' >go.mod
go get github.com/santhosh-tekuri/jsonschema/v6@v6.0.3 2>/dev/null
go run . | tee seen
cat >want <<'TEXT'
/home propertyNames: sometimes
/office propertyNames: sometimes
/office/desk/no type: always
TEXT
diff -u want seen
