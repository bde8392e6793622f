package servertest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/userrecord/userrecord/conformance"
)

var jane = object{"firstName": "Jane", "lastName": "Smith", "gender": "female", "locale": "de-DE", "createdAt": "2020-01-01T00:00:00Z"}

// changed returns a copy of the object; nil removes a member.
func changed(o object, changes object) object {
	c := object{}
	for name, v := range o {
		c[name] = v
	}
	for name, v := range changes {
		c[name] = v
		if v == nil {
			delete(c, name)
		}
	}
	return c
}

// answerOf returns an answer with the record, or with another document.
func answerOf(t *testing.T, status int, document any) *answer {
	t.Helper()
	body, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	return &answer{status: status, header: http.Header{"Content-Type": {mediaType}}, body: body}
}

func recordWith(t *testing.T, attributes object) *answer {
	t.Helper()
	return answerOf(t, 200, object{"data": object{"type": "User", "attributes": attributes}})
}

// A patched is a check that patched Jane once and failed.
type patched struct {
	id       string
	patch    object
	answer   *answer
	failures []failure
}

// causesOf returns what is found in the failed checks.
func causesOf(checks ...patched) []conformance.Cause {
	session := &session{target: Target{URL: "http://127.0.0.1:1", User: uuid.New(), Token: "a-good-token"}}
	session.hide = newHider(&session.target, false)
	session.original = &record{attributes: jane, state: stateOf(jane)}
	for _, c := range checks {
		t := &trial{session: session, Requirement: conformance.Requirement{ID: c.id}}
		t.note(t.patchOf(session.target.User, c.patch), c.answer, nil)
		session.causes.note(c.id, t.evidence(c.failures))
	}
	return session.causes.report(session.hide)
}

// fails returns a failure for each pointer.
func fails(where, expected, got string, pointers ...string) (all []failure) {
	for _, p := range pointers {
		all = append(all, failure{Where: where + p, Expected: expected, Got: got})
	}
	return all
}

