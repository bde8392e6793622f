// Package clienttest tests the handler with real JSON:API clients: hashicorp/jsonapi in
// Go; @orbit/jsonapi, devour-client and kitsu in JavaScript, with @orbit/memory as a
// cache of answers. Each is configured as its users have to configure it for the type
// User; see the .mjs files.
//
// The tests install the JavaScript clients with npm. If node, npm or its registry is
// not available, the tests are skipped, or fail if the environment variable CI is
// true.
package clienttest
