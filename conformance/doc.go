// Package conformance is the vocabulary of the conformance suite: requirements
// with their levels, the options of a run, and the report that it gives.
//
// The suite finds out whether a server of the documented operation
// PATCH /users/{userId}, in any language, or a Store does what the page and the
// standards that it builds on ask for:
//
//   - package servertest checks servers and handlers,
//   - package storetest checks Stores,
//   - package render writes reports as JSON, JUnit XML, Markdown and HTML,
//   - package vectors has the contract as data, for unit tests of any language,
//   - package faulty serves the operation wrongly, to try the suite on,
//   - the command userconform checks a server from a shell.
//
// A correct server never fails because it chose otherwise than others where the
// page is silent: such choices are observed and reported. Nothing that did not
// run counts as passed.
package conformance
