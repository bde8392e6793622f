package vectors_test

import (
	"strings"

	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/vectors"
)

const janesAttributes = `"attributes":{"firstName":"Jane"}`

// resource returns a document whose data has these members.
func resource(members ...string) string { return `{"data":{` + strings.Join(members, ",") + `}}` }

func withTypeAndID(typ, id string) string {
	return resource(`"type":`+typ, `"id":`+id, janesAttributes)
}

const (
	itsType = `"type":"User"`
	itsID   = `"id":"` + userID + `"`
)

func documentTheme() theme {
	quotedID := `"` + userID + `"`
	const noMember, wrongType = "invalid-document", "wrong-json-type"
	return theme{"document", "The document has the resource as data, with its type and its id (JSON:API 1.1, updating resources).", []*group{
		about("success.status merge.firstName", "The order of the members does not matter.").good(
			"attributes first", resource(janesAttributes, itsID, itsType), "the id first", resource(itsID, itsType, janesAttributes),
		),
		about("document.no-data", "A document without data is refused.").body(noMember, "",
			"no members", `{}`, "only meta", `{"meta":{}}`, "only errors", `{"errors":[]}`, "the resource without data", `{`+itsType+`,`+itsID+`,`+janesAttributes+`}`, "the attributes alone", `{"firstName":"Jane"}`,
		),
		about("document.case document.no-data", "data in another case is no data.").body(noMember, "", "data in capitals", edited("data", "DATA"), "data with a capital", edited("data", "Data"), "data and a blank", edited("data", "data ")),
		about("document.data-null", "data null is refused.").body(wrongType, "/data", "data null", `{"data":null}`),
		about("document.data-array", "An array as data is refused.").body(wrongType, "/data", "an array of the resource", `{"data":[`+jane[len(`{"data":`):len(jane)-1]+`]}`, "an empty array", `{"data":[]}`),
		about("document.data-scalar", "A scalar as data is refused.").body(wrongType, "/data", "data true", `{"data":true}`, "data a number", `{"data":1}`, "data a text", `{"data":"x"}`),
		about("document.not-object", "A document that is no object is refused.").body(wrongType, "",
			"null", `null`, "true", `true`, "a number", `1`, "a text", `"x"`, "an array of the document", `[`+jane+`]`, "an empty array as document", `[]`, "a JSON Patch", `[{"op":"replace","path":"/firstName","value":"Jane"}]`,
		),
		about("document.attributes-type", "attributes that are no object are refused.").body(wrongType, "/data/attributes",
			"attributes null", document(`null`), "attributes true", document(`true`), "attributes a number", document(`1`), "attributes a text", document(`"x"`), "attributes an array", document(`[{"firstName":"Jane"}]`), "attributes an empty array", document(`[]`),
		),
		about("document.no-type", "A resource without type is refused, or taken for the user of the path.").orLeaves(toJane).elsewhereJane(noMember, "/data",
			"no type", resource(itsID, janesAttributes), "type with the name in capitals", resource(`"TYPE":"User"`, itsID, janesAttributes),
		),
		about("document.no-type document.no-id", "A resource without members is refused, or changes nothing.").orStatus(200).bodyErrors([]vectors.Error{at(noMember, "/data"), at(noMember, "/data")}, "data without members", `{"data":{}}`),
		about("document.no-id", "A resource without id is refused, or taken for the user of the path.").orLeaves(toJane).elsewhereJane(noMember, "/data",
			"no id", resource(itsType, janesAttributes), "id with the name in capitals", resource(itsType, `"ID":`+quotedID, janesAttributes), "a local id", resource(itsType, `"lid":`+quotedID, janesAttributes),
		),
		about("document.foreign-type document.foreign-choice", "A resource of another type is refused.").orStatus(404).body("wrong-type", "/data/type",
			"another type", withTypeAndID(`"Car"`, quotedID), "an empty type", withTypeAndID(`""`, quotedID), "type and a blank", withTypeAndID(`"User "`, quotedID), "type with a long s", withTypeAndID(`"Uſer"`, quotedID),
		),
		about("document.foreign-type", "The type in other letters is another type, or the same.").only(conformance.Observe).orLeaves(toJane).elsewhereJane("wrong-type", "/data/type",
			"type in lower case", withTypeAndID(`"user"`, quotedID), "type in capitals", withTypeAndID(`"USER"`, quotedID), "type in the plural", withTypeAndID(`"users"`, quotedID),
		),
		about("document.foreign-type", "A type that is no text is refused.").body(wrongType, "/data/type",
			"type null", withTypeAndID(`null`, quotedID), "type a number", withTypeAndID(`1`, quotedID), "type an object", withTypeAndID(`{}`, quotedID), "type an array", withTypeAndID(`["User"]`, quotedID),
		),
		about("document.foreign-id document.foreign-choice", "A resource with another id than the path's is refused.").orStatus(404).body("wrong-id", "/data/id",
			"another user's id", withTypeAndID(`"User"`, `"`+unknownID+`"`), "no UUID", withTypeAndID(`"User"`, `"x"`), "an empty id", withTypeAndID(`"User"`, `""`), "an id with one digit changed", withTypeAndID(`"User"`, `"d`+userID[1:]+`"`),
		),
		about("document.foreign-id", "The id in another form is another id, or the same.").only(conformance.Observe).orStatus(404).orLeaves(toJane).elsewhereJane("wrong-id", "/data/id",
			"an id as a URN", withTypeAndID(`"User"`, `"urn:uuid:`+userID+`"`), "an id in braces", withTypeAndID(`"User"`, `"{`+userID+`}"`), "an id of 32 digits", withTypeAndID(`"User"`, `"`+strings.ReplaceAll(userID, "-", "")+`"`), "an id and a blank", withTypeAndID(`"User"`, `"`+userID+` "`),
		),
		about("document.foreign-id", "An id that is no text is refused.").body(wrongType, "/data/id",
			"id null", withTypeAndID(`"User"`, `null`), "id a number", withTypeAndID(`"User"`, `1`), "id an object", withTypeAndID(`"User"`, `{}`), "id an array", withTypeAndID(`"User"`, `[`+quotedID+`]`),
		),
		about("document.id-case", "The id of the resource is read in any case.").good("id in capitals", withTypeAndID(`"User"`, `"`+strings.ToUpper(userID)+`"`)),
		about("lossless.escapes", "Escapes in type and id mean the characters that they stand for.").good(
			"an escaped hyphen in the id", withTypeAndID(`"User"`, `"`+strings.Replace(userID, "-", `\u002d`, 1)+`"`), "an escaped letter in the type", withTypeAndID(`"Us\u0065r"`, quotedID),
		).pageIDs(1),
		about("document.foreign-type document.foreign-id", "Both are reported.").orStatus(404).bodyErrors([]vectors.Error{at("wrong-type", "/data/type"), at("wrong-id", "/data/id")}, "another type and another id", withTypeAndID(`"Car"`, `"x"`)),
		about("document.optional-members", "Members that JSON:API makes optional are tolerated.").good(
			"jsonapi, links and meta", `{"jsonapi":{"version":"1.1"},"links":{"self":"/users/x"},"meta":{"a":1},`+jane[1:], "meta after data", jane[:len(jane)-1]+`,"meta":{}}`, "meta and links of the resource", resource(`"meta":{}`, `"links":{"self":"/x"}`, itsType, itsID, janesAttributes), "an empty included", `{"included":[],`+jane[1:], "empty relationships", resource(itsType, itsID, `"relationships":{}`, janesAttributes), "a local id beside the id", resource(itsType, itsID, `"lid":"x"`, janesAttributes),
		),
		about("document.optional-members", "Optional members that are null are tolerated.").only(conformance.Observe).orRefused().good("null meta, links and jsonapi", `{"meta":null,"links":null,"jsonapi":null,`+jane[1:]),
		about("document.unknown-members", "Members that JSON:API does not define are ignored.").good(
			"at the top", `{"foo":[1,{"a":null}],`+jane[1:], "in the resource", resource(`"foo":1`, itsType, itsID, janesAttributes), "errors beside data", `{"errors":[],`+jane[1:], "relationships at the top", `{"relationships":{"car":{}},`+jane[1:],
		),
		about("document.at-members", "Members whose names begin with @ are ignored.").good(
			"at the top, with @", `{"@context":{"a":1},`+jane[1:], "in the resource, with @", resource(`"@type":"x"`, itsType, itsID, janesAttributes), "in attributes, with @", document(`{"@note":[1],"firstName":"Jane"}`), "in relationships, with @", resource(itsType, itsID, `"relationships":{"@note":1}`, janesAttributes), "an attribute's name after @", document(`{"@firstName":"Jim","firstName":"Jane"}`),
		),
		about("document.at-members address.empty", "An address with nothing but @-members is one without members.").orRefused().orLeaves(replacingAddress).janeWith(`{"address":{}}`, "in the address, with @", document(`{"firstName":"Jane","address":{"@note":null}}`)),
		about("document.case", "attributes in another case set nothing.").orRefused().idle("attributes in capitals", edited("attributes", "ATTRIBUTES"), "attributes with a capital", edited("attributes", "Attributes")),
		about("document.optional-members", "A user has no relationships: one that is sent is refused, or ignored.").only(conformance.Observe).orLeaves(toJane).elsewhereJane("unknown-relationship", "/data/relationships",
			"a relationship", resource(itsType, itsID, `"relationships":{"car":{"data":null}}`, janesAttributes), "two relationships are one error", resource(itsType, itsID, `"relationships":{"a":{},"b":{}}`, janesAttributes),
		),
		about("document.optional-members", "relationships that are no object are refused, or ignored.").only(conformance.Observe).orLeaves(toJane).elsewhereJane(wrongType, "/data/relationships",
			"relationships null", resource(itsType, itsID, `"relationships":null`, janesAttributes), "relationships an array", resource(itsType, itsID, `"relationships":[]`, janesAttributes),
		),
		about("errors.pointer errors.pointer-attribute", "Each fault of a body has its own error.").bodyErrors([]vectors.Error{
			at(wrongType, "/data/attributes/firstName"), at("invalid-attribute", "/data/attributes/birthDate"), at(wrongType, "/data/attributes/address/street"),
		}, "three faults", document(`{"firstName":["x"],"birthDate":"yesterday","address":{"street":{}}}`)),
		about("errors.pointer errors.pointer-attribute", "Each fault of a body has its own error.").bodyErrors([]vectors.Error{
			at("wrong-type", "/data/type"), at("wrong-id", "/data/id"), at("unknown-relationship", "/data/relationships"), at(wrongType, "/data/attributes/firstName"), at("invalid-attribute", "/data/attributes/gender"),
			at("read-only-attribute", "/data/attributes/createdAt"), at("unknown-attribute", "/data/attributes/nope"), at("invalid-attribute", "/data/attributes/address/country"), at("unknown-attribute", "/data/attributes/address/nope"),
		}, "every sort of fault", `{"data":{"type":"Car","id":"x","relationships":{"a":{}},"attributes":{"firstName":1,"gender":"x","createdAt":null,"nope":1,"address":{"country":"de","nope":1}}}}`),
		about("json.malformed", "Malformed JSON is the only error, whatever else is wrong.").bodyErrors([]vectors.Error{at("malformed-json", noSource)}, "faults before malformed JSON", `{"data":{"type":"Car","id":"x","attributes":{"gender":["x"]}`),
	}}
}

