package userstore

import (
	"net/netip"
	"regexp"
	"strings"
)

// isEmail accepts what browsers accept or what the mail standards allow. The
// browser's check is faster and decides nearly every address.
func isEmail(s string) bool { return isBrowserEmail(s) || isAddrSpec(s) }

// What the part before the @ and the labels behind it consist of.
var localBytes, labelBytes = alphanumericAnd(".!#$%&'*+/=?^_`{|}~-"), alphanumericAnd("-")

// isBrowserEmail reports whether s is a valid e-mail address by the HTML standard,
// section 4.10.5.1.5 (input type=email). Dots may stand anywhere before the @, as
// in old addresses of docomo.ne.jp.
func isBrowserEmail(s string) bool {
	local, domain, found := strings.Cut(s, "@")
	return found && local != "" && localBytes.holds(local) && isHostName(domain)
}

func isHostName(s string) bool {
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' || !labelBytes.holds(label) {
			return false
		}
	}
	return true
}

// addrSpec is the addr-spec of RFC 5322, section 3.4.1, with UTF-8 as in RFC 6532
// but without comments, folding white space and obsolete forms. Its submatch is
// the text between the brackets of a domain-literal.
var addrSpec = func() *regexp.Regexp {
	const (
		invisible = `\pZ\p{Cc}\p{Cf}`
		atom      = `[^()<>\[\]:;@\\,."` + invisible + `]+`
		dotAtom   = atom + `(?:\.` + atom + `)*`
		quoted    = `"(?:[^\\"` + invisible + `]| |\\[^` + invisible + `]|\\ )*"`
	)
	return regexp.MustCompile(`^(?:` + dotAtom + `|` + quoted + `)@(?:` + dotAtom + `|\[([0-9A-Za-z:.]+)\])$`)
}()

func isAddrSpec(s string) bool {
	m := addrSpec.FindStringSubmatch(s)
	return m != nil && (m[1] == "" || isAddressLiteral(m[1]))
}

// isAddressLiteral reports whether s is an Internet address as in RFC 5321,
// section 4.1.3. Unlike there, the tag of an IPv6 address is optional.
func isAddressLiteral(s string) bool {
	const tag = "IPv6:"
	tagged := len(s) > len(tag) && strings.EqualFold(s[:len(tag)], tag)
	if tagged {
		s = s[len(tag):]
	}
	address, err := netip.ParseAddr(s)
	return err == nil && (address.Is6() || !tagged)
}
