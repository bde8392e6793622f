package vectors_test

import (
	"encoding/json"
	"strings"

	"github.com/userrecord/userrecord/conformance"
)

// A scalar is an attribute or a member of the address, with a value that every server can
// be expected to take and that no record here has.
type scalar struct{ pointer, value string }

var scalars = []scalar{
	{"/firstName", `"Jane"`},
	{"/lastName", `"Doe"`},
	{"/email", `"jane@example.org"`},
	{"/phoneNumber", `"+49 721 5550100"`},
	{"/pictureUrl", `"https://example.org/jane.png"`},
	{"/gender", `"female"`},
	{"/birthDate", `"1906-12-09T00:00:00.000Z"`},
	{"/locale", `"fr-FR"`},
	{"/zoneInfo", `"America/New_York"`},
	{"/address/country", `"FR"`},
	{"/address/locality", `"Paris"`},
	{"/address/street", `"Rue Cler"`},
	{"/address/houseNo", `7`},
	{"/address/additionalAddressLink", `"c/o Jane Doe"`},
	{"/address/region", `"IDF"`},
	{"/address/postalCode", `75007`},
}

func (s scalar) inAddress() bool { return strings.HasPrefix(s.pointer, "/address/") }
func (s scalar) isTextOrInt() bool {
	return s.pointer == "/address/houseNo" || s.pointer == "/address/postalCode"
}

// isFree reports whether the attribute takes any text.
func (s scalar) isFree() bool {
	switch s.pointer {
	case "/firstName", "/lastName":
		return true
	}
	return s.inAddress() && s.pointer != "/address/country"
}

// isManaged reports whether a server may not let clients write the attribute: where it
// comes from an identity provider.
func (s scalar) isManaged() bool {
	return s.pointer == "/email" || s.pointer == "/phoneNumber" || s.pointer == "/pictureUrl"
}

func (s scalar) name() string {
	return strings.TrimPrefix(strings.ReplaceAll(s.pointer, "/", " "), " ")
}
func (s scalar) requirement() string { return "merge." + strings.ReplaceAll(s.pointer[1:], "/", ".") }

// replacingAddress is the record of a server that replaces the whole address.
func replacingAddress(before record, pointer string, value any) []record {
	patch, ok := value.(record)
	if pointer != "" || !ok {
		patch = record{}.with(pointer, value)
	}
	if _, ok := patch["address"].(record); !ok {
		return nil
	}
	return []record{before.replaced(patch)}
}

