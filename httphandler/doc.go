// Package httphandler serves the documented operation PATCH /users/{userId} of
// a JSON:API service as a plain [http.Handler] over any [userstore.Store].
//
// A host calls [New] with its Store, its [Access] and perhaps [Options], and mounts
// the result:
//
//	mux.Handle("/users/{userId}", httphandler.New(store, access, nil))
//
// Every answer to a PATCH is 200, 401, 403, 404, 406, 415, 422 or 501, with a
// JSON:API document as its body. Any other method is 405. The checks run in this
// order, and the first that fails decides the status:
//
//	405  unless the method is PATCH
//	401  unless the credentials are valid
//	404  unless the id in the path is a UUID
//	403  unless the caller may patch that user
//	406  unless Accept admits JSON:API
//	415  unless Content-Type is JSON:API
//	422  unless the body is a valid patch
//	403  unless the caller may change those attributes
//	404  unless the user exists
//
// A refused request (4xx) has changed nothing. A 501 is an internal failure, as
// the page documents it: the change may or may not have been made. The client may
// send the patch again, because a patch sets absolute values; but that may overwrite
// a later change of the same attributes.
//
// The handler logs no personal value and no token. Of a refusal it logs the status, the
// code, which members or header field are at fault, and the error id (see [Options]);
// of an internal failure the error id, the types of the error and the stack, and the
// text only of an error that is a [slog.LogValuer], as those of package sqlstore are,
// which hold no value. Where the caller was let through, both have the id of the user.
// [Options.Observe] is for metrics and spans.
//
// Beside the patch, a host's own operations let callers in by [Access.Admit], read the body
// of a create by [ReadNewUser], and answer with the same documents by [WriteUser],
// [WriteUsers] and [WriteError]. [Methods] mounts them all. See docs/routers.md of the
// module for other routers than [http.ServeMux]. [OpenAPI] returns the description of the
// operation for clients in any language.
//
// Package handlertest has a fake for tests. The command userserver is a small host, and
// examplehost a whole application: tokens, tenants, a table of its own, an outbox.
package httphandler
