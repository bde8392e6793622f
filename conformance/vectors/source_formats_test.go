package vectors_test

import "strings"

func formatsTheme() theme {
	th := theme{name: "formats", comment: "Each attribute has a format (docs/formats.md). Other servers may be stricter or more liberal, but never set another value than the one provided."}
	for _, groups := range [][]*group{genders(), emails(), phones(), pictures(), locales(), zones(), countries()} {
		th.groups = append(th.groups, groups...)
	}
	return th
}

func genders() []*group {
	return []*group{
		about("formats.gender", "The gender of the page's example.").on("empty").set("/gender", "male", `"male"`),
		about("formats.gender-other", "other").orRefused().set("/gender", "other", `"other"`),
		about("formats.gender-unknown", "What is no gender of the three is refused, or set exactly.").orSet().refuse("/gender", "invalid-attribute",
			"a capital", `"Male"`, "capitals", `"FEMALE"`, "a letter", `"m"`, "blank after", `"male "`, "blank before", `" male"`,
			"a gender of German law", `"diverse"`, "unknown", `"unknown"`, "the text null", `"null"`,
			"a soft hyphen inside", `"fe\u00admale"`, "a Cyrillic letter", `"mаle"`, "a number as a text", `"1"`,
		),
	}
}

func emails() []*group {
	return []*group{
		about("formats.email formats.email-exact", "Addresses that both RFC 5322 and browsers take.").orRefused().set("/email",
			"the one that it has", `"user@example.com"`, "a dot and a plus sign", `"first.last+tag@example.com"`, "an apostrophe", `"o'brien@example.com"`,
			"no dot in the domain", `"a@b"`, "every sign that an atom may have", "\"!#$%&'*+-/=?^_`{|}~@example.com\"",
			"digits", `"1@2.3"`, "a domain in Punycode", `"user@xn--bcher-kva.example"`, "capitals", `"John.Smith@Example.COM"`,
			"a local part of 65 characters", text("a", 65, "@example.com"), "a label of 63 characters", `"a@`+strings.Repeat("b", 63)+`.com"`,
			"hyphens and dots", `"-.-@example.com"`, "several labels", `"a@b.c.d.e"`,
		),
		about("formats.email lossless.forms", "Addresses that browsers take and RFC 5322 does not: dots anywhere before the @.").orRefused().set("/email",
			"two dots in a row", `"a..b@docomo.ne.jp"`, "a dot first", `".a@docomo.ne.jp"`, "a dot last", `"a.@docomo.ne.jp"`, "nothing but a dot", `".@ezweb.ne.jp"`,
		),
		about("formats.email lossless.forms", "Addresses that RFC 5322 takes and browsers do not.").orRefused().set("/email",
			"an empty quoted string", `"\"\"@example.org"`, "a blank in quotes", `"\"john smith\"@example.org"`, "an @ in quotes", `"\"a@b\"@example.org"`,
			"two dots in quotes", `"\"a..b\"@example.org"`, "a quote in quotes", `"\"a\\\"b\"@example.org"`, "a backslash in quotes", `"\"b\\\\c\"@example.org"`, "brackets and commas in quotes", `"\"(<[,;:]>)\"@example.org"`,
			"an IPv4 address", `"user@[192.0.2.1]"`, "an IPv6 address", `"user@[IPv6:2001:db8::1]"`, "an IPv6 address without the tag", `"user@[2001:db8::1]"`, "an IPv4 address within IPv6", `"user@[IPv6:::ffff:192.0.2.1]"`,
			"an underscore in the domain", `"a@b_c"`, "a hyphen first in the domain", `"a@-b"`, "a label of 64 characters", `"a@`+strings.Repeat("b", 64)+`.com"`,
		),
		about("formats.email lossless.forms", "Addresses with letters beyond ASCII (RFC 6532).").orRefused().set("/email",
			"before the @", `"zoë@example.com"`, "on both sides", `"用户@例え.jp"`, "Greek", `"δοκιμή@παράδειγμα.δοκιμή"`, "in quotes", `"\"zoë\"@example.org"`,
		),
		about("formats.email lossless.lengths", "An address of 254 characters is the longest.").orRefused().set("/email",
			"254 characters", text("x", 242, "@example.com"), "254 code points of two bytes", text("é", 242, "@example.com"),
		),
		about("formats.email lossless.lengths", "An address of 255 characters is too long.").named("email").orSet().refuse("/email", "invalid-attribute",
			"255 characters", text("x", 243, "@example.com"), "255 code points of two bytes", text("é", 243, "@example.com"),
		),
		about("formats.email-nonsense", "What is not one address is refused.").orSet().refuse("/email", "invalid-attribute",
			"no @", `"user"`, "nothing but an @", `"@"`, "nothing after the @", `"user@"`, "nothing before the @", `"@example.com"`, "two @", `"a@b@example.com"`, "two @ in a row", `"user@@example.com"`,
			"a dot first in the domain", `"a@.example.com"`, "a dot last in the domain", `"a@example.com."`, "two dots in the domain", `"a@example..com"`,
			"two dots in the domain after two before the @", `"a..b@c..jp"`, "two dots beyond ASCII", `"zo..ë@example.com"`, "two dots and a domain beyond ASCII", `"a..b@bücher.example"`, "two dots and an underscore in the domain", `"a..b@c_d.jp"`,
			"blank before", `" user@example.com"`, "blank after", `"user@example.com "`, "blank inside", `"us er@example.com"`, "blank before the @", `"user @example.com"`, "blank after the @", `"user@ example.com"`, "blanks only", `"  "`,
			"a no-break space after", `"a@b\u00a0"`, "an ideographic space inside", `"a@b\u3000c"`, "a line separator", `"a\u2028b@c"`, "a zero-width space", `"a@b\u200b"`, "a byte order mark", `"\ufeffa@b"`, "a soft hyphen in quotes", `"\"a\u00adb\"@c"`, "a direction override in quotes", `"\"\\\u202e\"@c"`,
			"a name before", `"User <user@example.com>"`, "angle brackets", `"<user@example.com>"`, "two addresses, a comma", `"a@example.com, b@example.com"`, "two addresses, a semicolon", `"a@example.com;b@example.com"`, "a URI", `"mailto:user@example.com"`,
			"a comment after", `"user@example.com(home)"`, "a comment before the @", `"user(comment)@example.com"`,
			"quotes that are not closed", `"\"a@example.org"`, "quotes in an atom", `"a\"@example.com"`, "text after quotes", `"\"a\"b@example.org"`, "words of quotes, which are obsolete", `"\"a\".\"b\"@example.com"`, "a backslash outside quotes", `"a\\@b@example.com"`,
			"no address in brackets", `"user@[nowhere]"`, "nothing in brackets", `"user@[]"`, "three numbers in brackets", `"user@[192.0.2]"`, "a number too large in brackets", `"user@[192.0.2.256]"`, "IPv4 with the tag of IPv6", `"user@[IPv6:192.0.2.1]"`, "IPv6 with two gaps", `"user@[IPv6:2001:db8::1::2]"`, "IPv6 with a zone", `"user@[IPv6:fe80::1%eth0]"`, "IPv6 without brackets", `"user@2001:db8::1"`, "brackets that are not closed", `"user@[IPv6:2001:db8::1"`, "text after brackets", `"user@[192.0.2.1].example"`,
		),
	}
}

