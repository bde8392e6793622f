package vectors_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/servertest"
	"github.com/userrecord/userrecord/conformance/vectors"
)

const mediaType = "application/vnd.api+json"

// The statuses with which another server may refuse what the contract refuses with 422:
// malformed, not allowed to set, in conflict with something, or semantically wrong.
var refusals = []int{400, 403, 409, 422}

// A theme is a file.
type theme struct {
	name, comment string
	groups        []*group
}

// A group collects vectors with the same record, rule and requirements.
type group struct {
	comment      string
	requirements []string
	level        conformance.Level // weaker than that of the first requirement, or ""
	key          string            // in the ids, between the theme and the name
	before       record
	vectors      []vectors.Vector

	freedom   []int                                                   // further statuses that are right elsewhere
	elsewhere func(before record, pointer string, value any) []record // further records, too
	flags     []string
}

// about begins a group with the page's record. The requirements are separated by blanks.
func about(requirements, comment string) *group {
	return &group{comment: comment, requirements: strings.Fields(requirements), before: records["page"]}
}

func (g *group) on(name string) *group {
	g.before = records[name]
	return g
}

func (g *group) named(key string) *group {
	g.key = strings.ReplaceAll(key, " ", "-")
	return g
}

func (g *group) only(level conformance.Level) *group {
	g.level = level
	return g
}

func (g *group) flagged(flag string) *group {
	g.flags = append(g.flags, flag)
	return g
}

// orStatus says that other servers may answer with these statuses, too.
func (g *group) orStatus(statuses ...int) *group {
	g.freedom = append(g.freedom, statuses...)
	return g
}

// orRefused says that other servers may refuse what the contract takes.
func (g *group) orRefused() *group { return g.orStatus(refusals...) }

// orLeaves says that other servers may answer with 200, and leave one of these records.
func (g *group) orLeaves(elsewhere func(before record, pointer string, value any) []record) *group {
	g.elsewhere = elsewhere
	return g.orStatus(200)
}

// orSet says that other servers may set the value that the contract refuses, exactly.
func (g *group) orSet() *group { return g.orLeaves(setExactly) }

func setExactly(before record, pointer string, value any) []record {
	return []record{before.with(pointer, value)}
}

// add adds a vector whose request is that, with what differs from a valid patch.
func (g *group) add(name string, v vectors.Vector) *vectors.Vector {
	v.Comment = name
	v.ID = strings.Trim(notID.ReplaceAllString(strings.ToLower(name), "-"), "-")
	if g.key != "" {
		v.ID = g.key + "/" + v.ID
	}
	v.MediaType = mediaType
	v.Requirements = g.requirements
	v.Flags = append(v.Flags, g.flags...)
	v.AllowedStatuses = slices.Concat([]int{v.Status}, g.freedom)
	g.vectors = append(g.vectors, v)
	return &g.vectors[len(g.vectors)-1]
}

// last returns the vector that was added last.
func (g *group) last() *vectors.Vector { return &g.vectors[len(g.vectors)-1] }

var notID = regexp.MustCompile(`[^a-z0-9]+`)

// set adds vectors that set the scalar at the pointer: pairs of a name and a JSON literal.
func (g *group) set(pointer string, pairs ...string) *group {
	g.key = cmp.Or(g.key, pointer[strings.LastIndexByte(pointer, '/')+1:])
	for name, literal := range each(pairs) {
		value := parseValue(literal)
		v := g.add(name, vectors.Vector{
			Request: patching(attributesAt(pointer, literal)), Status: 200,
			After: g.before.with(pointer, value).text(), Flags: []string{mergeFlag},
		})
		g.allow(v, pointer, value)
	}
	return g
}

// refuse adds vectors that must not set the value at the pointer.
func (g *group) refuse(pointer, code string, pairs ...string) *group {
	g.key = cmp.Or(g.key, pointer[strings.LastIndexByte(pointer, '/')+1:])
	g.freedom = append(g.freedom, refusals...)
	for name, literal := range each(pairs) {
		v := g.add(name, vectors.Vector{
			Request: patching(attributesAt(pointer, literal)), Status: 422,
			Errors: []vectors.Error{at(code, "/data/attributes"+pointer)},
		})
		if g.elsewhere != nil {
			g.allow(v, pointer, parseValue(literal))
		}
	}
	return g
}

func (g *group) allow(v *vectors.Vector, pointer string, value any) {
	if g.elsewhere == nil {
		return
	}
	for _, r := range g.elsewhere(g.before, pointer, value) {
		v.AllowedAfter = append(v.AllowedAfter, r.text())
	}
}

// merge adds vectors of whole patches that are valid.
func (g *group) merge(pairs ...string) *group {
	for name, attributes := range each(pairs) {
		patch := parseRecord(attributes)
		v := g.add(name, vectors.Vector{
			Request: patching(attributes), Status: 200,
			After: g.before.merged(patch).text(), Flags: []string{mergeFlag},
		})
		if g.elsewhere != nil {
			for _, r := range g.elsewhere(g.before, "", patch) {
				v.AllowedAfter = append(v.AllowedAfter, r.text())
			}
		}
	}
	return g
}

// body adds vectors of whole bodies that are refused, with one error.
func (g *group) body(code, pointer string, pairs ...string) *group {
	return g.bodyErrors([]vectors.Error{at(code, pointer)}, pairs...)
}

