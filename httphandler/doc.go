// Package httphandler serves the documented operation PATCH /users/{userId} of
// a JSON:API service as a plain [http.Handler] over any [userstore.Store].
//
// Every answer to a PATCH is 200, 401, 403, 404, 406, 415, 422 or 501, with a
// JSON:API document as its body; any other method is 405. The checks run in
// this order, and the first that fails decides:
//
//	method 405, credentials 401, path id 404, right on that user 403,
//	Accept 406, Content-Type 415, body 422, right on those attributes 403,
//	user exists 404
//
// A refused request (4xx) has changed nothing. A 501 is an internal failure, as
// the page documents it; the change may or may not have been made, and since a
// patch sets absolute values, the client may send it again.
//
// The handler logs no personal value and no token: of an internal failure the
// type of the error and the stack, not its text.
package httphandler