func phones() []*group {
	return []*group{
		about("formats.phone formats.phone-exact", "The page's phone number.").on("empty").orRefused().set("/phoneNumber", "of the page", `"+1 (425) 555-1212"`),
		about("formats.phone formats.phone-exact", "Digits with separators.").orRefused().set("/phoneNumber",
			"E.164", `"+4972127660"`, "blanks, a slash and a hyphen", `"0721 / 27 66-0"`, "dots", `"+49.721.123"`, "an emergency number", `"112"`, "one digit", `"0"`, "parentheses around the plus", `"(+49) 721"`, "every separator", `"0721.555/12-3"`,
		),
		about("formats.phone-exact lossless.forms", "An extension as RFC 3966 writes it.").orRefused().set("/phoneNumber",
			"ext", `"+1 (425) 555-1212;ext=5678"`, "ext with a hyphen", `"+49 721 123;ext=12-34"`, "ext in capitals, with separators", `"+49721;EXT=(5).6"`,
		),
		about("formats.phone-exact lossless.forms", "An extension as libphonenumber writes it in the country.").orRefused().set("/phoneNumber",
			"its default", `"+1 425 555 0123 ext. 5"`, "in Britain", `"0121 234 5678 x5"`, "in Peru", `"(01) 1234567 Anexo 5"`, "in Romania", `"021 123 4567 int 5"`, "in Uruguay", `"2123 1234 int. 5"`, "in Taiwan", `"02 2123 4567#5"`,
		),
		about("formats.phone-nonsense", "What is no phone number is refused, or set exactly.").orSet().refuse("/phoneNumber", "invalid-attribute",
			"blanks only", `"  "`, "a plus alone", `"+"`, "separators only", `"()-"`, "letters", `"CALL-ME"`, "letters after digits", `"123abc"`,
			"two plus signs", `"++49721"`, "a plus between digits", `"49+721"`, "a second plus", `"+49+721"`, "a star and a hash", `"*100#"`, "a comma", `"+49,721"`, "an underscore", `"+49_721"`,
			"Arabic digits", `"٠٧٢١"`, "wide digits", `"１２３"`, "a URI", `"tel:+49-721-123"`, "as dialled in Russia", `"8~10 49 721 123"`,
			"an extension alone", `";ext=1"`, "an empty extension", `"+49 721;ext="`, "an extension without digits", `"+49 721;ext=-"`, "letters in the extension", `"+49 721;ext=a"`, "a blank in the extension", `"+49 721;ext=1 2"`, "two extensions", `"+49 721;ext=1;ext=2"`, "another parameter", `"+49 721;isub=1"`, "no ext before the digits", `"0721;123"`,
			"ext without a point", `"0721 ext 5"`, "x without a blank", `"0721x5"`, "x without digits", `"0721 x"`, "x twice", `"0721 x5 x6"`, "x and ext", `"0721 x5;ext=6"`,
			"a no-break space", `"+49\u00a0721"`, "a minus of typography", `"+49−721"`,
		),
	}
}