func valuesTheme() theme {
	th := theme{name: "values", comment: "A patch sets what it provides, and leaves untouched what it omits."}
	for _, s := range scalars {
		for _, before := range []struct{ record, where string }{{"page", "in a full record"}, {"empty", "in an empty record"}} {
			g := about(s.requirement()+" success.complete", "A patch of "+s.name()+" sets it "+before.where+".").on(before.record).named(s.pointer[1:])
			if s.isManaged() || s.inAddress() {
				g.orRefused()
			}
			if s.inAddress() {
				g.orLeaves(replacingAddress)
			}
			th.groups = append(th.groups, g.set(s.pointer, before.where, s.value))
		}
	}
	th.groups = append(th.groups,
		about("success.several merge.omitted", "Several attributes in one patch are all set.").merge(
			"both names", `{"firstName":"Jane","lastName":"Doe"}`,
			"the names in the other order", `{"lastName":"Doe","firstName":"Jane"}`,
			"everything that a form for a profile has", `{"firstName":"Jane","lastName":"Doe","gender":"female","locale":"en-GB","zoneInfo":"Europe/London"}`,
			"one is set and one is set to what it is", `{"firstName":"John","lastName":"Doe"}`,
		),
		about("success.several null.attribute", "A patch can set some attributes and clear others.").orRefused().merge(
			"one set, one cleared", `{"firstName":"Jane","lastName":null}`,
			"one cleared, one set", `{"lastName":null,"firstName":"Jane"}`,
		),
		about("success.several null.attribute null.address", "A patch can set and clear all at once.").orRefused().merge(
			"everything cleared", `{"firstName":null,"lastName":null,"email":null,"phoneNumber":null,"pictureUrl":null,"gender":null,"birthDate":null,"address":null,"locale":null,"zoneInfo":null}`,
		),
		about("success.several", "A whole record can be set at once.").on("empty").orRefused().merge(
			"everything in an empty record", string(wholePatch(records["page"])),
		),
		about("success.same-value success.repeat", "An attribute can be set to the value that it has.").merge(
			"the first name", `{"firstName":"John"}`, "the last name", `{"lastName":"Smith"}`, "both names and the locale", `{"firstName":"John","lastName":"Smith","locale":"de-DE"}`,
			"a birth date as the page shows it", `{"birthDate":"1997-07-21T00:00:00.000Z"}`,
			"the gender", `{"gender":"male"}`, "the locale", `{"locale":"de-DE"}`, "the time zone", `{"zoneInfo":"Europe/Berlin"}`,
			"a whole address", `{"address":`+string(records["page"].text()[strings.Index(string(records["page"].text()), `{"country`):strings.Index(string(records["page"].text()), `,"locale"`)])+`}`,
		),
		about("success.no-attributes merge.omitted", "A patch without attributes changes nothing.").orRefused().idle(
			"no attributes", `{"data":{"type":"User","id":"`+userID+`"}}`,
			"empty attributes", document(`{}`),
		),
		about("success.no-attributes merge.omitted", "A patch without attributes changes nothing.").named("empty").on("empty").orRefused().idle(
			"no attributes", `{"data":{"type":"User","id":"`+userID+`"}}`,
		),
		about("atomic.first atomic.last", "If one attribute is refused, none is set.").refusePatch("/data/attributes/gender",
			"a bad attribute before a good one", `{"gender":["male"],"firstName":"Jane"}`,
			"a bad attribute after a good one", `{"firstName":"Jane","gender":["male"]}`,
			"a bad attribute between good ones", `{"firstName":"Jane","gender":{},"lastName":"Doe"}`,
			"a bad attribute after one that is cleared", `{"firstName":null,"gender":["male"]}`,
		),
		about("atomic.address atomic.first", "If an attribute is refused, nothing of the address is set.").refusePatch("/data/attributes/gender",
			"a bad attribute before the address", `{"gender":["male"],"address":{"street":"Rue Cler"}}`,
			"a bad attribute after the address", `{"address":{"street":"Rue Cler"},"gender":["male"]}`,
			"a bad attribute after an address that is cleared", `{"address":null,"gender":["male"]}`,
		),
		about("atomic.address address.member-type", "If a member of the address is refused, nothing is set.").refusePatch("/data/attributes/address/region",
			"a bad member after a good one", `{"address":{"street":"Rue Cler","region":["IDF"]}}`,
			"a bad member before a good one", `{"address":{"region":{},"street":"Rue Cler"}}`,
			"a bad member after an attribute", `{"firstName":"Jane","address":{"region":["IDF"]}}`,
			"a bad member before an attribute", `{"address":{"region":["IDF"]},"firstName":"Jane"}`,
		),
	)
	th.groups = append(th.groups, typeGroups()...)
	return th
}

// wholePatch returns the attributes of a record that a patch can set.
func wholePatch(r record) json.RawMessage {
	names := append([]string{}, attributeNames[:6]...) // without createdAt
	names = append(names, attributeNames[7:]...)
	var full map[string]json.RawMessage
	if err := json.Unmarshal(r.text(), &full); err != nil {
		panic(err)
	}
	return writeObject(names, func(name string) json.RawMessage { return full[name] })
}

// refusePatch adds vectors of patches with one value of a wrong JSON type.
func (g *group) refusePatch(pointer string, pairs ...string) *group {
	for name, attributes := range each(pairs) {
		g.body("wrong-json-type", pointer, name, document(attributes))
	}
	return g
}

// typeGroups are values of other JSON types, for every attribute.
func typeGroups() (groups []*group) {
	for _, s := range scalars {
		composite := "types.composite"
		if s.inAddress() {
			composite = "address.member-type types.composite"
		}
		scalar := about("types.scalar", "A boolean or a number in place of the text "+s.name()+" is refused, or set as the same text.").named(s.pointer[1:]).orLeaves(asText)
		scalar.refuse(s.pointer, "wrong-json-type", "true", `true`)
		if !s.isTextOrInt() {
			scalar.refuse(s.pointer, "wrong-json-type", "a number", `42`)
		}
		compound := about(composite, "An array or an object in place of "+s.name()+" is refused.").named(s.pointer[1:]).refuse(s.pointer, "wrong-json-type", "an array", `["x"]`, "an object", `{"x":"y"}`)
		groups = append(groups, scalar, compound)
	}
	for _, pointer := range []string{"/lastName", "/address/houseNo"} {
		groups = append(groups, about("types.composite types.scalar", "What some languages take for no value is refused.").named(pointer[1:]).only(conformance.Should).refuse(pointer, "wrong-json-type",
			"false", `false`, "an empty array", `[]`, "an empty object", `{}`))
	}
	return groups
}

