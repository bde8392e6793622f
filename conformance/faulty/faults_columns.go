package faulty

import (
	"context"
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// Values that do not fit the columns of a database, or that a library puts into a form of
// its own.
func columnFaults() []Fault {
	text := func(change func(s string) string) func(*server) {
		return storeTexts(func(p, s string) string {
			if isFreeText(p) {
				return change(s)
			}
			return s
		})
	}
	attribute := func(name string, change func(s string) string) func(*server) {
		return storeAttributes(attributeText(name, change))
	}
	return []Fault{
		{"text-latin1-only", "Characters beyond Latin-1 become question marks.", text(mapRunes(func(r rune) rune { return replaceIf(r > 0xff, '?', r) }))},
		{"text-cut-at-astral", "A text ends at a character of four bytes, as in utf8 of MySQL.", text(func(s string) string {
			if i := strings.IndexFunc(s, func(r rune) bool { return r > 0xffff }); i >= 0 {
				return s[:i]
			}
			return s
		})},
		{"text-without-accents", "Accents are dropped.", text(strings.NewReplacer("ü", "u", "ç", "c", "á", "a", "É", "E", "é", "e", "ë", "e", "š", "s").Replace)},
		{"text-nfkc", "Ligatures, superscripts and wide letters become plain letters.", text(strings.NewReplacer("\ufb01", "fi", "²", "2", "\uff21", "A", "½", "1/2", "①", "1").Replace)},
		{"text-eszett-ss", "ß is stored as ss.", text(func(s string) string { return strings.ReplaceAll(s, "ß", "ss") })},
		{"text-tags-stripped", "What looks like tags of HTML is stripped.", text(func(s string) string { return tags.ReplaceAllString(s, "") })},
		{"text-entities-decoded", "Entities of HTML are decoded.", text(html.UnescapeString)},
		{"text-percent-decoded", "Percent escapes are decoded.", text(func(s string) string {
			if decoded, err := url.PathUnescape(s); err == nil {
				return decoded
			}
			return s
		})},
		{"text-quotes-curled", "Straight apostrophes become curled.", text(func(s string) string { return strings.ReplaceAll(s, "'", "\u2019") })},
		{"text-shown-escaped", "Texts are shown escaped for HTML.", showsTexts(func(s string) any { return html.EscapeString(s) })},
		{"text-no-break-lost", "No-break spaces become blanks.", text(func(s string) string { return strings.ReplaceAll(s, "\u00a0", " ") })},
		{"address-line-cut", "The additional line of an address is cut after 40 characters.", storeAttributes(memberValue("additionalAddressLink", cutTo(40)))},
		{"region-cut", "The region is cut after 20 characters.", storeAttributes(memberValue("region", cutTo(20)))},
		{"first-name-cut", "The first name is cut after 100 characters.", attribute("firstName", cutText(100))},
		{"picture-cut", "The URL of the picture is cut after 255 characters.", attribute("pictureUrl", cutText(255))},
		{"zone-cut", "The time zone is cut after 30 characters.", attribute("zoneInfo", cutText(30))},
		{"locale-cut", "The locale is cut after 5 characters.", attribute("locale", cutText(5))},
		{"locale-underscored", "The locale is stored as Java writes it, de_DE.", attribute("locale", func(s string) string { return strings.ReplaceAll(s, "-", "_") })},
		{"email-tag-dropped", "What follows a plus sign in an e-mail address is dropped.", attribute("email", func(s string) string { return tag.ReplaceAllString(s, "@") })},
		{"email-dots-dropped", "Dots before the @ of an e-mail address are dropped.", attribute("email", func(s string) string {
			name, host, _ := strings.Cut(s, "@")
			return strings.ReplaceAll(name, ".", "") + "@" + host
		})},
		{"phone-plus-lost", "The phone number loses its plus sign, as a number does.", attribute("phoneNumber", func(s string) string { return strings.TrimPrefix(s, "+") })},
		{"picture-query-dropped", "The query of the URL of the picture is dropped.", attribute("pictureUrl", func(s string) string { return before(s, "?") })},
		{"house-number-int32", "A house number beyond 2^31-1 becomes that.", storeAttributes(memberValue("houseNo", func(v any) any {
			n, ok := v.(json.Number)
			if i, err := n.Int64(); ok && err == nil && i > 1<<31-1 {
				return json.Number("2147483647")
			}
			return v
		}))},
		{"house-number-float", "A house number of digits is shown as a text with a decimal point.", answerValues(func(p string, v any) any {
			if n, ok := v.(json.Number); ok && p == "/address/houseNo" {
				return n.String() + ".0"
			}
			return v
		})},
		{"postal-code-grouped", "A postal code that is a number is shown with a comma for thousands.", answerValues(func(p string, v any) any {
			if n, ok := v.(json.Number); ok && p == "/address/postalCode" && len(n) > 3 {
				return string(n[:len(n)-3]) + "," + string(n[len(n)-3:])
			}
			return v
		})},
		{"case-change-ignored", "A change of case alone is no change, as under the collations of MySQL.", ignoresChange(strings.ToLower)},
		{"accent-change-ignored", "A change of accents alone is no change, as under the collations of MySQL.", ignoresChange(strings.NewReplacer("É", "E", "é", "e").Replace)},
	}
}

var (
	tags = regexp.MustCompile(`<[^>]*>`)
	tag  = regexp.MustCompile(`\+[^@]*@`)
)

func cutText(n int) func(s string) string {
	return func(s string) string { return strings.TrimRightFunc(s[:min(n, len(s))], unicode.IsSpace) }
}

func cutTo(n int) func(v any) any {
	return func(v any) any {
		if s, ok := v.(string); ok {
			return cutText(n)(s)
		}
		return v
	}
}

// ignoresChange leaves the last name as it is, if a new one differs only in what same
// takes away.
func ignoresChange(same func(s string) string) func(*server) {
	return storePatch(func(ctx context.Context, next userstore.Store, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
		user, err := next.Get(ctx, id)
		old, had := user.Attributes.LastName.Get()
		if s, ok := patch.LastName.Get(); err == nil && ok && had && same(s) == same(old) {
			patch.LastName = userstore.Optional[string]{}
		}
		return next.Patch(ctx, id, patch)
	})
}