func pictures() []*group {
	return []*group{
		about("formats.picture formats.picture-exact", "The picture of the page's example.").on("empty").orRefused().set("/pictureUrl", "of the page", `"https://api.pace.cloud/user/img/uztqwenbqw87t123jhg87t6876"`),
		about("formats.picture formats.picture-exact", "An absolute URL of the scheme http or https is kept byte for byte.").orRefused().set("/pictureUrl",
			"http", `"http://example.com/a.png"`, "query and fragment", `"https://example.com/img/a.png?x=1#top"`, "no path", `"https://example.com"`, "a port", `"https://example.com:8443/a"`, "capitals in the scheme", `"HTTP://example.com"`, "capitals in the host", `"https://Example.COM/a"`,
			"the default port", `"https://example.com:443/a"`, "an empty port", `"http://example.com:/"`, "zeros before the port", `"https://example.com:00443/"`, "the largest port", `"https://example.com:65535/"`,
			"an IPv4 address", `"https://192.0.2.1/a"`, "an IPv6 address", `"https://[2001:db8::1]:8443/a"`, "localhost", `"http://localhost/a"`,
			"percent-encoding", `"https://example.com/a%20b?x%5B%5D=1"`, "percent-encoding in lower case", `"https://example.com/a%2fb"`, "dots in the path", `"https://example.com/a/../b/./c"`, "two slashes in the path", `"https://example.com//a"`, "an empty query", `"https://example.com/?"`, "an empty fragment", `"https://example.com/a#"`, "a query of a query", `"https://example.com/?q=a/b?c#d/e?f"`, "signs that a path may have", `"https://example.com/a'(b);c,d=e@f:g!*$&+"`,
			"letters beyond ASCII", `"https://bücher.example/ü"`, "a host beyond ASCII", `"https://用户.例え/"`, "an emoji", `"https://example.com/🙂"`, "a host in Punycode", `"https://xn--bcher-kva.example/"`,
		),
		about("formats.picture-exact lossless.lengths", "A URL of 2,048 characters is the longest.").orRefused().set("/pictureUrl", "2048 characters", urlOf(2048)),
		about("formats.picture-exact lossless.lengths", "A URL of 2,049 characters is too long.").named("pictureUrl").orSet().refuse("/pictureUrl", "invalid-attribute", "2049 characters", urlOf(2049)),
		about("formats.picture-nonsense", "What is no absolute URL of http or https is refused, or set exactly.").orSet().refuse("/pictureUrl", "invalid-attribute",
			"no scheme", `"example.com/a.png"`, "an absolute path", `"/a.png"`, "a relative path", `"a.png"`, "no scheme, two slashes", `"//example.com/a.png"`, "a query alone", `"?a"`, "a fragment alone", `"#a"`, "blanks only", `"  "`,
			"javascript", `"javascript:alert(1)"`, "javascript that looks like a URL", `"JavaScript://example.com/%0aalert(1)"`, "data", `"data:image/png;base64,AAAA"`, "blob", `"blob:https://example.com/1"`, "ftp", `"ftp://example.com/a"`, "file", `"file:///a.png"`, "mailto", `"mailto:a@example.com"`,
			"no host", `"https:///a.png"`, "a port without a host", `"https://:443/a"`, "a query without a host", `"https://?a"`, "the scheme alone", `"https:"`, "nothing after the slashes", `"https://"`, "one slash", `"https:/example.com"`, "no slashes", `"https:example.com"`,
			"a user", `"https://user@example.com/a"`, "a user and a password", `"http://u:p@example.com/"`, "a backslash before an @", `"https://example.com\\@evil.example"`,
			"a blank in the path", `"https://example.com/a b"`, "a blank in the host", `"https://exa mple.com"`, "a blank before", `" https://example.com"`, "a blank after", `"https://example.com "`, "a no-break space", `"http://a/\u00a0"`, "a zero-width space in the host", `"http://a\u200b.com"`, "a direction override", `"http://a/\u202e"`, "a character for private use", `"http://a/\ue000"`,
			"angle brackets", `"https://example.com/<a>"`, "quotes", `"https://example.com/\"a\""`, "braces", `"https://example.com/{id}"`, "a vertical bar", `"https://example.com/a|b"`, "a caret", `"https://example.com/^"`, "brackets in the query", `"https://example.com/?x[]=1"`, "two fragments", `"http://a/##"`,
			"a percent sign alone", `"https://example.com/%"`, "a percent sign before letters", `"https://example.com/%zz"`, "a percent sign in the fragment", `"https://example.com/#%zz"`,
			"a port of letters", `"https://example.com:port/"`, "a port too large", `"https://example.com:65536/"`, "a negative port", `"http://a:-1/"`, "two ports", `"http://a:1:2/"`,
			"brackets that are not closed", `"https://[2001:db8::1"`, "no address in brackets", `"https://[nowhere]/"`, "nothing in brackets", `"http://[]/"`, "a zone in brackets", `"http://[::1%25eth0]/"`,
		),
	}
}

