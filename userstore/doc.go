// Package userstore holds the domain of the operation PATCH /users/{userId}:
// what a user record is, how a patch changes it, which values it may hold, and
// the [Store] that keeps it.
//
// One shape serves as record and as patch, as in RFC 7396 (JSON Merge Patch):
// every attribute is an [Optional] that is omitted, null or a value.
// [Attributes.Merge] applies a patch to a record:
//
//   - an omitted attribute is left untouched,
//   - null clears the attribute,
//   - a value replaces it, exactly as provided.
//
// The address is merged one level deep by the same rule. Nothing is trimmed,
// folded or normalised.
//
// The page, in all comments of this module, is the published reference of the
// operation: "Updates the user data of the given user", PATCH /users/{userId} of
// the user API under https://api.pace.cloud/user/2025-1.
//
// # Personal data
//
// User, Attributes, Address, Scalars, Optional and TextOrInt never show a value
// when they are formatted with package fmt or logged with log/slog: they say
// which attributes are set, not what they hold. Three ways around it remain,
// because Go offers no hook for them: fmt reaches a value in an unexported field
// of another struct by reflection, it answers the verb %p (and a misplaced %w)
// of a struct itself, and explicit JSON encoding (which slog's JSON handler uses
// for a struct or slice of yours that contains a user) is meant to show values.
// A failing test that wants to show values can encode them, or compare them with
// github.com/google/go-cmp.
package userstore
