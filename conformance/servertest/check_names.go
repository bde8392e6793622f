package servertest

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
)

// Names that are no attribute of the page, and places that are none of attributes.
func nameChecks() []check {
	return family("unknown",
		must("others", "Attributes that the page does not name stay when others are patched.", "page: omitted fields are left untouched", unknownOthers),
		should("names", "Paths, operators and prototypes as names of attributes set nothing.", "CWE-915; CWE-1321", unknownNames),
		should("elsewhere", "Attributes outside of data.attributes set nothing.", updating, unknownElsewhere),
	)
}

// unknownOthers looks for the attributes that the record had before the run. Their values
// may change, as that of the time of the last update does.
func unknownOthers(t *trial) {
	var others []string
	for _, name := range slices.Sorted(maps.Keys(t.original.attributes)) {
		if !isAttribute(name) && name != "createdAt" && t.original.attributes[name] != nil {
			others = append(others, name)
		}
	}
	if len(others) == 0 {
		t.holdsf("the user has no attributes but those of the page")
	}
	_, r, _, _ := t.change()
	for _, name := range others {
		if r.attributes[name] == nil {
			t.failf(fmt.Sprintf("the record to have the attribute %q, as before the run", name), "none")
		}
	}
}

// unknownNames tries names that frameworks and databases read as something else: as the
// path of a member, as an operator, or as what all objects inherit from.
func unknownNames(t *trial) {
	p := t.anyWritable(1)[0]
	name, v := p[1:], t.fresh(p)
	set := t.setting(map[string]any{p: v})
	for _, attributes := range []object{
		{"address.street": "Dotted"}, {"address[street]": "Bracketed"}, {"/address/street": "Pointed"},
		{"$set": set}, {"__proto__": set}, {"constructor": object{"prototype": set}}, {name + " ": v},
	} {
		t.about("with the attributes %s", show(attributes))
		before := t.read()
		a := t.patch(attributes)
		if !t.refusedWhole(a, before, "the attributes", attributes) {
			t.expectState("in the record afterwards", before)
		}
		for name := range attributes {
			t.forget(name)
		}
	}
}

// unknownElsewhere puts attributes into places of the document that are not theirs, and
// into the query.
func unknownElsewhere(t *trial) {
	e, none := t.newEdit(), t.resource(edit{attributes: object{}})
	within := func(o, more object) object {
		o = maps.Clone(o)
		maps.Copy(o, more)
		return o
	}
	for _, place := range []struct {
		name     string
		document object
	}{
		{"at the top", e.attributes},
		{"beside data", within(object{"data": none}, e.attributes)},
		{"in data", object{"data": within(none, e.attributes)}},
		{"in meta", object{"data": within(none, object{"meta": e.attributes})}},
		{"in included", object{"data": none, "included": []any{t.resource(e)}}},
	} {
		t.about("with attributes %s", place.name)
		t.withoutEffect(t.documentOf(t.target.User, place.document))
	}
	t.about("with an attribute in the query")
	m := t.documentOf(t.target.User, object{"data": none})
	m.url += "?" + url.Values{e.pointer[1:]: {fmt.Sprint(e.value)}}.Encode()
	m.odd = true
	t.withoutEffect(m)
}
