package faulty

import (
	"context"
	"net/http"
	"reflect"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// What goes wrong with the answer to a good patch.
func successFaults() []Fault {
	return []Fault{
		{"success-204", "A patch is answered with 204 and no record.", answersOf(200, func(a *answer) { a.status = 204 })},
		{"success-202", "A patch is answered with 202, as if it were queued.", answersOf(200, func(a *answer) { a.status = 202 })},
		{"success-empty", "A patch is answered with 200 and an empty body.", answersOf(200, func(a *answer) { a.body = nil })},
		{"success-application-json", "The record has the media type application/json.", answersOf(200, func(a *answer) { a.header.Set("Content-Type", "application/json") })},
		{"success-charset", "The media type of the record has a charset parameter.", answersOf(200, func(a *answer) { a.header.Set("Content-Type", "application/vnd.api+json; charset=utf-8") })},
		{"success-untyped", "The record has no Content-Type.", answersOf(200, func(a *answer) { a.header["Content-Type"] = nil })},
		{"type-users", "data.type is users.", answerResource(func(o object) { o["type"] = "users" })},
		{"type-missing", "The record has no type.", answerResource(func(o object) { delete(o, "type") })},
		{"id-missing", "The record has no id.", answerResource(func(o object) { delete(o, "id") })},
		{"id-number", "data.id is the number of a row.", answerResource(func(o object) { o["id"] = 4711 })},
		{"record-array", "data is an array with the record.", answerDocument(func(o object) { o["data"] = []any{o["data"]} })},
		{"record-bare", "The answer is the record without data around it.", answersOf(200, bare)},
		{"record-camel-to-snake", "The record names its attributes in snake case.", answerAttributes(snake)},
		{"record-partial", "The answer holds only the attributes of the patch.", changeAnswerTo(onlyPatched)},
		{"record-without-address", "The answer leaves the address out.", answerAttributes(func(o object) { delete(o, "address") })},
		{"record-old", "The answer shows the record from before the patch.", storePatch(oldRecord)},
		{"record-meta-top", "The top level has a member success.", answerDocument(func(o object) { o["success"] = true })},
		{"read-stale", "The first read after a write of one attribute shows the record from before it.", staleReads},
		{"write-lost-later", "A write is lost a moment after it was read back.", lostLater},
		{"no-change-refused", "A patch that would change nothing is refused with 409.", refuseNoChange},
		{"repeat-toggles", "A patch that provides the last name that the user has clears it.", storePatch(toggle)},
		{"one-attribute", "Only one attribute of a patch is set, the first by name.", requestAttributes(onlyFirst)},
		{"invalid-utf8-answer", "Names are sent in Latin-1 and not in UTF-8.", answersOf(200, latin1)},
		{"body-not-json", "The record is followed by a second JSON text.", answersOf(200, func(a *answer) { a.body = append(a.body, "{}"...) })},
	}
}

func bare(a *answer) {
	if doc := parse(a.body); doc != nil {
		a.body = encode(doc["data"].(object)["attributes"])
	}
}

func snake(a object) {
	for _, name := range []string{"firstName", "lastName", "phoneNumber", "pictureUrl", "birthDate", "createdAt", "zoneInfo"} {
		if v, ok := a[name]; ok {
			delete(a, name)
			a[map[string]string{"firstName": "first_name", "lastName": "last_name", "phoneNumber": "phone_number", "pictureUrl": "picture_url", "birthDate": "birth_date", "createdAt": "created_at", "zoneInfo": "zone_info"}[name]] = v
		}
	}
}

// sent returns the attributes that the request document provides.
func sent(r *http.Request) object {
	data, _ := parse(readBody(r))["data"].(object)
	a, _ := data["attributes"].(object)
	return a
}

// editAttributes changes the attributes of the answer, if it is a success.
func (a *answer) editAttributes(change func(attributes object)) {
	if a.status != http.StatusOK {
		return
	}
	a.edit(func(doc object) { change(doc["data"].(object)["attributes"].(object)) })
}

func onlyPatched(r *http.Request, a *answer) {
	provided := sent(r)
	if len(provided) == 0 {
		return
	}
	a.editAttributes(func(shown object) {
		for name := range shown {
			if _, ok := provided[name]; !ok {
				delete(shown, name)
			}
		}
	})
}

func oldRecord(ctx context.Context, next userstore.Store, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	old, err := next.Get(ctx, id)
	if err != nil {
		return old, err
	}
	_, err = next.Patch(ctx, id, patch)
	return old, err
}

// staleReads answers the first patch without attributes after a patch of one attribute
// with the record from before that.
func staleReads(s *server) {
	var mu sync.Mutex
	stale := map[uuid.UUID]userstore.User{}
	storePatch(func(ctx context.Context, next userstore.Store, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
		mu.Lock()
		defer mu.Unlock()
		before, err := next.Get(ctx, id)
		if err != nil {
			return before, err
		}
		if old, ok := stale[id]; ok && isRead(patch) {
			delete(stale, id)
			return old, nil
		}
		after, err := next.Patch(ctx, id, patch)
		if err == nil && len(patch.Names()) == 1 {
			stale[id] = before
		}
		return after, err
	})(s)
}

func isRead(patch userstore.Attributes) bool { return patch == userstore.Attributes{} }

// lostLater undoes a patch when it is read for the second time, some time later.
func lostLater(s *server) {
	const late = 145 * time.Millisecond // the suite looks again after 150
	var mu sync.Mutex
	before, at, reads := map[uuid.UUID]userstore.Attributes{}, map[uuid.UUID]time.Time{}, map[uuid.UUID]int{}
	storePatch(func(ctx context.Context, next userstore.Store, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
		mu.Lock()
		defer mu.Unlock()
		user, err := next.Get(ctx, id)
		switch reads[id]++; {
		case err != nil:
			return user, err
		case !isRead(patch):
			before[id], at[id], reads[id] = user.Attributes, time.Now(), 0
		case reads[id] == 2 && !at[id].IsZero() && time.Since(at[id]) > late:
			return next.Patch(ctx, id, whole(before[id]))
		}
		return next.Patch(ctx, id, patch)
	})(s)
}

// refuseNoChange refuses a patch that would change nothing.
func refuseNoChange(s *server) {
	store := s.store
	wrapHandler(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		provided := sent(r)
		a := &answer{header: http.Header{}}
		id, err := userstore.ParseID(pathID(r))
		if err == nil && len(provided) > 0 {
			if user, err := store.Get(r.Context(), id); err == nil && reflect.DeepEqual(user.Attributes, user.Attributes.Merge(rewrite(userstore.Attributes{}, func(o object) {
				for name, v := range provided {
					o[name] = v
				}
			}))) {
				a.refuse(http.StatusConflict)
				a.send(w)
				return
			}
		}
		next.ServeHTTP(w, r)
	})(s)
}

func toggle(ctx context.Context, next userstore.Store, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	user, err := next.Get(ctx, id)
	if v, ok := patch.LastName.Get(); ok && err == nil && user.Attributes.LastName == userstore.Value(v) {
		patch.LastName = userstore.Null[string]()
	}
	return next.Patch(ctx, id, patch)
}

func onlyFirst(a object) {
	first := ""
	for name := range a {
		if first == "" || name < first {
			first = name
		}
	}
	for name := range a {
		if name != first {
			delete(a, name)
		}
	}
}

// latin1 encodes each character up to U+00FF as one byte.
func latin1(a *answer) {
	var out []byte
	for _, r := range string(a.body) {
		if r <= 0xff {
			out = append(out, byte(r))
			continue
		}
		out = append(out, string(r)...)
	}
	a.body = out
}
