package storetest

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// What goes wrong with values.
var valueDefects = []defect{
	{"trims", storingTexts(strings.TrimSpace)},
	{"trims-the-end", storingTexts(func(v string) string { return strings.TrimRight(v, " ") })},
	{"lower-case", storingTexts(strings.ToLower)},
	{"composes-letters", storingTexts(strings.NewReplacer("e\u0301", "\u00e9").Replace)},
	{"three-bytes-a-character", storingTexts(func(v string) string {
		return strings.Map(func(r rune) rune {
			if r > 0xffff {
				return '?'
			}
			return r
		}, v)
	})},
	{"without-a-byte-order-mark", storingTexts(func(v string) string { return strings.TrimPrefix(v, "\ufeff") })},
	{"undoes-backslashes", storingTexts(strings.NewReplacer(`\\`, `\`).Replace)},
	{"escapes-html", storingTexts(strings.NewReplacer("<", "&lt;").Replace)},
	{"text-null-is-null", storing(func(_, patch attrs) attrs {
		return asJSON(patch, strings.NewReplacer(`"null"`, `null`).Replace)
	})},
	{"truncates", storingTexts(func(v string) string { return string([]rune(v)[:min(255, len([]rune(v)))]) })},
	{"truncates-the-last-character", storingTexts(func(v string) string {
		if len(v) > 4*1023 {
			return v[:len(v)-4]
		}
		return v
	})},
	{"empty-text-is-null", storing(func(_, patch attrs) attrs {
		return mapScalars(patch, func(_ scalar, v userstore.TextOrInt) textOrInt {
			if v == userstore.Text("") {
				return noScalar
			}
			return userstore.Value(v)
		})
	})},
	{"integers-are-texts", storingNumbers(func(v userstore.TextOrInt) userstore.TextOrInt { return userstore.Text(v.Text()) })},
	{"digits-are-integers", storingNumbers(func(v userstore.TextOrInt) userstore.TextOrInt {
		if n, err := userstore.ParseInt(v.Text()); err == nil {
			return n
		}
		return v
	})},
	{"no-leading-zeros", storingTexts(func(v string) string {
		if len(v) > 1 && strings.Trim(v, "0123456789") == "" {
			return strings.TrimLeft(v, "0")
		}
		return v
	})},
	{"integers-of-32-bits", storingNumbers(func(v userstore.TextOrInt) userstore.TextOrInt {
		if v.IsInt() && len(v.Text()) > 9 {
			return userstore.Int(1<<31 - 1)
		}
		return v
	})},
	{"refuses-emoji", spoiltPatch(func(s *wrongStore, ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
		if patch.Check() == nil && strings.ContainsAny(showAttributes(patch), "\U0001f469\U0001f600") {
			return user{}, fmt.Errorf("%w: a constraint", userstore.ErrInvalid)
		}
		return s.right.Patch(ctx, id, patch)
	})},
	{"refuses-emoji-and-clears-the-name", spoiltPatch(func(s *wrongStore, ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
		if patch.Check() == nil && strings.Contains(showAttributes(patch), "\U0001f469") {
			s.right.Patch(ctx, id, attrs{FirstName: userstore.Null[string]()})
			return user{}, fmt.Errorf("%w: a constraint", userstore.ErrInvalid)
		}
		return s.right.Patch(ctx, id, patch)
	})},
}
