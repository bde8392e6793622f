// Package plain recognises texts that need no care, eight bytes at a time. It is for
// userstore and the handler, which look at every text of a patch.
//
// The method is to sort the bytes of a word, all at once, into kinds, each as a set of
// lanes: a word with the highest bit of each byte of that kind.
package plain

import "math/bits"

// Runes returns the number of code points of s. ok reports whether s is plain: valid
// UTF-8 without control characters (Unicode category Cc), quotes and backslashes. Such
// a text is its own JSON, and any Store can keep it. If ok is false, n means nothing,
// and the caller has to look at s more closely.
func Runes[T string | []byte](s T) (n int, ok bool) {
	n = ASCII(s)
	if n == len(s) {
		return n, true
	}
	return runes(s, n-n%8)
}

// ASCII returns how many bytes of plain ASCII s starts with.
func ASCII[T string | []byte](s T) int {
	i := 0
	for ; len(s)-i >= 8; i += 8 {
		if stop := notPlainASCII(word(s[i:])); stop != 0 {
			return i + bits.TrailingZeros64(stop)/8
		}
	}
	if i < len(s) {
		if stop := notPlainASCII(lastWord(s, uint(len(s)-i))); stop != 0 {
			return i + bits.TrailingZeros64(stop)/8
		}
	}
	return len(s)
}

// runes is Runes for a text whose first bytes, up to the start, are plain ASCII.
func runes[T string | []byte](s T, start int) (n int, ok bool) {
	n = len(s)
	var due uint64 // the lanes of the next word that a character of this one reaches
	for i := start; i < len(s); i += 8 {
		var x uint64
		if len(s)-i >= 8 {
			x = word(s[i:])
		} else {
			x = lastWord(s, uint(len(s)-i))
		}
		// Bit 6 of each byte is shifted to bit 7, then bits 5 and 4.
		leads := x & (x << 1) & highest    // 11......
		lead3 := leads & (x << 2)          // 111.....
		lead4 := lead3 & (x << 3)          // 1111....
		follows := x &^ (x << 1) & highest // 10......
		if follows != leads<<8|lead3<<16|lead4<<24|due || x&highest != highest && notPlainASCII(x)&^x != 0 {
			return 0, false
		}
		due = leads>>56 | lead3>>48 | lead4>>40
		n -= bits.OnesCount64(follows)
		for odd := oddLeads(x, leads, lead3, lead4); odd != 0; odd &= odd - 1 {
			at := i + bits.TrailingZeros64(odd)/8
			if at+1 >= len(s) || !fits(s[at], s[at+1]) {
				return 0, false
			}
		}
	}
	return n, due == 0
}

const (
	each    = 0x0101010101010101 // times a byte: that byte in each lane
	highest = 0x80 * each
)

// notPlainASCII returns the lanes of control characters, quotes, backslashes and all
// bytes that are not ASCII. Those that no plain text has (control characters, quotes,
// backslashes and FF) borrow or carry, which may add the lane above; others do not.
func notPlainASCII(x uint64) uint64 {
	return (x | (x - ' '*each) | (x + each) | ((x ^ '"'*each) - each) | ((x ^ '\\'*each) - each)) & highest
}

// oddLeads returns the lanes of those leading bytes that not every continuation byte
// may follow: see fits. It also returns some others, which saves instructions.
func oddLeads(x, leads, lead3, lead4 uint64) uint64 {
	payload := x & (0x1f * each)
	small := leads &^ (payload + (0x80-3)*each)             // C0 to C2, E0 to E2
	surrogate := lead3 &^ (payload ^ 0x0d*each + 0x7f*each) // ED
	return small | surrogate | lead4
}

// fits reports whether a plain character that starts with these two bytes exists: it is
// in the shortest form, no surrogate, none behind U+10FFFF and not U+0080 to U+009F.
func fits(lead, second byte) bool {
	switch lead {
	case 0xc2, 0xe0:
		return second >= 0xa0
	case 0xed:
		return second < 0xa0
	case 0xf0:
		return second >= 0x90
	case 0xf4:
		return second < 0x90
	}
	return lead >= 0xc2 && lead < 0xf4
}

// lastWord returns the last n bytes, 1 to 7, filled up with blanks. It reads bytes
// twice rather than one by one.
func lastWord[T string | []byte](s T, n uint) uint64 {
	blanks := uint64(' '*each) << (8 * n)
	switch {
	case len(s) >= 8:
		return word(s[len(s)-8:])>>(64-8*n) | blanks
	case n >= 4:
		return half(s) | half(s[n-4:])<<(8*(n-4)) | blanks
	}
	return uint64(s[0]) | uint64(s[n/2])<<(8*(n/2)) | uint64(s[n-1])<<(8*(n-1)) | blanks
}

// word returns the first eight bytes, the first one lowest.
func word[T string | []byte](s T) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

func half[T string | []byte](s T) uint64 {
	_ = s[3]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24
}
