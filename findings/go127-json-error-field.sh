#!/usr/bin/env bash
# Go 1.26.8 and 1.27.3, encoding/json.
#
# Guessed: code that reads the Field of a *json.UnmarshalTypeError, to tell a client
# which member is wrong, goes on working, as encoding/json on Go 1.27 promises the
# behaviour of before apart from the texts of errors.
#
# Seen: where the type error comes from a type with an UnmarshalJSON method of its
# own (an optional value, an amount of money), Go 1.26 fills Field with the whole path
# and Go 1.27 leaves it empty, as its text does. For a plain field the path is there
# in both, but Struct is the innermost struct in 1.26 and the outermost one in 1.27.
# GOEXPERIMENT=nojsonv2 brings both back. A method UnmarshalJSONFrom, in a file for
# Go 1.27, brings the path back too.
#
#   go1.26.8 own method: Field="address.street" Struct="inner"
#   go1.26.8 plain:      Field="address.plain" Struct="inner"
#   go1.27.3 own method: Field="" Struct=""
#   go1.27.3 plain:      Field="address.plain" Struct="record"
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
printf 'module finding\n\ngo 1.26.0\n' >go.mod
cat >main.go <<'GO'
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
)

type own struct{ text string }

func (o *own) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, &o.text) }

type inner struct {
	Street own    `json:"street"`
	Plain  string `json:"plain"`
}

type record struct {
	Address inner `json:"address"`
}

func main() {
	for _, c := range [][2]string{{"own method:", `{"address":{"street":1}}`}, {"plain:     ", `{"address":{"plain":1}}`}} {
		var wrong *json.UnmarshalTypeError
		errors.As(json.Unmarshal([]byte(c[1]), new(record)), &wrong)
		fmt.Printf("%s %s Field=%q Struct=%q\n", runtime.Version(), c[0], wrong.Field, wrong.Struct)
	}
}
GO
for release in go1.26.8 go1.27.3; do
  GOTOOLCHAIN=$release GOFLAGS=-mod=mod go run .
done | tee seen
cat >want <<'WANT'
go1.26.8 own method: Field="address.street" Struct="inner"
go1.26.8 plain:      Field="address.plain" Struct="inner"
go1.27.3 own method: Field="" Struct=""
go1.27.3 plain:      Field="address.plain" Struct="record"
WANT
diff -u want seen
