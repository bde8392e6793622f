package userstore

import "strings"

// isPhoneNumber reports whether s is a number, optionally with an extension at the end.
func isPhoneNumber(s string) bool {
	if isNumber(s) {
		return true // as most are
	}
	number, ok := cutExtension(s)
	return ok && isNumber(number)
}

// isNumber reports whether s has at least one digit, at most one + (before the first
// digit), and visual separators.
func isNumber(s string) bool {
	digits, plus := false, false
	for i := range len(s) {
		switch c := s[i]; {
		case '0' <= c && c <= '9':
			digits = true
		case c == '+' && !digits && !plus:
			plus = true
		case c != ' ' && c != '-' && c != '(' && c != ')' && c != '.' && c != '/':
			return false
		}
	}
	return digits
}

// extensionMarks precede an extension in libphonenumber's default format and in
// its formats for Britain, Peru, Romania, Uruguay and Taiwan.
var extensionMarks = [...]string{" ext. ", " x", " Anexo ", " int ", " int. ", "#"}

// cutExtension returns s without its extension. ok is false if the extension is
// malformed.
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

// isExtensionParameter reports whether s is ext= (in any case) and digits with
// optional visual separators (RFC 3966, section 3).
func isExtensionParameter(s string) bool {
	name, value, _ := strings.Cut(s, "=")
	digits := strings.Trim(value, "-.()") != ""
	notPhoneDigit := func(r rune) bool { return (r < '0' || r > '9') && !strings.ContainsRune("-.()", r) }
	return digits && strings.EqualFold(name, "ext") && !strings.ContainsFunc(value, notPhoneDigit)
}
