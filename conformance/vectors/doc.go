// Package vectors is the contract of PATCH /users/{userId} as data: records, requests,
// and what each request does to its record. The files of v1 are JSON, for the tests of
// any language; README.md says how to read them. This package is for those in Go, and
// imports nothing but the standard library:
//
//	files, err := vectors.Files()
//
// The files are written by the tests of this package, from tables that state the
// expectations by rule. The same tests hold the handler and the stores to them.
package vectors
