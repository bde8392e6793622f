package servertest

import (
	"maps"
	"strings"

	"github.com/google/uuid"
)

const (
	updating  = "JSON:API 1.1, updating resources"
	structure = "JSON:API 1.1, document structure"
)

// Which documents are patches. The page shows no request body, so what it is follows
// from JSON:API alone, and no check is a MUST.
func documentChecks() []check {
	return family("document",
		should("no-data", "A document without data is refused.", updating, refusesDocuments(object{}, object{"meta": object{}})).together(),
		should("data-null", "data null is refused.", updating, refusesDocuments(object{"data": nil})).together(),
		should("data-array", "An array of one resource as data is refused.", updating, documentDataArray).together(),
		should("data-scalar", "A string, a number or a boolean as data is refused.", updating,
			refusesDocuments(object{"data": "User"}, object{"data": 1}, object{"data": true})).together(),
		should("not-object", "A document that is no object is refused.", structure, refusesDocuments(nil, []any{}, "User", 1, true)).together(),
		should("attributes-type", "attributes that are no object are refused.", "JSON:API 1.1, resource objects", documentAttributesType).together(),
		should("foreign-type", "A resource of another type is refused.", updating, documentForeignType).together(),
		should("no-type", "A resource without type is refused, or taken for the user of the path.", updating, documentWithout("type")),
		should("no-id", "A resource without id is refused, or taken for the user of the path.", updating, documentWithout("id")),
		should("foreign-id", "A resource with another id than the path's is refused.", updating, documentForeignID).together(),
		observe("foreign-choice", "The status for another type or id.", updating, documentForeignChoice).together(),
		should("id-case", "The id of the resource is read in any case.", "RFC 9562, section 4", documentIDCase),
		should("unknown-members", "Members that JSON:API does not define are ignored.", structure, ignores(
			additions{"top": object{"foo": 1}}, additions{"data": object{"bar": []any{1}}})),
		should("optional-members", "Members that JSON:API makes optional are tolerated.", structure, ignores(
			additions{"top": object{"meta": object{}}}, additions{"top": object{"links": object{}}},
			additions{"top": object{"jsonapi": object{"version": "1.0"}}}, additions{"data": object{"meta": object{}}},
			additions{"data": object{"links": object{}}}, additions{"data": object{"relationships": object{}}})),
		should("at-members", "Members whose names begin with @ are ignored.", "JSON:API 1.1, @-members", ignores(
			additions{"top": object{"@note": 1}}, additions{"data": object{"@note": object{}}}, additions{"attributes": object{"@note": "x"}})),
		should("case", "Names in another case set nothing.", "JSON:API 1.1, member names", documentCase),
	)
}

// refusesDocuments asks for every document to be refused. They provide nothing that a
// server could set.
func refusesDocuments(documents ...any) func(*trial) {
	return func(t *trial) {
		for _, d := range documents {
			m := t.documentOf(t.target.User, d)
			t.about("with the document %s", m.body)
			t.refuse(m)
		}
	}
}

func documentDataArray(t *trial) {
	t.refuse(t.documentOf(t.target.User, object{"data": []any{t.resource(t.newEdit())}}))
}

func documentAttributesType(t *trial) {
	for _, v := range []any{[]any{t.newEdit().attributes}, "lastName", 1, true} {
		t.about("with attributes %v", v)
		data := object{"type": "User", "id": t.target.User.String(), "attributes": v}
		t.refuse(t.documentOf(t.target.User, object{"data": data}))
	}
}

// foreign returns an edit with another value for a member of the resource object.
func (t *trial) foreign(member, value string) *message {
	data := t.resource(t.newEdit())
	data[member] = value
	return t.documentOf(t.target.User, object{"data": data})
}

func documentForeignType(t *trial) { t.refuse(t.foreign("type", "Car")) }

func documentForeignID(t *trial) { t.refuse(t.foreign("id", uuid.NewString())) }

func documentForeignChoice(t *trial) {
	t.observef("%d for a type", t.send(t.foreign("type", "Car")).status)
	t.observef("%d for an id", t.send(t.foreign("id", uuid.NewString())).status)
}

// documentWithout leaves out a member that the client must send. JSON:API does not
// say how a server answers that.
func documentWithout(member string) func(*trial) {
	return func(t *trial) {
		e := t.newEdit()
		data := t.resource(e)
		delete(data, member)
		a := t.appliedOrRefused(t.documentOf(t.target.User, object{"data": data}), e)
		t.observef("%d", a.status)
	}
}

func documentIDCase(t *trial) {
	e := t.newEdit()
	data := t.resource(e)
	data["id"] = t.upperID()
	t.applied(t.documentOf(t.target.User, object{"data": data}), e)
}

// additions are the members to add to each of the objects top, data and attributes.
type additions map[string]object

// ignores asks for an edit with each of the additions to be applied; in the quick way
// with all of them at once.
func ignores(each ...additions) func(*trial) {
	return func(t *trial) {
		for _, more := range t.atOnce(each) {
			t.about("with the members %v", more)
			e := t.newEdit()
			data := t.resource(e)
			top := object{"data": data}
			for where, in := range map[string]object{"top": top, "data": data, "attributes": e.attributes} {
				for name, value := range more[where] {
					in[name] = value
				}
			}
			t.applied(t.documentOf(t.target.User, top), e)
		}
	}
}

// atOnce returns the additions in one, in the quick way.
func (t *trial) atOnce(each []additions) []additions {
	if t.quick == nil {
		return each
	}
	all := additions{}
	for _, one := range each {
		for where, members := range one {
			if all[where] == nil {
				all[where] = object{}
			}
			maps.Copy(all[where], members)
		}
	}
	return []additions{all}
}

// documentCase writes names in upper case, and with the long s (U+017F), which folds
// to s.
func documentCase(t *trial) {
	e := t.newEdit()
	t.about("with DATA")
	t.withoutEffect(t.documentOf(t.target.User, object{"DATA": t.resource(e)}))
	t.about("with ATTRIBUTES")
	data := object{"type": "User", "id": t.target.User.String(), "ATTRIBUTES": e.attributes}
	t.withoutEffect(t.documentOf(t.target.User, object{"data": data}))
	for _, fold := range []func(string) string{strings.ToUpper, longS} {
		attributes := object{}
		for name, value := range e.attributes {
			attributes[fold(name)] = value
			if fold(name) == name {
				return // the name has no other case
			}
		}
		data := object{"type": "User", "id": t.target.User.String(), "attributes": attributes}
		t.about("with the attributes %v", attributes)
		t.withoutEffect(t.documentOf(t.target.User, object{"data": data}))
	}
}

func longS(name string) string { return strings.ReplaceAll(name, "s", "\u017f") }
