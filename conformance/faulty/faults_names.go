package faulty

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// Attributes under names and in places that are none of the page.
func nameFaults() []Fault {
	return []Fault{
		{"role-kept", "An attribute role or isAdmin is kept and shown.", unknownKept(func(name string) bool { return name == "role" || name == "isAdmin" })},
		{"own-attribute-lost", "A patch loses an attribute that the page does not name.", ownAttributeLost},
		{"dotted-name-set", "The attribute address.street sets the street, as updates of MongoDB do.", pathSets("address.street")},
		{"bracket-name-set", "The attribute address[street] sets the street, as in a form.", pathSets("address[street]")},
		{"pointer-name-set", "The attribute /address/street sets the street.", pathSets("/address/street")},
		{"operator-run", "The attribute $set is run as an operator of MongoDB.", innerMerged("$set")},
		{"prototype-merged", "The attribute __proto__ sets what an omitted attribute inherits.", innerMerged("__proto__")},
		{"constructor-merged", "The attribute constructor sets what an omitted attribute inherits.", innerMerged("constructor", "prototype")},
		{"constructor-fails", "An attribute constructor makes the server fail.", attributesOr501(func(a object) bool { return a["constructor"] != nil })},
		{"name-trimmed", "Blanks around the name of an attribute do not count.", requestAttributes(func(a object) {
			for _, name := range slices.Collect(maps.Keys(a)) {
				if v, trimmed := a[name], strings.TrimSpace(name); trimmed != name {
					delete(a, name)
					a[trimmed] = v
				}
			}
		})},
		{"query-sets-attributes", "A parameter of the query sets an attribute, as in PHP's $_REQUEST.", changeRequest(func(r *http.Request) {
			elsewhere(r, func(object) (object, object) {
				found := object{}
				for name, values := range r.URL.Query() {
					found[name] = values[0]
				}
				return nil, found
			})
		})},
		{"attributes-in-data-set", "Attributes beside type and id are set.", attributesFrom(func(doc object) (object, object) { return data(doc), data(doc) })},
		{"attributes-at-top-set", "A document that is the attributes themselves is taken.", attributesFrom(func(doc object) (object, object) {
			if doc["data"] != nil {
				return nil, nil
			}
			return nil, doc
		})},
		{"attributes-beside-data-set", "Attributes beside data are set.", attributesFrom(func(doc object) (object, object) { return doc, doc })},
		{"meta-sets-attributes", "Attributes in meta are set.", attributesFrom(func(doc object) (object, object) {
			meta, _ := data(doc)["meta"].(object)
			return nil, meta
		})},
		{"included-set", "The attributes of the user in included are set.", attributesFrom(func(doc object) (object, object) {
			list, _ := doc["included"].([]any)
			for _, v := range list {
				if o, ok := v.(object); ok {
					a, _ := o["attributes"].(object)
					return nil, a
				}
			}
			return nil, nil
		})},
	}
}

func data(doc object) object {
	data, _ := doc["data"].(object)
	return data
}

// unknownKept keeps attributes that the page does not name, and shows them.
func unknownKept(which func(name string) bool) func(*server) {
	return func(s *server) {
		var mu sync.Mutex
		kept := map[string]object{}
		s.options.IgnoreUnknownAttributes = true
		changeAnswerTo(func(r *http.Request, a *answer) {
			if a.status != http.StatusOK {
				return
			}
			mu.Lock()
			defer mu.Unlock()
			id := strings.ToLower(pathID(r))
			if kept[id] == nil {
				kept[id] = object{}
			}
			for name, v := range sent(r) {
				if !isKnown(name) && which(name) {
					kept[id][name] = v
				}
			}
			a.editAttributes(func(shown object) { maps.Copy(shown, kept[id]) })
		})(s)
	}
}

// ownAttributeLost shows an attribute of its own until the first patch of a user.
func ownAttributeLost(s *server) {
	var mu sync.Mutex
	lost := map[string]bool{}
	changeAnswerTo(func(r *http.Request, a *answer) {
		mu.Lock()
		defer mu.Unlock()
		id := strings.ToLower(pathID(r))
		if lost[id] = lost[id] || len(sent(r)) > 0; !lost[id] {
			a.editAttributes(func(shown object) { shown["points"] = 7 })
		}
	})(s)
}

// pathSets lets an attribute with the name set the street.
func pathSets(name string) func(*server) {
	return inTurn(requestAttributes(func(a object) {
		if v, ok := a[name]; ok {
			delete(a, name)
			a["address"] = object{"street": v}
		}
	}))
}

// innerMerged merges the object at the path of names into the attributes.
func innerMerged(path ...string) func(*server) {
	return requestAttributes(func(a object) {
		inner, ok := a[path[0]].(object)
		for _, name := range path[1:] {
			inner, ok = inner[name].(object)
		}
		if ok {
			delete(a, path[0])
			maps.Copy(a, inner)
		}
	})
}

// attributesFrom sets attributes that a document has in another place, and removes them
// from the object in which they stand, if that is not nil.
func attributesFrom(find func(doc object) (in, found object)) func(*server) {
	return changeRequest(func(r *http.Request) { elsewhere(r, find) })
}

func elsewhere(r *http.Request, find func(doc object) (in, found object)) {
	doc := parse(readBody(r))
	in, found := find(doc)
	attributes := object{}
	for name, v := range found {
		if name == "address" || slices.Contains(pointers, "/"+name) {
			attributes[name] = v
			delete(in, name)
		}
	}
	if len(attributes) == 0 {
		return
	}
	user := data(doc)
	if user == nil {
		user = object{"type": "User", "id": pathID(r)}
	}
	if own, ok := user["attributes"].(object); ok {
		maps.Copy(attributes, own)
	}
	user["attributes"] = attributes
	setBody(r, encode(object{"data": user}))
}
