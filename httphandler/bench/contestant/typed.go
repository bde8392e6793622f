package contestant

import (
	"errors"
	"net/http"

	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// newTyped uses this module's own types, rules and Store with encoding/json, which is
// less strict: it accepts unknown and duplicate names.
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

// pointerOf returns the pointer of the first problem in an invalid patch.
func pointerOf(err error) string {
	var invalid *userstore.InvalidError
	if errors.As(err, &invalid) {
		return "/data/attributes" + invalid.Problems[0].Pointer
	}
	return "/data/attributes"
}
