package contestant

import (
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
		id, patch, ok := readPatch[userstore.Attributes](w, r)
		if !ok {
			return
		}
		if err := rules.Validate(patch); err != nil {
			refuse(w, http.StatusUnprocessableEntity, pointerOf(err))
			return
		}
		user, err := store.Patch(r.Context(), id, patch)
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
