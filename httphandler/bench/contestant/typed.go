package contestant

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// newTyped is the handler's own domain, rules and store behind encoding/json,
// which reads less strictly: it lets unknown and duplicate names pass.
func newTyped(users []userstore.User, _ Answer) (http.Handler, error) {
	store, rules := memstore.New(users...), userstore.DefaultRules()
	return mux(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, body, ok := open(w, r)
		if !ok {
			return
		}
		var patch document[userstore.Attributes]
		if err := json.Unmarshal(body, &patch); err != nil || !patch.is(id) {
			refuse(w, http.StatusUnprocessableEntity, "/data")
			return
		}
		if err := rules.Validate(patch.Data.Attributes); err != nil {
			refuse(w, http.StatusUnprocessableEntity, pointerOf(err))
			return
		}
		user, err := store.Patch(r.Context(), id, patch.Data.Attributes)
		if err != nil {
			refuse(w, http.StatusNotFound, "")
			return
		}
		answer, err := encodeUser(user)
		respond(w, answer, err)
	})), nil
}

// pointerOf returns where the first problem of an invalid patch is.
func pointerOf(err error) string {
	var invalid *userstore.InvalidError
	if errors.As(err, &invalid) {
		return "/data/attributes" + invalid.Problems[0].Pointer
	}
	return "/data/attributes"
}
