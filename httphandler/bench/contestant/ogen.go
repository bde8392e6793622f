package contestant

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/ogen-go/ogen/validate"
	"github.com/userrecord/userrecord/httphandler/bench/contestant/ogenuser"
	"github.com/userrecord/userrecord/userstore"
)

// newOgen returns the server that ogen generates, with its own router. It checks the
// limits and the gender, but not Accept.
func newOgen(users []userstore.User, _ Answer) (http.Handler, error) {
	all, err := newRecords(users, func(b []byte) (ogenuser.Attributes, error) {
		var d ogenuser.Document
		err := d.UnmarshalJSON(b)
		return d.Data.Attributes.Value, err
	})
	if err != nil {
		return nil, err
	}
	return ogenuser.NewServer(ogenHandler{all}, ogenuser.WithErrorHandler(refuseOgen))
}

type ogenHandler struct{ all records[ogenuser.Attributes] }

var errOtherID = errors.New("the document has another id")

// UpdateUser applies the patch.
func (h ogenHandler) UpdateUser(_ context.Context, patch *ogenuser.Document, params ogenuser.UpdateUserParams) (*ogenuser.Document, error) {
	if patch.Data.ID != params.UserId {
		return nil, errOtherID
	}
	record, err := h.all.update(params.UserId, func(old ogenuser.Attributes) (ogenuser.Attributes, error) {
		mergeOgen(&old, &patch.Data.Attributes.Value)
		return old, nil
	})
	if err != nil {
		return nil, err
	}
	return &ogenuser.Document{Data: ogenuser.DocumentData{
		Type:       ogenuser.DocumentDataTypeUser,
		ID:         params.UserId,
		Attributes: ogenuser.NewOptAttributes(record),
	}}, nil
}

// NewError returns the answer to an error of UpdateUser.
func (h ogenHandler) NewError(_ context.Context, err error) *ogenuser.ErrorsStatusCode {
	status := http.StatusUnprocessableEntity
	if errors.Is(err, userstore.ErrNotFound) {
		status = http.StatusNotFound
	}
	return &ogenuser.ErrorsStatusCode{StatusCode: status, Response: ogenuser.Errors{
		Errors: []ogenuser.ErrorsErrorsItem{{Status: strconv.Itoa(status), Title: http.StatusText(status)}},
	}}
}

// refuseOgen answers the requests that the generated code refuses.
func refuseOgen(_ context.Context, w http.ResponseWriter, _ *http.Request, err error) {
	refuse(w, http.StatusUnprocessableEntity, ogenPointer(err))
}

// ogenPointer returns the pointer to the first invalid value, from the fields in which
// the errors are nested.
func ogenPointer(err error) (pointer string) {
	for {
		var invalid *validate.Error
		if !errors.As(err, &invalid) || len(invalid.Fields) == 0 {
			return pointer
		}
		pointer += "/" + invalid.Fields[0].Name
		err = invalid.Fields[0].Error
	}
}