func locales() []*group {
	return []*group{
		about("formats.locale", "The locale of the page's example.").on("empty").set("/locale", "of the page", `"de-DE"`),
		about("lossless.forms formats.locale", "A well-formed language tag (RFC 5646) is kept as it was written.").orRefused().set("/locale",
			"a language", `"de"`, "a language of three letters", `"yue"`, "a region", `"en-US"`, "a script and a region", `"zh-Hant-TW"`, "a script", `"sr-Latn"`, "a region of digits", `"es-419"`, "a variant", `"de-CH-1901"`, "two variants", `"sl-rozaj-biske-1994"`, "script, region and variant", `"de-Latn-DE-1996"`, "an extended language", `"zh-cmn-Hans-CN"`,
			"an extension", `"de-DE-u-co-phonebk"`, "a private part", `"en-x-twain"`, "nothing but a private part", `"x-private"`, "an irregular tag", `"i-klingon"`, "a grandfathered tag", `"en-GB-oed"`, "a regular grandfathered tag", `"art-lojban"`, "languages and regions for private use", `"qaa-Qaaa-QM-x-southern"`, "an undetermined language", `"und"`,
			"the case exchanged", `"DE-de"`, "an old code", `"iw"`, "not registered", `"xx-YY"`, "a POSIX locale as a tag", `"en-US-u-va-posix"`,
		),
		about("formats.locale-nonsense lossless.forms", "An underscore in place of a hyphen is tolerated.").orRefused().set("/locale", "one underscore", `"en_US"`, "two underscores", `"sr_Latn_RS"`),
		about("formats.locale-nonsense", "What is no language tag is refused, or set exactly.").orSet().refuse("/locale", "invalid-attribute",
			"one letter", `"d"`, "signs", `"!!"`, "a hyphen alone", `"-"`, "a hyphen last", `"de-"`, "an underscore last", `"de_"`, "a hyphen first", `"-de"`, "two hyphens", `"de--DE"`, "blank inside", `"de DE"`, "blank after", `"de-DE "`, "blank before", `" de"`, "a slash", `"de/DE"`, "a dash of typography", `"de–DE"`, "blanks only", `"  "`,
			"the script after the region", `"de-DE-Latn"`, "two scripts", `"de-Latn-Latn"`, "two regions", `"de-DE-AT"`, "the region after a variant", `"sl-rozaj-SI"`, "a region of two digits", `"de-12"`, "a subtag of more than eight letters", `"de-DEUTSCHLAND"`, "a language of many letters", `"toolongsubtag"`,
			"an extension without value", `"de-u"`, "a private part without value", `"de-x"`, "x alone", `"x"`, "i alone", `"i"`, "one letter as a language", `"a-DE"`,
			"a POSIX locale with a charset", `"de_DE.UTF-8"`, "a POSIX locale with a modifier", `"de_DE@euro"`, "the POSIX locale", `"C"`, "a locale of Apple with a keyword", `"en_US@rg=gbzzzz"`, "two languages, as in Accept-Language", `"de-DE,de"`, "a weight, as in Accept-Language", `"de;q=0.5"`, "a wildcard", `"*"`, "a wildcard for the region", `"de-*"`,
			"digits", `"1234"`, "a letter beyond ASCII", `"dé"`, "the Kelvin sign", `"\u212ao"`, "a language by its own name", `"日本語"`, "a language in English", `"German"`,
		),
	}
}