func (g *group) bodyErrors(errors []vectors.Error, pairs ...string) *group {
	g.freedom = append(g.freedom, refusals...)
	for name, body := range each(pairs) {
		g.add(name, vectors.Vector{Request: sending(body), Status: 422, Errors: errors})
	}
	return g
}

// good adds vectors of whole bodies that set the first name to Jane.
func (g *group) good(pairs ...string) *group {
	for name, body := range each(pairs) {
		g.add(name, vectors.Vector{Request: sending(body), Status: 200, After: g.before.with("/firstName", "Jane").text()})
	}
	return g
}

// idle adds vectors of whole bodies that are taken and change nothing.
func (g *group) idle(pairs ...string) *group {
	for name, body := range each(pairs) {
		g.add(name, vectors.Vector{Request: sending(body), Status: 200})
	}
	return g
}

// each yields pairs.
func each(pairs []string) func(yield func(a, b string) bool) {
	if len(pairs)%2 == 1 {
		panic(fmt.Sprintf("a pair is not complete: %q", pairs))
	}
	return func(yield func(a, b string) bool) {
		for i := 0; i < len(pairs); i += 2 {
			if !yield(pairs[i], pairs[i+1]) {
				return
			}
		}
	}
}

// at returns an error with a pointer; "-" stands for none.
func at(code, pointer string) vectors.Error {
	if pointer == noSource {
		return vectors.Error{Code: code}
	}
	return vectors.Error{Code: code, Source: map[string]string{"pointer": pointer}}
}

const noSource = "-"

// attributesAt returns attributes with that one value.
func attributesAt(pointer, literal string) string {
	names := strings.Split(pointer[1:], "/")
	attributes := literal
	for _, name := range slices.Backward(names) {
		attributes = "{" + string(writeJSON(unescape.Replace(name))) + ":" + attributes + "}"
	}
	return attributes
}

// unescape undoes the escapes of JSON Pointer (RFC 6901).
var unescape = strings.NewReplacer("~1", "/", "~0", "~")

func document(attributes string) string {
	return `{"data":{"type":"User","id":"` + userID + `","attributes":` + attributes + `}}`
}

func patching(attributes string) vectors.Request { return sending(document(attributes)) }

// sending returns a request that is valid if its body is.
func sending(body string) vectors.Request {
	return vectors.Request{
		Method: "PATCH", Path: "/users/" + userID,
		Headers: [][2]string{{"Accept", mediaType}, {"Content-Type", mediaType}},
		Body:    vectors.NewBody([]byte(body)),
	}
}

// What the flags of vectors mean.
const (
	mergeFlag  = "Merge"
	freshFlag  = "FreshRecord"
	pageFlag   = "PageId"
	largeFlag  = "Large"
	routerFlag = "Router"
)

var flagComments = map[string]string{
	mergeFlag:  "The merge alone decides: data.attributes of the body, merged into the record before, gives the record after. Can be run against a function.",
	freshFlag:  "The request has the createdAt of the record before, which no patch can set: the record must have been created with it.",
	pageFlag:   "The request has the id in a form that cannot be replaced by that of another user.",
	largeFlag:  "The body has more than 16 KiB.",
	routerFlag: "A router may answer before the service does: elsewhere the media type is open.",
}

// file returns the file of the theme.
func (th theme) file() vectors.File {
	f := vectors.File{Version: vectors.Version, Theme: th.name, Comment: th.comment, Flags: map[string]string{}}
	for _, g := range th.groups {
		out := vectors.Group{Comment: g.comment, Before: g.before.text()}
		for _, v := range g.vectors {
			out.Vectors = append(out.Vectors, g.finished(th.name, v))
		}
		for _, v := range out.Vectors {
			for _, flag := range v.Flags {
				f.Flags[flag] = flagComments[flag]
			}
		}
		f.Count += len(out.Vectors)
		f.Groups = append(f.Groups, out)
	}
	return f
}

// finished returns the vector with what follows from the rest.
func (g *group) finished(theme string, v vectors.Vector) vectors.Vector {
	v.ID = theme + "/" + v.ID
	v.Level = string(cmp.Or(g.level, levelOf(v.Requirements[0])))
	if len(v.Request.Body.Bytes()) > 16<<10 {
		v.Flags = append(v.Flags, largeFlag)
	}
	slices.Sort(v.AllowedStatuses)
	v.AllowedStatuses = slices.Compact(v.AllowedStatuses)
	v.AllowedAfter = slices.DeleteFunc(v.AllowedAfter, func(r json.RawMessage) bool { return string(r) == string(v.After) })
	if string(v.After) == string(g.before.text()) {
		v.After = nil
	}
	takes := slices.Contains(v.AllowedStatuses, 200)
	if takes && v.Status != 200 && v.AllowedAfter == nil {
		v.AllowedAfter = []json.RawMessage{g.before.text()}
	}
	switch {
	case takes && len(v.AllowedStatuses) == 1:
		v.Result = vectors.Valid
	case takes:
		v.Result = vectors.Acceptable
	default:
		v.Result = vectors.Refused
	}
	return v
}

// levels has the level of each requirement of servers.
var levels = sync.OnceValue(func() map[string]conformance.Level {
	all := map[string]conformance.Level{}
	for _, r := range servertest.Requirements() {
		all[r.ID] = r.Level
	}
	return all
})

func levelOf(id string) conformance.Level {
	level, ok := levels()[id]
	if !ok {
		panic("there is no requirement " + id)
	}
	return level
}