// asText is the record of a server that takes a number or a boolean for the same text.
func asText(before record, pointer string, value any) []record {
	return []record{before.with(pointer, string(writeJSON(value)))}
}

func nullTheme() theme {
	th := theme{name: "null", comment: "null clears, and is not the empty text, the text \"null\" or an omitted attribute."}
	for _, s := range scalars {
		requirement := "null.attribute null.form"
		if s.inAddress() {
			requirement = "null.address-member null.form"
		}
		full := about(requirement, "null clears "+s.name()+" alone.").named(s.pointer[1:]).orRefused()
		gone := about(requirement, "null for "+s.name()+", which has no value, changes nothing.").named(s.pointer[1:]).on("empty").orRefused()
		if s.inAddress() {
			full.orLeaves(replacingAddress)
		}
		th.groups = append(th.groups, full.set(s.pointer, "cleared", `null`), gone.set(s.pointer, "cleared where there is none", `null`))
	}
	for _, s := range scalars {
		g := about("null.empty", "The empty text is a value of "+s.name()+", or clears it, or is refused.").named(s.pointer[1:])
		if s.isFree() {
			g.orRefused().orLeaves(cleared).set(s.pointer, "empty text", `""`)
		} else {
			g.orLeaves(setOrCleared).refuse(s.pointer, "invalid-attribute", "empty text", `""`)
		}
		th.groups = append(th.groups, g)
	}
	th.groups = append(th.groups,
		about("null.text", "The text \"null\" is a text.").set("/firstName", "the text null", `"null"`, "the text null in capitals", `"NULL"`).named("lastName").set("/lastName", "the text undefined", `"undefined"`),
		about("null.stays merge.omitted", "What has no value still has none when another attribute is set.").on("street").named("").merge(
			"another attribute is set", `{"lastName":"Lovelace"}`,
		),
		about("null.address null.form", "A null address clears all of it, and nothing else.").named("address").orRefused().merge(
			"a full address", `{"address":null}`,
			"beside another attribute", `{"firstName":"Jane","address":null}`,
		),
		about("null.address null.form", "A null address clears all of it, and nothing else.").named("address").on("street").orRefused().merge(
			"an address of one member", `{"address":null}`,
		),
		about("null.address null.form", "A null address clears all of it, and nothing else.").named("address").on("empty").orRefused().merge(
			"no address", `{"address":null}`,
		),
		about("null.again", "An address that has no value can be set.").named("address").on("empty").orRefused().merge(
			"set again", `{"address":{"country":"DE","locality":"Karlsruhe","street":"Waldstrasse","houseNo":"18a","additionalAddressLink":"3rd floor","region":"BW","postalCode":"76131"}}`,
		),
		about("null.attribute merge.omitted", "null means nothing but to clear: what is omitted stays.").orRefused().merge(
			"two of many", `{"gender":null,"locale":null}`,
		),
		about("null.attribute null.address merge.omitted", "What is not null stays.").orRefused().merge(
			"all but one", `{"lastName":null,"email":null,"phoneNumber":null,"pictureUrl":null,"gender":null,"birthDate":null,"address":null,"locale":null,"zoneInfo":null}`,
		),
	)
	return th
}

func cleared(before record, pointer string, _ any) []record {
	after := []record{before.with(pointer, nil)}
	return append(after, replacingAddress(before, pointer, "")...)
}

func setOrCleared(before record, pointer string, value any) []record {
	return append(cleared(before, pointer, value), setExactly(before, pointer, value)...)
}