func zones() []*group {
	return []*group{
		about("formats.zone", "The time zone of the page's example.").on("empty").set("/zoneInfo", "of the page", `"Europe/Berlin"`),
		about("lossless.forms formats.zone", "A name of the tz database, links included, is kept.").orRefused().set("/zoneInfo",
			"an underscore", `"America/Los_Angeles"`, "three parts", `"America/Argentina/Buenos_Aires"`, "UTC", `"UTC"`, "GMT", `"GMT"`, "an old name", `"Asia/Calcutta"`, "its new name", `"Asia/Kolkata"`, "a name that changed lately", `"Europe/Kiev"`, "its successor", `"Europe/Kyiv"`, "a zone of the United States", `"US/Pacific"`, "a fixed offset", `"Etc/GMT+1"`, "a military name", `"Zulu"`, "a name of POSIX", `"EST5EDT"`, "a hyphen", `"America/Port-au-Prince"`, "the longest", `"America/Argentina/ComodRivadavia"`,
		),
		about("formats.zone-nonsense", "What is no name of the tz database is refused, or set exactly.").orSet().refuse("/zoneInfo", "invalid-attribute",
			"a planet", `"Mars/Phobos"`, "lower case", `"europe/berlin"`, "upper case", `"EUROPE/BERLIN"`, "UTC in lower case", `"utc"`, "the city alone", `"Berlin"`, "the continent alone", `"Europe"`, "the continent and a slash", `"Europe/"`, "a slash last", `"Europe/Berlin/"`, "a backslash", `"Europe\\Berlin"`, "blank after", `"Europe/Berlin "`, "blank before", `" UTC"`, "blanks only", `"  "`, "a zero-width space after", `"Europe/Berlin\u200b"`,
			"an abbreviation", `"CEST"`, "an offset", `"+01:00"`, "an offset of GMT", `"GMT+25"`, "an offset too large", `"Etc/GMT+99"`, "an unknown zone of browsers", `"Etc/Unknown"`, "the local zone", `"Local"`, "the zone of nowhere", `"Factory"`, "a name of Windows", `"W. Europe Standard Time"`,
			"a path upwards", `"../../etc/passwd"`, "an absolute path", `"/etc/localtime"`, "a path with a dot", `"./UTC"`, "a path that returns", `"Europe/../Europe/Berlin"`, "a file of the database", `"posixrules"`, "a table of the database", `"zone.tab"`, "a folder of the database", `"posix/Europe/Berlin"`, "two names", `"Africa/Abidjan Africa/Accra"`,
		),
	}
}

