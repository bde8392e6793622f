package userstore

import "strings"

// isPhoneNumber wants a digit, at most one + and that before the first digit, and
// no other characters than these; and at the end perhaps an extension.
func isPhoneNumber(s string) bool {
	number, ok := cutExtension(s)
	digits, plus := false, false
	for i := range len(number) {
		switch c := number[i]; {
		case '0' <= c && c <= '9':
			digits = true
		case c == '+' && !digits && !plus:
			plus = true
		case strings.IndexByte("(). /-", c) < 0:
			return false
		}
	}
	return ok && digits
}

// extensionMarks are what stands before an extension: in libphonenumber's default
// format, and in those for Britain, Peru, Romania, Uruguay and Taiwan.
var extensionMarks = [...]string{" ext. ", " x", " Anexo ", " int ", " int. ", "#"}

// cutExtension returns what precedes the extension of s, and whether that is well
// formed or absent.
func cutExtension(s string) (number string, ok bool) {
	if number, parameter, found := strings.Cut(s, ";"); found {
		return number, isExtensionParameter(parameter)
	}
	number = strings.TrimRight(s, "0123456789")
	for _, mark := range extensionMarks {
		if before, found := strings.CutSuffix(number, mark); found {
			return before, len(number) < len(s)
		}
	}
	return s, true
}

// isExtensionParameter reports whether s is ext= in any case, and digits, with or
// without visual separators (RFC 3966, section 3).
func isExtensionParameter(s string) bool {
	name, value, _ := strings.Cut(s, "=")
	digits := strings.Trim(value, "-.()") != ""
	notPhoneDigit := func(r rune) bool { return (r < '0' || r > '9') && !strings.ContainsRune("-.()", r) }
	return digits && strings.EqualFold(name, "ext") && !strings.ContainsFunc(value, notPhoneDigit)
}
