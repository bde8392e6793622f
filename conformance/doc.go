// Package conformance finds out whether a server of the documented operation
// PATCH /users/{userId}, in any language, or a [userstore.Store] does what the
// page and the standards that it builds on ask for.
//
// The suite is a list of requirements ([Requirements]), each with a level. It
// has several doors: [TestServer], [TestHandler] and [TestStore] for go test,
// [CheckServer] and [CheckStore] for everything else, and the command
// userconform.
//
// A correct server never fails because it chose otherwise than others where the
// page is silent: such choices are observed and reported. Nothing that did not
// run counts as passed.
//
// A run against a server writes only to the user that it is given, restores that
// user's record at the end, and sends neither DELETE nor PUT.
package conformance
