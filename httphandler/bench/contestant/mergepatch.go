package contestant

import (
	"encoding/json"
	"net/http"

	jsonpatch "github.com/evanphx/json-patch/v5"
	"github.com/userrecord/userrecord/userstore"
)

// newMergePatch keeps the attributes of each user as a JSON document and applies
// patches by RFC 7396. Of the formats it checks only the gender.
func newMergePatch(users []userstore.User, _ Answer) (http.Handler, error) {
	all, err := newRecords(users, attributesOf[json.RawMessage])
	if err != nil {
		return nil, err
	}
	return mux(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, patch, ok := readPatch[json.RawMessage](w, r)
		if !ok {
			return
		}
		if !validGender(patch) {
			refuse(w, http.StatusUnprocessableEntity, "/data/attributes/gender")
			return
		}
		record, err := all.update(id, func(old json.RawMessage) (json.RawMessage, error) {
			return jsonpatch.MergePatch(old, patch)
		})
		if err != nil {
			refuse(w, http.StatusNotFound, "")
			return
		}
		answer, err := json.Marshal(newDocument(id, record))
		respond(w, answer, err)
	})), nil
}

func validGender(patch json.RawMessage) bool {
	var values struct {
		Gender *string `json:"gender"`
	}
	if err := json.Unmarshal(patch, &values); err != nil {
		return false
	}
	return values.Gender == nil || isGender(*values.Gender)
}

func isGender(s string) bool { return s == "male" || s == "female" || s == "other" }