func TestCauses(t *testing.T) {
	set := func(name string) object { return object{name: "X"} }
	dashed := changed(jane, object{"firstName": nil, "first-name": "Jane"})
	noted := recordWith(t, changed(jane, object{"createdAt": "2026-01-01T00:00:00Z", "gender": "male", "locale": "fr"}))
	createdAt := fails("in the answer: ", `"2020"`, `"2026"`, "/createdAt")
	untouched := recordWith(t, jane)
	unset := func(p string) []failure { return fails("in the answer: ", `"X"`, `"old"`, p) }
	alone := func(name string) *answer { return recordWith(t, object{name: "X", "createdAt": jane["createdAt"]}) }
	errorDocument422 := answerOf(t, 422, object{"errors": []any{object{"detail": "no <b> here"}}})
	errorDocument200 := answerOf(t, 200, object{"errors": []any{object{"title": "no"}}})
	status := func(expected string, got int) []failure { return []failure{{Expected: expected, Got: fmt.Sprint(got)}} }
	for name, tt := range map[string]struct {
		checks []patched
		want   []conformance.Cause
	}{
		"nothing": {nil, nil},
		"names": {
			[]patched{{"a", set("gender"), recordWith(t, dashed), fails("in the answer: ", `"Jane"`, noValue, "/firstName")}},
			[]conformance.Cause{{Title: titleNames, Hint: "The answer has `first-name` where `firstName` is expected.", Explains: []string{"a"}}},
		},
		"names, and something else": {
			[]patched{{"a", set("gender"), recordWith(t, dashed), fails("in the answer: ", `"x"`, noValue, "/firstName", "/lastName")}}, nil,
		},
		"createdAt": {
			[]patched{
				{"a", set("gender"), noted, createdAt}, {"b", set("gender"), noted, createdAt}, {"c", set("locale"), noted, createdAt},
				{"d", set("locale"), noted, append(createdAt, unset("/locale")...)},
			},
			[]conformance.Cause{{Title: "createdAt changes when other attributes are patched.", Explains: []string{"a", "b", "c"}}},
		},
		"too few": {
			[]patched{{"a", set("gender"), noted, createdAt}, {"b", set("gender"), noted, createdAt}}, nil,
		},
		"one attribute is not set": {
			[]patched{{"a", set("gender"), untouched, unset("/gender")}, {"b", set("gender"), untouched, unset("/gender")}, {"c", set("gender"), untouched, unset("/gender")}, {"d", set("locale"), untouched, unset("/locale")}},
			[]conformance.Cause{{Title: "A patch of gender does not change it.", Explains: []string{"a", "b", "c"}}},
		},
		"no answer shows a change": {
			[]patched{{"a", set("gender"), untouched, unset("/gender")}, {"b", set("locale"), untouched, unset("/locale")}, {"c", set("firstName"), untouched, unset("/firstName")}},
			[]conformance.Cause{{Title: "The answer to a patch shows none of its changes.", Explains: []string{"a", "b", "c"}}},
		},
		"null clears nothing": {
			[]patched{{"a", object{"gender": nil}, untouched, fails("in the answer: ", noValue, "the old value", "/gender")}, {"b", object{"locale": nil}, untouched, fails("in the answer: ", "null", "the old value", "/locale")}, {"c", object{"gender": nil}, untouched, fails("", noValue, "the old value", "/gender")}},
			[]conformance.Cause{{Title: "A null is taken for an omitted attribute: it clears nothing.", Explains: []string{"a", "b", "c"}}},
		},
		"only what was patched": {
			[]patched{
				{"a", set("gender"), alone("gender"), fails("in the answer: ", `"x"`, noValue, "/firstName", "/lastName", "/locale")},
				{"b", set("locale"), alone("locale"), fails("in the answer: ", `"x"`, noValue, "/firstName")},
				{"c", set("firstName"), alone("firstName"), fails("in the answer: ", `"x"`, noValue, "/lastName")},
				{"d", set("firstName"), alone("firstName"), fails("in the answer: ", `"x"`, `"y"`, "/firstName")},
			},
			[]conformance.Cause{{
				Title:    "The answer to a patch holds only the attributes that were patched.",
				Hint:     "A patch of gender is answered with nothing else of the user: the rest is left out, or cleared.",
				Explains: []string{"a", "b", "c"},
			}},
		},
		"refused, each time for the same reason": {
			[]patched{{"a", set("gender"), errorDocument422, status("200", 422)}, {"b", set("locale"), errorDocument422, status("200 for x", 422)}, {"c", set("locale"), errorDocument422, status("200 or another", 422)},
				{"d", set("locale"), answerOf(t, 422, object{"errors": []any{object{"detail": "another"}}}), status("200", 422)}},
			[]conformance.Cause{{Title: `What is to be taken is answered with 422 and the detail "no <b> here".`, Explains: []string{"a", "b", "c"}}},
		},
		"errors as 200": {
			[]patched{{"a", set("gender"), errorDocument200, status("401", 200)}, {"b", set("locale"), errorDocument200, status("a refusal (4xx)", 200)}, {"c", set("locale"), errorDocument200, status("422", 200)}},
			[]conformance.Cause{{Title: "Errors are answered with the status 200.", Hint: "The answer has `errors`: the request was refused.", Explains: []string{"a", "b", "c"}}},
		},
		"any token": {
			[]patched{{"a", set("gender"), untouched, status("401", 200)}, {"b", set("locale"), untouched, status("401 or 400", 200)}, {"c", set("locale"), untouched, status("401", 200)}, {"d", set("locale"), untouched, status("422", 200)}},
			[]conformance.Cause{{Title: "Requests without valid credentials are taken.", Explains: []string{"a", "b", "c"}}},
		},
		"two reasons, the wider first": {
			[]patched{
				{"a", set("gender"), answerOf(t, 500, nil), status("422", 500)}, {"b", set("gender"), answerOf(t, 500, nil), status("422", 500)}, {"c", set("gender"), answerOf(t, 500, nil), status("200", 500)},
				{"d", set("gender"), noted, createdAt}, {"e", set("gender"), noted, createdAt}, {"f", set("gender"), noted, createdAt}, {"g", set("gender"), noted, createdAt},
			},
			[]conformance.Cause{
				{Title: "createdAt changes when other attributes are patched.", Explains: []string{"d", "e", "f", "g"}},
				{Title: "The server fails (500) where it is to take or to refuse a request.", Explains: []string{"a", "b", "c"}},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, causesOf(tt.checks...)); diff != "" {
				t.Errorf("causes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOtherName(t *testing.T) {
	attributes := object{"first_name": "x", "LAST-NAME": "x", "email": "x", "Email": "x", "address": object{"house-no": 1}}
	for pointer, want := range map[string]string{
		"/firstName": "first_name", "/lastName": "LAST-NAME", "/email": "", "/gender": "", "/address/houseNo": "house-no", "/address/street": "",
	} {
		if got := otherName(attributes, pointer); got != want {
			t.Errorf("the other name of %s is %q, want %q", pointer, got, want)
		}
	}
}