func addressTheme() theme {
	th := theme{name: "address", comment: "The address is merged member by member. Other servers may replace it as a whole, or refuse a partial one."}
	for _, before := range []struct{ record, has string }{
		{"empty", "no address"}, {"street", "a street"}, {"house", "a street and a house number"},
	} {
		g := about("address.partial address.mode address.steady", "A partial address, for a user who has "+before.has+".").on(before.record).named("from " + before.has).orRefused().orLeaves(replacingAddress)
		for _, street := range []struct{ name, member string }{{"street omitted", ""}, {"street null", `"street":null`}, {"street set", `"street":"Rue X"`}} {
			for _, houseNo := range []struct{ name, member string }{{"houseNo omitted", ""}, {"houseNo null", `"houseNo":null`}, {"houseNo set", `"houseNo":"18"`}} {
				members := strings.Trim(street.member+","+houseNo.member, ",")
				if sets := strings.Contains(members, `:"`); sets || members != "" && before.record != "empty" { // null.json has the rest

					g.merge(street.name+" "+houseNo.name, `{"address":{`+members+`}}`)
				}
			}
		}
		empty := about("address.empty", "An address without members changes nothing, for a user who has "+before.has+".").on(before.record).named(g.key).orRefused().orLeaves(replacingAddress)
		th.groups = append(th.groups, g, empty.merge("no members", `{"address":{}}`))
	}
	for _, s := range scalars {
		if s.inAddress() {
			last := about("null.address-member address.mode", "An address whose last member is cleared is no address.").named("last").orRefused()
			last.before = records["empty"].with(s.pointer, parseValue(s.value))
			th.groups = append(th.groups, last.set(s.pointer, s.name()[len("address "):], `null`))
		}
	}
	th.groups = append(th.groups,
		about("address.empty", "An address without members changes nothing.").orRefused().orLeaves(replacingAddress).merge(
			"no members for a full address", `{"address":{}}`,
			"no members beside another attribute", `{"firstName":"Jane","address":{}}`,
		),
		about("address.complete", "A complete address becomes the address.").merge(
			"every member", `{"address":{"country":"FR","locality":"Paris","street":"Rue Cler","houseNo":7,"additionalAddressLink":"c/o Jane Doe","region":"IDF","postalCode":75007}}`,
			"every member, in another order", `{"address":{"postalCode":75007,"region":"IDF","additionalAddressLink":"c/o Jane Doe","houseNo":7,"street":"Rue Cler","locality":"Paris","country":"FR"}}`,
		),
		about("null.address-member address.complete", "A complete address may have null.").orRefused().merge(
			"every member, two of them null", `{"address":{"country":"FR","locality":"Paris","street":"Rue Cler","houseNo":7,"additionalAddressLink":null,"region":null,"postalCode":75007}}`,
		),
		about("null.address-member", "An address of which every member is cleared is no address.").orRefused().merge(
			"every member null", `{"address":{"country":null,"locality":null,"street":null,"houseNo":null,"additionalAddressLink":null,"region":null,"postalCode":null}}`,
		),
		about("address.partial merge.omitted", "A partial address touches nothing beside the address.").orRefused().orLeaves(replacingAddress).merge(
			"one member set", `{"address":{"street":"Rue X"}}`,
			"three members set", `{"address":{"street":"Rue Cler","locality":"Paris","country":"FR"}}`,
			"one member set to what it is", `{"address":{"street":"Haid-und-Neu-Straße"}}`,
			"one member beside attributes", `{"lastName":"Doe","address":{"houseNo":"18a"},"locale":"en-GB"}`,
		),
		about("null.address-member address.partial", "A member is cleared beside one that is set.").orRefused().orLeaves(replacingAddress).merge(
			"one member set and one cleared", `{"address":{"street":"Rue Cler","region":null}}`,
		),
		about("address.partial", "A postal code without an address makes an address of one member.").on("empty").orRefused().orLeaves(replacingAddress).merge(
			"only a postal code", `{"address":{"postalCode":"SW1A 1AA"}}`,
		),
		about("address.type", "An address that is no object is refused.").refuse("/address", "wrong-json-type",
			"a text", `"Haid-und-Neu-Straße 18"`, "a number", `18`, "true", `true`, "an array of a text", `["Rue Cler"]`, "an array of an address", `[{"street":"Rue Cler"}]`,
		),
		about("address.type", "An address that is no object, but which some languages take for no value, is refused.").only(conformance.Should).refuse("/address", "wrong-json-type",
			"the empty text", `""`, "false", `false`, "zero", `0`, "an empty array", `[]`,
		),
		about("unknown.others", "The members of the address are no attributes.").named("outside").only(conformance.Observe).orLeaves(unchanged).refuse("/houseNo", "unknown-attribute", "a house number beside the address", `7`),
	)
	return th
}

// unchanged is the record of a server that ignores what the contract refuses.
func unchanged(before record, _ string, _ any) []record { return []record{before} }
