package plain

import "testing"

func TestText(t *testing.T) {
	for s, want := range map[string]string{
		"a\tb\nc \u00e9 \U0001f600":   "a\tb\nc \u00e9 \U0001f600",
		"\x00\x1b[31m\u202e\xff\r":    `\u0000\u001b[31m\u202e\xff\u000d`,
		"a\u2028b\u2029c\ufeff\u0085": `a\u2028b\u2029c\ufeff\u0085`,

		"##vso[task.setvariable]":       `#\u0023vso[task.setvariable]`,
		"a ##[error]b":                  `a #\u0023[error]b`,
		"##teamcity[x]":                 `#\u0023teamcity[x]`,
		"::set-output name=a::b":        `\u003a:set-output name=a::b`,
		"a\n \t::error::b":              "a\n \t" + `\u003a:error::b`,
		"[::1]:80 and a::b":             "[::1]:80 and a::b",
		"[[ATTACHMENT|/etc/passwd]]":    `[\u005bATTACHMENT|/etc/passwd]]`,
		"[[attachment|/etc/passwd]]":    `[\u005battachment|/etc/passwd]]`,
		"[[1],[2]]":                     "[[1],[2]]",
		"section_start:1:x\r\x1b[0Ka":   `section_start:1:x\u000d\u001b[0Ka`,
		"@everyone, (@a/b) ada@b.org":   `\u0040everyone, (\u0040a/b) ada@b.org`,
		"@-members begin with @ and 5@": "@-members begin with @ and 5@",
		"see #12, a/b#1 and /x#":        `see \u002312, a/b#1 and /x#`,
	} {
		if got := Text(s); got != want {
			t.Errorf("Text(%q) = %s, want %s", s, got, want)
		}
		if got := Text(Text(s)); got != Text(s) {
			t.Errorf("Text(%q) changes when made harmless again: %s", s, got)
		}
	}
}

func TestLines(t *testing.T) {
	if got, want := Lines("| ", "a\n\n::b\n"), "| a\n|\n| \\u003a:b"; got != want {
		t.Errorf("Lines = %q, want %q", got, want)
	}
}
