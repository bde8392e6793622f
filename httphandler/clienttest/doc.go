// Package clienttest holds tests that let real JSON:API clients talk to the
// handler, each configured as a host would have to configure it for the type
// User: hashicorp/jsonapi in Go, and @orbit/jsonapi, devour-client and kitsu in
// JavaScript (see the .mjs file of each), and @orbit/memory as a cache of answers.
//
// The tests install the JavaScript clients with npm by themselves. Where node,
// npm or its registry is out of reach they are skipped, unless the environment
// variable CI is true: then they fail.
package clienttest
