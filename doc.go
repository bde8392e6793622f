// Package userrecord is an embeddable implementation of one documented HTTP
// operation, PATCH /users/{userId} of a JSON:API user service. This package has no
// code. Start with one of these:
//
//   - [github.com/userrecord/userrecord/httphandler]: the handler, for a host to mount
//   - [github.com/userrecord/userrecord/httphandler/handlertest]: a fake, for tests of
//     clients
//   - [github.com/userrecord/userrecord/httphandler/userserver]: a command that serves
//     the operation, to try it out
//   - [github.com/userrecord/userrecord/userstore]: users, patches, formats and the
//     Store interface
//   - [github.com/userrecord/userrecord/memstore] and
//     [github.com/userrecord/userrecord/sqlstore]: Stores in memory and in SQL
//     databases
//   - [github.com/userrecord/userrecord/conformance]: tests of any server of the
//     operation and of any Store, also as the command userconform
//
// README.md shows how to start, docs/contract.md says what the operation does, and
// docs/formats.md has the formats of the attributes.
package userrecord
