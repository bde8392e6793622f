package vectors_test

import (
	"slices"
	"strings"

	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/vectors"
)

const unknownID = "11111111-2222-4333-8444-555555555555"

// A field is a header field with its values, a line each; none means that it is absent.
type field struct {
	name   string // of the vector
	values []string
}

func one(name, value string) field { return field{name, []string{value}} }

// headers adds vectors that set the first name, with other values of a header field. A
// status other than 200 comes with the code, and the field as its source.
func (g *group) headers(header string, status int, code string, fields ...field) *group {
	g.key = strings.ToLower(header)
	for _, f := range fields {
		v := vectors.Vector{Request: sending(jane), Status: status}
		v.Request.Headers = slices.DeleteFunc(v.Request.Headers, func(h [2]string) bool { return h[0] == header })
		for _, value := range f.values {
			v.Request.Headers = append(v.Request.Headers, [2]string{header, value})
		}
		if status == 200 {
			v.After = g.before.with("/firstName", "Jane").text()
		} else {
			v.Errors = []vectors.Error{{Code: code, Source: map[string]string{"header": header}}}
		}
		g.allow(g.add(f.name, v), "/firstName", "Jane")
	}
	return g
}

func (g *group) accepted(fields ...field) *group { return g.headers("Accept", 200, "", fields...) }
func (g *group) notAcceptable(fields ...field) *group {
	return g.headers("Accept", 406, "not-acceptable", fields...)
}
func (g *group) contentType(fields ...field) *group {
	return g.headers("Content-Type", 200, "", fields...)
}
func (g *group) unsupported(fields ...field) *group {
	return g.headers("Content-Type", 415, "unsupported-media-type", fields...)
}

