package servertest

import (
	"fmt"
	"mime"
	"net/http"
	"strings"
	"time"
)

// What the answer to a successful patch looks like.
func successChecks() []check {
	return family("success",
		must("status", "A valid patch is answered with 200 and a body.", "page, response 200", func(t *trial) { t.change() }),
		must("document", "The answer is one JSON:API document with the record as data.", "page, response example; JSON:API 1.1, document structure; RFC 8259", func(t *trial) { t.change() }),
		must("media-type", "The answer is application/vnd.api+json.", "page, response 200", successMediaType),
		should("media-type-parameters", "The media type of the answer has no parameters but ext and profile.", "JSON:API 1.1, content negotiation", successParameters),
		must("type", "data.type is User.", "page, response example", successType),
		must("id", "data.id is the id of the path, in any case.", "page, response example", successID),
		must("several", "Several attributes in one patch are all set.", "page: all provided fields get set", successSeveral),
		must("complete", "The answer holds every attribute that the user has.", "page: the complete new user record is returned", successComplete),
		must("new", "The answer shows the values after the update.", "page: the complete new user record is returned", successNew),
		must("read-your-writes", "A later request sees the update, at once and after a short delay.", "page: fields get set", successRead),
		must("same-value", "Setting an attribute to the value it has is accepted.", "page: fields get set to the provided values", successSame),
		should("repeat", "The same patch, sent twice, gives the same record.", "page: fields get set to the provided values", successRepeat),
		must("types", "Attributes are strings, null or absent; address is an object; houseNo and postalCode may be numbers.", "page, response example", successTypes),
		should("created-at", "createdAt is an RFC 3339 date-time.", "RFC 3339, section 5.6", successCreatedAt),
		should("members", "JSON:API's own objects have no members that it does not define.", "JSON:API 1.1, document structure", successMembers),
		observe("no-attributes", "A patch without attributes is answered with the record, or refused.", "JSON:API 1.1, updating resources", successNoAttributes),
	)
}

// change sets one attribute to a new value and returns the answer.
func (t *trial) change() (a *answer, r *record, pointer string, value any) {
	p := t.anyWritable(1)[0]
	v := t.fresh(p)
	a = t.patch(t.setting(map[string]any{p: v}))
	t.expectStatus(a, http.StatusOK)
	return a, t.recordOf(a), p, v
}

// success returns the answer to a valid patch. In the quick way, those who only look at
// it share one.
func (t *trial) success() (*answer, *record) {
	if t.quick != nil && t.shared != nil {
		return t.shared, t.recordOf(t.shared)
	}
	a, r, _, _ := t.change()
	t.shared = a
	return a, r
}

func successMediaType(t *trial) {
	a, _ := t.success()
	if got, _, _ := mime.ParseMediaType(a.header.Get("Content-Type")); got != mediaType {
		t.failf("Content-Type "+mediaType, "%s", a.fieldOf("Content-Type"))
	}
}

func successParameters(t *trial) {
	a, _ := t.success()
	_, params, err := mime.ParseMediaType(a.header.Get("Content-Type"))
	delete(params, "ext")
	delete(params, "profile")
	if err != nil || len(params) > 0 {
		t.failf("no parameters but ext and profile", "%s", a.fieldOf("Content-Type"))
	}
}

func successType(t *trial) {
	if _, r := t.success(); r.data["type"] != "User" {
		t.failf("data.type User", "%v", r.data["type"])
	}
}

func successID(t *trial) {
	_, r := t.success()
	if id, ok := r.data["id"].(string); !ok || !strings.EqualFold(id, t.target.User.String()) {
		t.failf("data.id "+t.target.User.String(), "%v", r.data["id"])
	}
}

func successSeveral(t *trial) {
	values := map[string]any{}
	for _, p := range t.firstWritable(3) {
		values[p] = t.fresh(p)
	}
	want := t.read()
	for p, v := range values {
		want = want.with(p, v)
	}
	t.setAndCompare(values, want)
}

