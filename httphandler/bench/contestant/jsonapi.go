package contestant

import (
	"bytes"
	"net/http"
	"strconv"

	"github.com/google/uuid"
	"github.com/hashicorp/jsonapi"
	"github.com/userrecord/userrecord/userstore"
)

// newJSONAPI uses hashicorp/jsonapi as its documentation shows: a struct with tags is
// both record and patch. Of the formats it checks only the gender.
func newJSONAPI(users []userstore.User, _ Answer) (http.Handler, error) {
	all, err := newRecords(users, func(b []byte) (jsonapiUser, error) {
		var u jsonapiUser
		err := jsonapi.UnmarshalPayload(bytes.NewReader(b), &u)
		return u, err
	})
	if err != nil {
		return nil, err
	}
	return mux(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, body, ok := open(w, r)
		if !ok {
			return
		}
		patch, pointer := readJSONAPI(body, id)
		if pointer != "" {
			refuseJSONAPI(w, http.StatusUnprocessableEntity, pointer)
			return
		}
		user, err := all.update(id, func(old jsonapiUser) (jsonapiUser, error) { return old.merge(patch), nil })
		if err != nil {
			refuseJSONAPI(w, http.StatusNotFound, "")
			return
		}
		var answer bytes.Buffer
		err = jsonapi.MarshalPayloadWithoutIncluded(&answer, &user)
		respond(w, answer.Bytes(), err)
	})), nil
}

// readJSONAPI returns the patch, or a pointer to what is wrong.
func readJSONAPI(body []byte, id uuid.UUID) (patch jsonapiUser, pointer string) {
	if err := jsonapi.UnmarshalPayload(bytes.NewReader(body), &patch); err != nil || patch.ID != id.String() {
		return patch, "/data"
	}
	if gender, err := patch.Gender.Get(); err == nil && !isGender(gender) {
		return patch, "/data/attributes/gender"
	}
	return patch, ""
}

func refuseJSONAPI(w http.ResponseWriter, status int, pointer string) {
	e := &jsonapi.ErrorObject{Status: strconv.Itoa(status), Title: http.StatusText(status)}
	if pointer != "" {
		e.Source = &jsonapi.ErrorSource{Pointer: pointer}
	}
	w.Header().Set("Content-Type", jsonapi.MediaType)
	w.WriteHeader(status)
	// An error means that the client has gone.
	_ = jsonapi.MarshalErrors(w, []*jsonapi.ErrorObject{e})
}
