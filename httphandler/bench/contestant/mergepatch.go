package contestant

import (
	"encoding/json"
	"net/http"

	jsonpatch "github.com/evanphx/json-patch/v5"
	"github.com/userrecord/userrecord/userstore"
)

// newMergePatch keeps the attributes of each user as a JSON document and merges
// patches into it as RFC 7396 says. Of the formats it checks only the gender.
func newMergePatch(users []userstore.User, _ Answer) (http.Handler, error) {
	all, err := newRecords(users, func(b []byte) (json.RawMessage, error) {
		var d document[json.RawMessage]
		err := json.Unmarshal(b, &d)
		return d.Data.Attributes, err
	})
	if err != nil {
		return nil, err
	}
	return mux(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, body, ok := open(w, r)
		if !ok {
			return
		}
		var patch document[json.RawMessage]
		if err := json.Unmarshal(body, &patch); err != nil || !patch.is(id) {
			refuse(w, http.StatusUnprocessableEntity, "/data")
			return
		}
		if !validGender(patch.Data.Attributes) {
			refuse(w, http.StatusUnprocessableEntity, "/data/attributes/gender")
			return
		}
		record, err := all.update(id, func(old json.RawMessage) (json.RawMessage, error) {
			return jsonpatch.MergePatch(old, patch.Data.Attributes)
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