// setAndCompare sets the values, and fails unless the answer, and what is read
// afterwards, have the wanted state.
func (t *trial) setAndCompare(values map[string]any, want state) {
	a := t.patch(t.setting(values))
	t.expectStatus(a, http.StatusOK)
	t.expectRecord(a, want)
}

func successComplete(t *trial) {
	before := t.read()
	_, r, p, v := t.change()
	t.same("in the answer", before.with(p, v).compare(r.state))
}

func successNew(t *trial) {
	for range 2 {
		if _, r, p, v := t.change(); r.state[p] != normal(p, v) {
			t.fail(failure{Where: "in the answer: " + p, Expected: show(v), Got: r.state.describe(p)})
		}
	}
}

func successRead(t *trial) {
	_, _, p, v := t.change()
	for _, wait := range []time.Duration{0, 150 * time.Millisecond} {
		if t.sleep(wait) != nil {
			t.skipf("the run was stopped")
		}
		if now := t.reread().state; now[p] != normal(p, v) {
			t.fail(failure{Where: fmt.Sprintf("%v after the answer: %s", wait, p), Expected: show(v), Got: now.describe(p)})
		}
	}
}

func successSame(t *trial) {
	t.mayOverwrite()
	_, _, p, v := t.change()
	before := t.read()
	t.setAndCompare(map[string]any{p: v}, before)
}

func successRepeat(t *trial) {
	p := t.anyWritable(1)[0]
	attributes := t.setting(map[string]any{p: t.fresh(p)})
	t.mayOverwrite()
	first := t.mustPatch(attributes)
	t.same("in the second answer", first.state.compare(t.mustPatch(attributes).state))
}

func successTypes(t *trial) {
	_, r := t.success()
	if address, found := r.attributes["address"]; found && address != nil {
		if _, ok := address.(object); !ok {
			t.failf("address to be an object", "%s", jsonType(address))
		}
	}
	for _, p := range append([]string{"/createdAt"}, pointers...) {
		v, ok := lookup(r.attributes, p)
		if _, text := v.(string); ok && !text && !(isTextOrInt(p) && jsonType(v) == "a number") {
			t.failf(p+" to be a string", "%s", jsonType(v))
		}
	}
}

func successCreatedAt(t *trial) {
	_, r := t.success()
	v, ok := lookup(r.attributes, "/createdAt")
	if !ok {
		t.skipf("the record has no createdAt")
	}
	text, _ := v.(string)
	if _, err := time.Parse(time.RFC3339, text); err != nil {
		t.failf("an RFC 3339 date-time", "%v", v)
	}
}

func successMembers(t *trial) {
	a, r := t.success()
	doc, err := parseObject(a.body)
	if err != nil {
		t.failf("a document", "%v", err)
	}
	t.onlyMembers("the top level", doc, "data", "meta", "jsonapi", "links", "included")
	t.onlyMembers("data", r.data, "type", "id", "attributes", "relationships", "links", "meta")
	for _, name := range []string{"id", "type"} {
		if _, found := r.attributes[name]; found {
			t.failf("no attribute "+name+", which is a member of data", "one")
		}
	}
}

// onlyMembers fails if the object has other members than the named ones, @-members and
// members of extensions (JSON:API 1.1).
func (t *trial) onlyMembers(where string, o object, names ...string) {
	allowed := map[string]bool{}
	for _, name := range names {
		allowed[name] = true
	}
	for name := range o {
		if !allowed[name] && !strings.HasPrefix(name, "@") && !strings.Contains(name, ":") {
			t.failf("no members in "+where+" but those of JSON:API", "%q", name)
		}
	}
}

func successNoAttributes(t *trial) {
	for _, data := range []object{
		{"type": "User", "id": t.target.User.String(), "attributes": object{}},
		{"type": "User", "id": t.target.User.String()},
	} {
		_, with := data["attributes"]
		a := t.send(t.documentOf(t.target.User, object{"data": data}))
		t.observef("%d with attributes %s", a.status, map[bool]string{true: "{}", false: "absent"}[with])
	}
}