func negotiationTheme() theme {
	const j = mediaType
	others := func(n int) string { return strings.Repeat("text/html,", n) }
	groups := []*group{
		about("accept.json-api content.json-api", "A request whose Accept and Content-Type are the media type is answered.").merge("both are the media type", `{"firstName":"Jane","gender":"female"}`),
		about("accept.absent", "A request without Accept accepts anything.").accepted(field{"absent", nil}),
		about("accept.any", "Wildcards accept anything.").orStatus(406).accepted(one("anything", "*/*"), one("anything of application", "application/*"), one("anything, with a weight", "*/*;q=0.1")),
		about("accept.case", "Media types are compared in any case.").accepted(one("capitals", "APPLICATION/VND.API+JSON"), one("a capital first", "Application/Vnd.Api+Json")),
		about("accept.case accept.any", "Wildcards are compared in any case.").orStatus(406).accepted(one("a wildcard with a capital", "Application/*")),
		about("accept.list", "A media range in a list counts, wherever it stands.").accepted(
			one("last of two", "text/html, "+j), one("first of two", j+", text/html"), one("no blank", "text/html,"+j), one("tabs", "text/html\t,\t"+j), one("in the middle", "text/html, "+j+", image/png"), one("empty elements", ", "+j+" ,"),
			field{"in a second field", []string{"text/html", j}}, field{"in the first of two fields", []string{j, "text/html"}}, one("after a comma in quotes", `text/html;x="a,b", `+j),
		),
		about("accept.list accept.any", "A wildcard in a list counts.").orStatus(406).accepted(one("as axios sends it", "application/json, text/plain, */*"), one("as browsers send it", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"), one("as Java sends it", "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2")),
		about("accept.weight", "A weight is no parameter of the media type.").accepted(
			one("a half", j+";q=0.5"), one("the smallest", j+" ; q=0.001"), one("one with decimals", j+";q=1.000"), one("a capital Q", j+";Q=1"), one("smaller than another's", "text/html, "+j+";q=0.1"), one("blanks around the semicolon", j+" ; q=0.5"),
		),
		about("accept.other", "A request that accepts only other types is refused with 406.").notAcceptable(one("HTML", "text/html"), one("PNG", "image/png"), one("any text", "text/*"), field{"two fields of others", []string{"text/html", "image/png"}}, one("a list of others", "text/html, application/xml;q=0.9")),
		about("accept.other", "A request that accepts only similar types is refused with 406.").only(conformance.Should).notAcceptable(one("a type that begins alike", j+"x"), one("a shorter type", "application/vnd.api")),
		about("accept.json", "Plain JSON is another media type.").orLeaves(toJane).notAcceptable(one("JSON", "application/json"), one("JSON with a charset", "application/json; charset=utf-8")),
		about("accept.zero", "The weight 0 means not acceptable.").notAcceptable(
			one("zero", j+";q=0"), one("zero and a point", j+";q=0."), one("zero with decimals", j+";q=0.000"), one("zero with a capital Q", j+" ; Q=0"), one("anything but", "*/*;q=0"), one("nothing of application", "application/*;q=0"), one("zero beside another", "text/html;q=0.5, "+j+";q=0.0"),
			one("zero before a wildcard", j+";q=0, */*"), one("zero after a wildcard", "*/*, "+j+";q=0"), field{"zero in a second field", []string{"*/*", j + ";q=0"}}, one("nothing of application before a wildcard", "application/*;q=0, */*"),
		),
		about("accept.zero accept.list", "The most specific range decides.").accepted(one("anything is zero and this is not", "*/*;q=0, "+j), one("application is zero and this is not", "application/*;q=0, "+j)),
		about("accept.zero accept.any", "A wildcard of application is more specific than one of anything.").orStatus(406).accepted(one("anything is zero and application is not", "application/*, */*;q=0"), one("HTML is zero and anything is not", "text/html;q=0, */*")),
		about("accept.parameter", "JSON:API with a parameter that is not known does not match.").notAcceptable(
			one("charset", j+";charset=utf-8"), one("an extension", j+`;ext="https://example.com/e"`), one("version", j+";version=1"), one("profile and charset", j+`;profile="https://example.com/p";charset=utf-8`), one("an extension and a profile", j+`;ext="e";profile="p"`), one("charset beside HTML", j+";charset=utf-8, text/html"), one("the media type in a quoted parameter", `text/html;x="a, `+j+`"`), one("charset after an empty parameter", j+"; ;charset=utf-8"),
		),
		about("accept.parameter accept.list", "One range without parameters is enough.").accepted(one("charset beside none", j+";charset=utf-8, "+j), field{"charset in another field", []string{j, j + ";charset=utf-8"}}),
		about("accept.parameter accept.any", "A wildcard beside a parameter that is not known.").orStatus(406).accepted(one("charset beside anything", j+";charset=utf-8, */*")),
		about("accept.profile", "A profile is ignored, or refused.").orStatus(406).accepted(
			one("a profile", j+`;profile="https://example.com/p"`), one("two profiles", j+` ; PROFILE="https://example.com/p https://example.com/q"`), one("a profile without quotes", j+";profile=token"), one("a profile with a weight", j+`;profile="p";q=0.5`), one("a comma in the profile", j+`;profile="a,b"`), one("a weight in the profile", j+`;profile="a;q=0"`), one("an escaped quote in the profile", j+`;profile="a\";q=0"`),
			one("a profile is zero and anything is not", j+`;profile="p";q=0, */*`), one("a profile is zero and none is not", j+`;profile="p";q=0, `+j), one("an extension beside a profile", j+`;ext="https://example.com/e", `+j+`;profile="p"`),
		),
		about("accept.profile", "A profile with the weight 0 does not match.").only(conformance.Observe).orLeaves(toJane).notAcceptable(one("a profile is zero", j+`;profile="p";q=0`)),
		about("accept.malformed", "A malformed range matches nothing, or something; it is no failure.").orStatus(400).orLeaves(toJane).notAcceptable(
			one("semicolons", ";;"), one("a slash", "/"), one("no subtype", "application/"), one("a star alone", "*"), one("a wildcard before a subtype", "*/vnd.api+json"), one("in quotes", `"`+j+`"`), one("a blank in the type", j+" x"), one("quotes that are not closed", j+`;profile="p`), one("a parameter without quotes", j+";ext=https://a b"), one("a slash too many", j+"/x"),
			one("a weight above one", j+";q=1.001"), one("a weight of two", j+";q=2"), one("a negative weight", j+";q=-1"), one("an exponent as weight", j+";q=1e0"), one("a word as weight", j+";q=x"), one("an empty weight", j+";q="), one("four decimals", j+";q=0.0001"),
		),
		about("accept.malformed accept.list", "A malformed range does not affect the others.").orStatus(400, 406).accepted(one("a slash beside the media type", "/, "+j), one("an empty parameter", j+";"), one("an empty parameter before a weight", j+";;q=1"), one("a weight of two beside a wildcard", j+";q=2, */*")),
		about("accept.absent accept.malformed", "An empty list accepts anything, or nothing.").only(conformance.Observe).orStatus(400, 406).accepted(one("an empty field", ""), one("a comma alone", ",")),
		about("accept.list accept.malformed", "32 media ranges are the most that are read.").only(conformance.Observe).orStatus(400, 406, 431).accepted(one("the 32nd of 32", others(31)+j)),
		about("accept.list accept.malformed", "More than 32 media ranges or 1,024 bytes accept nothing.").only(conformance.Observe).orStatus(400, 431).orLeaves(toJane).notAcceptable(one("the 33rd of 33", others(32)+j), one("the first of 33", j+strings.Repeat(",text/html", 32)), one("1025 bytes", "text/html;a="+strings.Repeat("x", 1012-len(j))+","+j)),
		about("content.case", "The media type is recognised in any case.").contentType(one("capitals", "APPLICATION/VND.API+JSON"), one("a capital first", "Application/Vnd.Api+Json")),
		about("content.profile", "A profile is ignored, or refused.").orStatus(415).contentType(one("a profile", j+`;profile="https://example.com/p"`), one("two profiles", j+` ; profile="https://example.com/p https://example.com/q"`), one("a profile in capitals", j+`;PROFILE="https://example.com/p"`), one("a profile without quotes", j+";profile=token"), one("a charset in the profile", j+`;profile="a;charset=utf-8"`)),
		about("content.parameter", "An empty parameter is none.").only(conformance.Observe).orStatus(400, 415).contentType(one("a semicolon after", j+";")),
		about("content.other", "A body of another type is refused with 415.").unsupported(one("text", "text/plain"), one("text in UTF-8", "text/plain;charset=UTF-8"), one("XML", "application/xml"), one("HTML", "text/html")),
		about("content.other", "A body of a type that frameworks read, or of a similar one, is refused with 415.").only(conformance.Should).orStatus(400).unsupported(one("a form", "application/x-www-form-urlencoded"), one("a form of parts", "multipart/form-data; boundary=x"), one("bytes", "application/octet-stream"), one("a type that begins alike", j+"x"), one("a type that ends alike", "application/x.vnd.api+json"), one("a shorter type", "application/vnd.api"), one("CBOR", "application/cbor")),
		about("content.json", "A body of plain JSON is refused with 415.").unsupported(one("JSON", "application/json"), one("JSON in UTF-8", "application/json; charset=utf-8"), one("problem details", "application/problem+json"), one("HAL", "application/hal+json")),
		about("content.merge-patch", "A patch of another format is refused with 415.").unsupported(one("JSON Merge Patch", "application/merge-patch+json"), one("JSON Patch", "application/json-patch+json")),
		about("content.parameter", "A parameter that is not known is refused with 415.").unsupported(one("charset", j+";charset=utf-8"), one("charset in capitals", j+"; charset=UTF-8"), one("another charset", j+";charset=iso-8859-1"), one("an empty charset", j+";charset="), one("an extension", j+`;ext="https://example.com/e"`), one("an extension and a profile", j+`;ext="e";profile="p"`), one("a profile and charset", j+`;profile="p";charset=utf-8`), one("a weight", j+";q=1"), one("version", j+";version=1")),
		about("content.absent", "A body without a type is taken, or refused.").orStatus(400).orLeaves(toJane).unsupported(field{"absent", nil}, one("an empty field", "")),
		about("content.other", "A malformed type is refused, or read.").only(conformance.Observe).orStatus(400).orLeaves(toJane).unsupported(one("anything", "*/*"), one("anything of application", "application/*"), one("in quotes", `"`+j+`"`), one("a slash too many", j+"/x"), one("a blank in the type", j+" x")),
		about("content.parameter content.profile", "A malformed parameter is refused, or ignored.").only(conformance.Observe).orStatus(400).orLeaves(toJane).unsupported(one("quotes that are not closed", j+`;profile="p`), one("a parameter without value", j+";profile")),
		about("content.other", "Several types are none.").only(conformance.Observe).orStatus(400).orLeaves(toJane).unsupported(field{"twice the media type", []string{j, j}}, field{"the media type and text", []string{j, "text/plain"}}, one("a list", j+", "+j)),
		about("content.encoding", "A content coding that is not known is refused.").orStatus(400).headers("Content-Encoding", 415, "unsupported-content-encoding", one("an unknown one", "x-unknown"), one("two, one of them unknown", "identity, x-unknown"), field{"in a second field", []string{"identity", "x-unknown"}}),
		about("content.encoding", "A body that is not in the coding that it claims is refused.").orStatus(400, 422).headers("Content-Encoding", 415, "unsupported-content-encoding", one("gzip", "gzip"), one("gzip by its old name", "x-gzip"), one("Brotli", "br"), one("deflate", "deflate"), one("Zstandard", "zstd")),
		about("content.encoding", "identity is no coding.").only(conformance.Observe).orStatus(400, 415).headers("Content-Encoding", 200, "", one("identity", "identity"), one("identity in capitals", "IDENTITY"), one("identity twice", "identity, identity")),
		about("validators.if-match", "A patch under an entity tag that the record does not have is refused. Servers without entity tags may ignore it.").only(conformance.Observe).orStatus(400, 403, 409, 412, 428).orLeaves(toJane).headers("If-Match", 422, "unsupported-condition", one("a strong tag", `"abc"`), one("a weak tag", `W/"abc"`), one("a tag that looks like any", `"*"`), one("two tags", `"a", "b"`)),
		about("validators.if-match", "If-Match: * is met by every user that exists.").only(conformance.Observe).orStatus(400, 412, 422).headers("If-Match", 200, "", one("any", "*")),
		about("validators.if-match", "A malformed If-Match is refused, or not met.").only(conformance.Observe).orStatus(400, 412).orLeaves(toJane).headers("If-Match", 422, "unsupported-condition", one("no quotes", "x"), one("any and a tag", `*, "a"`), field{"any and a tag in two fields", []string{"*", `"a"`}}),
		about("validators.if-match", "A condition that could fail is never ignored here.").only(conformance.Observe).orStatus(400, 412).orLeaves(toJane).headers("If-None-Match", 422, "unsupported-condition", one("any", "*")),
		about("validators.if-match", "A list of tags that no record has is met.").only(conformance.Observe).orStatus(400, 412, 422).headers("If-None-Match", 200, "", one("a tag", `"abc"`)),
		about("validators.if-match", "There is no modification date to compare with.").only(conformance.Observe).orStatus(400, 412).orLeaves(toJane).headers("If-Unmodified-Since", 422, "unsupported-condition", one("before the creation", "Wed, 01 Sep 2010 23:12:56 GMT"), one("in the future", "Fri, 01 Jan 2100 00:00:00 GMT"), one("no date", "yesterday")),
	}
	for _, h := range [][2]string{{"If-Modified-Since", "Wed, 01 Sep 2021 23:12:56 GMT"}, {"Range", "bytes=0-1"}, {"Accept-Language", "tlh"}, {"Accept-Charset", "utf-8"}, {"Content-Language", "tlh"}} {
		groups = append(groups, about("success.status success.complete", "Header fields that do not concern a PATCH change nothing.").headers(h[0], 200, "", one("ignored", h[1])))
	}
	page := about("content.page-example", "The page's own curl line, without a body and a Content-Type, changes nothing.").orStatus(200, 400, 422).named("")
	page.add("the page's request", vectors.Vector{
		Request: vectors.Request{Method: "PATCH", Path: "/users/" + userID, Headers: [][2]string{{"Accept", "*/*"}}},
		Status:  415, Errors: []vectors.Error{{Code: "unsupported-media-type", Source: map[string]string{"header": "Content-Type"}}},
	})
	order := about("accept.other content.other", "Accept is looked at before Content-Type, and both before the body.").only(conformance.Observe).named("order").orStatus(400, 406, 415, 422)
	order.add("everything wrong", vectors.Vector{
		Request: vectors.Request{Method: "PATCH", Path: "/users/" + userID, Headers: [][2]string{{"Accept", "text/html"}, {"Content-Type", "text/plain"}}, Body: vectors.NewBody([]byte("{"))},
		Status:  406, Errors: []vectors.Error{{Code: "not-acceptable", Source: map[string]string{"header": "Accept"}}},
	})
	order.add("type and body wrong", vectors.Vector{
		Request: vectors.Request{Method: "PATCH", Path: "/users/" + userID, Headers: [][2]string{{"Accept", j}, {"Content-Type", "text/plain"}}, Body: vectors.NewBody([]byte("{"))},
		Status:  415, Errors: []vectors.Error{{Code: "unsupported-media-type", Source: map[string]string{"header": "Content-Type"}}},
	})
	return theme{"negotiation", "Accept, Content-Type, Content-Encoding and conditions (RFC 9110; JSON:API 1.1, content negotiation).", append(groups, page, order)}
}

// paths adds vectors with another last segment of the path.
func (g *group) paths(status int, pairs ...string) *group {
	for name, segment := range each(pairs) {
		v := vectors.Vector{Request: sending(jane), Status: status}
		v.Request.Path = "/users/" + segment
		if status == 200 {
			v.After = g.before.with("/firstName", "Jane").text()
		} else {
			v.Errors = []vectors.Error{{Code: "user-not-found", Source: map[string]string{"parameter": "userId"}}}
		}
		g.allow(g.add(name, v), "", nil)
	}
	return g
}

// others adds vectors for users who do not exist, each with its id in the document, too.
func (g *group) others(pairs ...string) *group {
	for name, id := range each(pairs) {
		g.paths(404, name, id)
		g.last().Request.Body = vectors.NewBody([]byte(strings.ReplaceAll(jane, userID, id)))
	}
	return g
}

// mismatched adds a vector in which the path has another id than the document.
func (g *group) mismatched(name, id string) *group {
	g.paths(422, name, id)
	g.last().Errors = []vectors.Error{at("wrong-id", "/data/id")}
	return g
}

func idsTheme() theme {
	dashless := strings.ReplaceAll(userID, "-", "")
	// A router may also redirect, or have nothing at such a path.
	tricks := func() *group {
		return about("path.tricks", "Other forms of the id name the same user or nobody.").flagged(routerFlag).orStatus(301, 307, 308, 400, 403, 405, 422).orLeaves(toJane)
	}
	return theme{"ids", "The id in the path is a UUID of 36 characters, in any case.", []*group{
		about("path.upper-case", "The id in upper case names the same user.").paths(200, "upper case", strings.ToUpper(userID)),
		about("path.upper-case", "The id in mixed case names the same user.").named("mixed").paths(200, "both cases", "C0daF39b-4Df5-4241-9E7d-b1B85f829090").pageIDs(1),
		about("path.tricks", "The query is ignored.").only(conformance.Observe).orStatus(400, 422).paths(200, "a query", userID+"?x=y", "an empty query", userID+"?", "a family of parameters of JSON:API", userID+"?include=x&fields[User]=email", "a query that is malformed", userID+"?%zz"),
		about("unknown.elsewhere path.tricks", "Parameters of the query set nothing.").orStatus(400, 422).paths(200, "an attribute in the query", userID+"?lastName=Doe", "attributes in the query", userID+"?data[attributes][lastName]=Doe", "a method in the query", userID+"?_method=PATCH"),
		about("path.tricks", "Escapes in the path mean the characters that they stand for.").only(conformance.Should).orStatus(400, 403, 404, 422).paths(200, "hyphens as escapes", strings.ReplaceAll(userID, "-", "%2D"), "a letter as an escape", "%63"+userID[1:], "a capital as an escape", "%43"+userID[1:]).pageIDs(3),
		about("path.unknown", "A user that does not exist is not found.").orStatus(403).others("another id", unknownID, "an id of version 7", "018f4e2c-7b6a-7c3d-8e9f-0a1b2c3d4e5f"),
		about("path.unknown path.similar", "The id of the path is looked at after that of the document.").only(conformance.Observe).orStatus(400, 403, 409, 404).mismatched("the user's id in the document of another", unknownID),
		about("path.nil", "The nil UUID is not found.").orStatus(400, 403, 422).others("nil", "00000000-0000-0000-0000-000000000000", "the last UUID", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
		about("path.similar", "An id that differs in one digit does not name the user.").orStatus(400, 403, 422).others("the first digit", "d"+userID[1:], "the last digit", userID[:35]+"1", "the version", userID[:14]+"5"+userID[15:]),
		about("path.malformed path.malformed-choice", "What is no UUID is not found, or refused.").flagged(routerFlag).orStatus(400, 403, 422).paths(404,
			"a word", "x", "a digit too few", userID[:35], "the first digit left out", userID[1:], "a digit too many", userID+"0", "a digit before", "0"+userID, "a letter that is no digit", userID[:35]+"g", "underscores", strings.ReplaceAll(userID, "-", "_"), "a hyphen in another place", "c0daf39b4-df5-4241-9e7d-b1b85f829090", "a hyphen in place of a digit", "-"+userID[1:], "a number", "1", "a sign", "-1", "me", "me", "hyphens of typography", strings.ReplaceAll(userID, "-", "%E2%80%90"), "a wide digit", userID[:35]+"%EF%BC%90", "not UTF-8", userID+"%FF", "NUL after", userID+"%00", "NUL alone", "%00",
		),
		about("path.pattern", "A pattern or a condition of a database names nobody.").flagged(routerFlag).orStatus(400, 403, 422).paths(404, "wildcards of SQL", "%25", "one wildcard", userID[:35]+"_", "a star", "*", "a condition", userID+"'%20OR%20'1'='1", "an operator", "%7B%22$ne%22:null%7D"),
		tricks().paths(404,
			"a URN", "urn:uuid:"+userID, "a URN in capitals", "URN:UUID:"+userID, "braces", "%7B"+userID+"%7D", "letters in place of braces", "x"+userID+"x", "32 digits", dashless,
			"a slash after, as an escape", userID+"%2F", "a slash before, as an escape", "%2F"+userID, "a path upwards, as an escape", "..%2F"+userID, "the id twice, as an escape", userID+"%2F"+userID, "a blank after", userID+"%20", "a line feed after", userID+"%0A", "a blank before", "%20"+userID, "a plus after", userID+"+", "an escape of an escape", "%2563"+userID[1:], "a parameter of the path", userID+";x=y", "an extension of a file", userID+".json", "a comma and the id again", userID+","+userID,
		),
	}}
}

func accessTheme() theme {
	const challenge = "missing-credentials"
	return theme{"access", "Who may patch the user. Without valid credentials nothing else is looked at.", []*group{
		about("credentials.none", "A request without credentials is refused.").anonymous(challenge, field{"no field", nil}),
		about("credentials.empty", "The scheme Bearer without a token, or an empty field, is refused.").orStatus(400).anonymous(challenge, one("an empty field", "")).anonymous("invalid-token", one("the scheme alone", "Bearer")),
		about("credentials.unknown", "A token that was never issued is refused.").anonymous("invalid-token", one("an unknown token", "Bearer unknown-token")),
		about("credentials.altered credentials.similar", "The good token with something changed is refused.").anonymous("invalid-token", one("a letter more", "Bearer {token}x"), one("a letter before", "Bearer x{token}"), one("twice in a row", "Bearer {token}{token}")),
		about("credentials.junk", "Credentials that are no bearer token are refused.").orStatus(400).anonymous(challenge, one("no scheme", "unknown-token"), one("Basic", "Basic dGVzdDp0ZXN0"), one("a word", "sorry")),
		about("credentials.scheme", "The good token is refused under another scheme.").orStatus(400).anonymous(challenge, one("another scheme", "Token {token}"), one("a scheme that begins alike", "Bearers {token}"), one("no scheme before the good token", "{token}"), one("a colon after the scheme", "Bearer: {token}"), one("no blank after the scheme", "Bearer{token}")),
		about("credentials.form", "The good token is refused if more stands beside it.").orStatus(400).anonymous("invalid-token", one("in quotes", `Bearer "{token}"`), one("a word after", "Bearer {token} x"), one("a comma after", "Bearer {token}, x"), one("the scheme twice", "Bearer Bearer {token}")),
		about("credentials.two-fields", "Two Authorization fields are refused.").orStatus(400).anonymous("invalid-token", field{"the good token twice", []string{"Bearer {token}", "Bearer {token}"}}, field{"the good token and another scheme", []string{"Bearer {token}", "Basic dGVzdDp0ZXN0"}}),
		about("credentials.scheme-case", "The scheme is recognised in any case.").authorized(one("lower case", "bearer {token}"), one("capitals", "BEARER {token}")),
		about("credentials.form", "Two blanks after the scheme (RFC 6750, section 2.1: 1*SP).").only(conformance.Observe).orStatus(400, 401).authorized(one("two blanks", "Bearer  {token}")),
		about("credentials.elsewhere", "The good token is refused in the query and in a cookie.").elsewhereToken(),
		about("credentials.read", "A patch without attributes needs credentials, too.").named("read").anonymousBody("a patch without attributes", document(`{}`)),
		about("linked.code", "A missing linked identity is refused with 401 and the code missing-linked-identity.").anonymous("missing-linked-identity", one("a token without a linked identity", "Bearer {unlinkedToken}")),
		about("forbidden.status forbidden.choice", "A token that may not write the user is refused with 403, or with the 404 that hides the user.").orStatus(404).as(403, "forbidden", one("a token without the right", "Bearer {forbiddenToken}")),
		about("oracle.no-credentials", "Without credentials, a user who does not exist is not told from one who does.").named("unknown").anonymousPath("a user who does not exist", unknownID),
		about("oracle.no-credentials", "Without credentials, an id that is no UUID gets the same answer, or that of the router.").flagged(routerFlag).only(conformance.Observe).orStatus(400, 404, 422).named("malformed").anonymousPath("no UUID", "x"),
	}}
}

// as adds vectors of requests with other Authorization fields.
func (g *group) as(status int, code string, fields ...field) *group {
	for _, f := range fields {
		v := vectors.Vector{Request: sending(jane), Status: status}
		v.Request.Anonymous = len(f.values) == 0
		for _, value := range f.values {
			v.Request.Headers = append(v.Request.Headers, [2]string{"Authorization", value})
		}
		if code != "" {
			v.Errors = []vectors.Error{{Code: code}}
		} else {
			v.After = g.before.with("/firstName", "Jane").text()
		}
		g.add(f.name, v)
	}
	return g
}

func (g *group) anonymous(code string, fields ...field) *group { return g.as(401, code, fields...) }
func (g *group) authorized(fields ...field) *group             { return g.as(200, "", fields...) }

func (g *group) anonymousBody(name, body string) *group {
	g.anonymous("missing-credentials", field{name, nil})
	g.last().Request.Body = vectors.NewBody([]byte(body))
	return g
}

func (g *group) anonymousPath(pairs ...string) *group {
	for name, segment := range each(pairs) {
		g.anonymous("missing-credentials", field{name, nil})
		g.last().Request.Path = "/users/" + segment
	}
	return g
}

func (g *group) elsewhereToken() *group {
	g.anonymousPath("in the query", userID+"?access_token={token}")
	g.anonymous("missing-credentials", field{"in a cookie", nil})
	g.last().Request.Headers = append(g.last().Request.Headers, [2]string{"Cookie", "access_token={token}"})
	return g
}
