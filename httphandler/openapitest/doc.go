// Package openapitest holds the OpenAPI document of httphandler against the handler, in both
// directions: every answer of the handler's own tests is valid by the document, every request
// that the handler takes is valid, and what the handler refuses is invalid, apart from rules that
// no schema can say, which the document lists. Two validators judge: libopenapi-validator in
// Go and express-openapi-validator in JavaScript. Spectral lints the document, and the clients
// that oapi-codegen and openapi-typescript generate from it patch a user.
//
// What is in JavaScript is installed with npm. If node, npm or its registry is not available, those
// tests are skipped, or fail if the environment variable CI is true. Nothing here is about data
// races, so under the race detector there are no tests.
package openapitest
