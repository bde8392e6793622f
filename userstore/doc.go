// Package userstore is the domain of the operation PATCH /users/{userId}: what a
// [User] record is, how a patch changes it, which values it may hold, and the
// [Store] interface that a host implements to keep users.
//
// [Attributes] are both the record and the patch, as in RFC 7396 (JSON Merge
// Patch): every attribute is an [Optional], which is omitted, null or a value.
// [Attributes.Merge] applies a patch to a record:
//
//   - an omitted attribute is left untouched,
//   - null clears the attribute,
//   - a value replaces it, exactly as provided.
//
// The members of the address are merged by the same rule. Values are never
// trimmed, case-folded or normalised.
//
// [Attributes.Check] refuses what no Store may keep, [DefaultRules] returns the
// formats that the handler checks, and a host can change them one by one.
// Packages memstore and sqlstore are Stores.
//
// "The page", in all comments of this module, is the published reference of the
// operation: "Updates the user data of the given user", PATCH /users/{userId} of
// the user API under https://api.pace.cloud/user/2025-1.
//
// # Personal data
//
// User, Attributes, Address, Scalars, Optional and TextOrInt show no value when
// they are formatted with package fmt or logged with log/slog, only which
// attributes are set. Go has no hook for three cases, so they do show values:
//
//   - a user in an unexported field of another struct, which fmt reads by
//     reflection,
//   - the verb %p (and a misplaced %w), which fmt formats itself,
//   - JSON encoding, which slog's JSON handler also uses for a struct or slice of
//     yours that contains a user.
//
// A test that must show values can encode them as JSON, or compare them with
// github.com/google/go-cmp.
package userstore