// janeWith adds a vector that sets the first name to Jane; elsewhere it may also do what
// the patch says.
func (g *group) janeWith(patch, name, body string) *group {
	g.good(name, body)
	p := parseRecord(patch)
	p["firstName"] = "Jane"
	g.allow(g.last(), "", p)
	return g
}

// elsewhereJane adds vectors of bodies that are refused, or elsewhere set the first name.
func (g *group) elsewhereJane(code, pointer string, pairs ...string) *group {
	for name, body := range each(pairs) {
		g.body(code, pointer, name, body)
		g.allow(g.last(), "", nil)
	}
	return g
}

// pageIDs flags the first n vectors: no other id can take the place of theirs.
func (g *group) pageIDs(n int) *group {
	for i := range n {
		g.vectors[i].Flags = append(g.vectors[i].Flags, pageFlag)
	}
	return g
}

// unchangedOrNoAddress are the records of servers that ignore an unknown member of the
// address; what remains of the patch is an address without members.
func unchangedOrNoAddress(before record, _ string, _ any) []record {
	return []record{before, before.with("/address", nil)}
}

func toJaneAndPerhapsNoAddress(before record, _ string, _ any) []record {
	return unchangedOrNoAddress(before.with("/firstName", "Jane"), "", nil)
}

func unknownTheme() theme {
	var many []string
	var first31 []vectors.Error
	for i := range 40 {
		name := "nope" + string(rune('A'+i/10)) + string(rune('0'+i%10))
		many = append(many, `"`+name+`":1`)
		if i < 31 {
			first31 = append(first31, at("unknown-attribute", "/data/attributes/"+name))
		}
	}
	attribute := func(requirements, comment string) *group { return about(requirements, comment).orLeaves(unchanged) }
	const code = "unknown-attribute"
	return theme{"unknown", "An attribute that the page does not have is refused with its pointer. Other servers may ignore it; none may set another attribute.", []*group{
		attribute("unknown.attribute unknown.choice", "An unknown attribute, whatever its value.").
			refuse("/nope", code, "a text", `"x"`, "a number", `1`, "null", `null`, "an object", `{}`, "an array", `[]`, "a deep value", `{"a":[1,{"b":"\u0000"}]}`, "a huge number", `1e400`),
		attribute("unknown.attribute", "A member of the resource is no attribute.").named("").
			refuse("/id", code, "the id", `"`+userID+`"`).named("").refuse("/type", code, "the type", `"User"`).named("").refuse("/meta", code, "meta", `{}`).named("").refuse("/links", code, "links", `{}`),
		attribute("document.case unknown.attribute", "The name of an attribute in another case is another name.").named("case").
			refuse("/FIRSTNAME", code, "capitals", `"Jane"`).refuse("/firstname", code, "lower case", `"Jane"`).refuse("/FirstName", code, "a capital first", `"Jane"`).refuse("/firſtName", code, "a long s", `"Jane"`).refuse("/pictureURL", code, "the letters of URL", `"https://example.org/"`).refuse("/zoneinfo", code, "a claim of OpenID Connect", `"UTC"`),
		attribute("document.case unknown.attribute", "The name of a member of the address in another case is another name.").named("case").orLeaves(unchangedOrNoAddress).
			refuse("/address/STREET", code, "a member in capitals", `"Rue Cler"`).refuse("/address/Country", code, "a member with a capital", `"FR"`),
		attribute("unknown.attribute", "The name of an attribute in other letters is another name.").named("letters").
			refuse("/first_name", code, "an underscore", `"Jane"`).refuse("/first-name", code, "a hyphen", `"Jane"`).refuse("/firstName ", code, "a blank after", `"Jane"`).refuse("/ firstName", code, "a blank before", `"Jane"`).refuse("/firstName\u200b", code, "a zero-width space after", `"Jane"`).refuse("/locale\u0000", code, "NUL after", `"fr-FR"`),
		attribute("unknown.attribute", "An unknown member of the address.").named("address").orLeaves(unchangedOrNoAddress).
			refuse("/address/nope", code, "a number in the address", `1`, "null in the address", `null`, "an object in the address", `{}`).
			refuse("/address/firstName", code, "an attribute in the address", `"Jane"`).refuse("/address/address", code, "an address in the address", `{}`).refuse("/address/street_address", code, "a claim of OpenID Connect in the address", `"x"`).refuse("/address/postal_code", code, "an underscore in the address", `"75007"`),
		attribute("unknown.privileged", "An attribute that sounds like a right.").named("privileged").
			refuse("/role", code, "role", `"admin"`).refuse("/roles", code, "roles", `["admin"]`).refuse("/isAdmin", code, "isAdmin", `true`).refuse("/permissions", code, "permissions", `["*"]`).refuse("/emailVerified", code, "emailVerified", `true`).refuse("/password", code, "password", `"x"`).refuse("/passwordHash", code, "passwordHash", `"x"`).refuse("/userId", code, "userId", `"`+unknownID+`"`).refuse("/updatedAt", code, "updatedAt", `"2021-09-01T23:12:56Z"`).refuse("/deletedAt", code, "deletedAt", `null`).refuse("/balance", code, "balance", `100`),
		attribute("unknown.names", "Names that mean something to a language or a database.").named("names").
			refuse("/__proto__", code, "a prototype", `{"firstName":"Jane"}`).refuse("/constructor", code, "a constructor", `{"prototype":{"firstName":"Jane"}}`).refuse("/toString", code, "a method", `"x"`).refuse("/__class__", code, "a class", `"x"`).refuse("/$set", code, "an operator", `{"firstName":"Jane"}`).refuse("/$where", code, "a condition", `"1"`).refuse("/address.street", code, "a path with a dot", `"Rue Cler"`).refuse("/address[street]", code, "a path with brackets", `"Rue Cler"`).refuse("/address~1street", code, "a path with a slash", `"Rue Cler"`).refuse("/~1address~1street", code, "a JSON Pointer", `"Rue Cler"`).refuse("/firstName;", code, "a semicolon", `"Jane"`).refuse("/firstName = 'Jane' --", code, "SQL", `"Jane"`).refuse("/", code, "the empty name", `1`).refuse("/~0", code, "a tilde", `1`).refuse("/a~1b~0c", code, "a slash and a tilde", `1`).refuse("/\u2028<\"", code, "a line separator and quotes", `1`).refuse("/0", code, "an index", `"x"`),
		about("unknown.whole-patch", "A patch with an unknown attribute is refused as a whole, or the rest of it is applied.").orLeaves(toJane).elsewhereJane(code, "/data/attributes/nope",
			"an unknown attribute after a good one", document(`{"firstName":"Jane","nope":1}`), "an unknown attribute before a good one", document(`{"nope":1,"firstName":"Jane"}`),
		),
		about("unknown.whole-patch", "A patch with an unknown member of the address is refused as a whole, or the rest of it is applied.").orLeaves(toJaneAndPerhapsNoAddress).elsewhereJane(code, "/data/attributes/address/nope",
			"an unknown member of the address beside a good attribute", document(`{"firstName":"Jane","address":{"nope":1}}`),
		),
		about("unknown.elsewhere document.unknown-members", "Attributes outside of data.attributes set nothing.").good(
			"in data", resource(`"lastName":"Doe"`, itsType, itsID, janesAttributes), "at the top", `{"lastName":"Doe",`+jane[1:], "attributes at the top", `{"attributes":{"lastName":"Doe"},`+jane[1:], "in meta", `{"meta":{"lastName":"Doe"},`+jane[1:], "attributes in meta", `{"meta":{"attributes":{"lastName":"Doe"}},`+jane[1:], "in meta of the resource", resource(`"meta":{"lastName":"Doe"}`, itsType, itsID, janesAttributes), "in included", `{"included":[{"type":"User","id":"`+userID+`","attributes":{"lastName":"Doe"}}],`+jane[1:],
		),
		about("document.case unknown.elsewhere", "Attributes in another case are no attributes.").good("beside attributes", resource(`"Attributes":{"lastName":"Doe"}`, itsType, itsID, janesAttributes)),
		about("unknown.others merge.omitted", "A patch of unknown attributes alone leaves the rest untouched.").named("many").orStatus(200).bodyErrors([]vectors.Error{at(code, "/data/attributes/nope"), at(code, "/data/attributes/neither")}, "two", document(`{"nope":1,"neither":2}`)),
		about("unknown.others errors.pointer", "At most 32 errors are shown. The last one says how many are left out.").named("many").orStatus(200).bodyErrors(append(first31, at("more-errors", noSource)), "forty", document(`{`+strings.Join(many, ",")+`}`)),
	}}
}
