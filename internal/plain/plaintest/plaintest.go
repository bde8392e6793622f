// Package plaintest draws texts on which fast and simple code may differ.
package plaintest

import (
	"math/rand/v2"
	"strings"
)

// good are valid and plain, from both sides of every border of UTF-8.
var good = []string{
	"a", "abcdefgh", " ", "'", "~", "é", "éé", "я", "Щерб", "漢", "張偉", "ก", "한", "힣", "\ud7ff", "\ue000", "😀", "𝒳",
	"\u2028", "\ufffd", "\ufeff", "\u00a0", "\u00bf", "\u00c0", "\u07ff", "\u0800", "\u0fff", "\u1000", "\uffff", "\U00010000", "\U0010ffff",
}

var bad = []string{
	`"`, `\`, `\n`, `\u00e9`, `\ud83d`, "\n", "\x00", "\x1f", "\x7f", "\u0080", "\u009f",
	"\xff", "\xfe", "\xc3", "\xc0\x80", "\xc1\xbf", "\xa9", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80", "\xe6\xbc", "\xf0\x9f\x98",
}

// Text returns the text number i. About half of all texts are plain.
func Text(i uint64) string {
	random := rand.New(rand.NewPCG(1, i))
	var text strings.Builder
	for range random.IntN(20) {
		from := good
		if random.IntN(30) == 0 {
			from = bad
		}
		text.WriteString(from[random.IntN(len(from))])
	}
	s := []byte(text.String())
	if len(s) > 0 && random.IntN(8) == 0 {
		s[random.IntN(len(s))] = byte(random.Uint32())
	}
	return string(s)
}
