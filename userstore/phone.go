package userstore

import "strings"

// isPhoneNumber reports whether s has at least one digit, at most one + (before
// the first digit), visual separators, and optionally an extension at the end.
func isPhoneNumber(s string) bool {
	number, ok := cutExtension(s)
	digits, plus := false, false
	for i := range len(number) {
		switch c := number[i]; {
		case '0' <= c && c <= '9':
			digits = true
		case c == '+' && !digits && !plus:
			plus = true
		case c != ' ' && c != '-' && c != '(' && c != ')' && c != '.' && c != '/':
			return false
		}
	}
	return ok && digits
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