func countries() []*group {
	return []*group{
		about("formats.country", "The country of the page's example.").on("house").orRefused().orLeaves(replacingAddress).set("/address/country", "of the page", `"DE"`),
		about("lossless.forms formats.country", "Two capitals are kept, whether or not they are assigned.").orRefused().orLeaves(replacingAddress).set("/address/country",
			"another country", `"AT"`, "a territory", `"GF"`, "Norway", `"NO"`, "Kosovo", `"XK"`, "reserved", `"EU"`, "for users", `"ZZ"`, "first of all", `"AA"`,
		),
		about("formats.country-nonsense", "What is not two capitals is refused, or set exactly.").orLeaves(setInEither).refuse("/address/country", "invalid-attribute",
			"lower case", `"de"`, "one capital", `"De"`, "the second capital", `"dE"`, "one letter", `"D"`, "three letters", `"DEU"`, "digits of ISO 3166-1", `"276"`, "two digits", `"49"`, "a letter and a digit", `"D1"`, "in English", `"Germany"`,
			"blank after", `"DE "`, "blank before", `" DE"`, "umlauts", `"ÄÖ"`, "Cyrillic capitals", `"ДЕ"`, "wide capitals", `"ＤＥ"`, "a flag", `"🇩🇪"`, "the sign after Z", `"A["`, "the sign before A", `"@A"`, "a region of ISO 3166-2", `"DE-BW"`,
		),
	}
}

// setInEither is for servers that merge the address and for those that replace it.
func setInEither(before record, pointer string, value any) []record {
	return append(setExactly(before, pointer, value), replacingAddress(before, pointer, value)...)
}

// text returns a JSON string of a repeated character and an end.
func text(char string, n int, end string) string { return `"` + strings.Repeat(char, n) + end + `"` }

// urlOf returns a URL of that many characters.
func urlOf(n int) string {
	const start = "https://example.com/"
	return `"` + start + strings.Repeat("x", n-len(start)) + `"`
}
