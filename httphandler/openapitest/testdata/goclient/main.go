// Goclient patches a user with the client that oapi-codegen makes of the document, and prints what
// it understands of the answers.
package main

import (
	"context"
	"encoding/json"
	"log"
	"net/http"
	"os"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"
)

type brief struct {
	Status  ErrorObjectStatus `json:"status"`
	Code    ErrorObjectCode   `json:"code"`
	Pointer *string           `json:"pointer,omitempty"`
}

// patch returns the attributes of the new record, or the errors.
func patch(token string, attributes UserPatchAttributes) any {
	client, err := NewClientWithResponses(os.Getenv("BASE_URL"), WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", "Bearer "+token)
		return nil
	}))
	if err != nil {
		log.Fatal(err)
	}
	id := uuid.MustParse(os.Getenv("USER_ID"))
	body := UserPatchDocument{Data: UserPatch{Type: UserPatchTypeUser, Id: id, Attributes: &attributes}}
	answer, err := client.UpdateUserWithApplicationVndAPIPlusJSONBodyWithResponse(context.Background(), id, nil, body)
	if err != nil {
		log.Fatal(err)
	}
	switch answer.StatusCode() {
	case http.StatusOK:
		return answer.ApplicationvndApiJSON200.Data.Attributes
	case http.StatusUnauthorized:
		return briefs(answer.ApplicationvndApiJSON401)
	default:
		return briefs(answer.ApplicationvndApiJSON422)
	}
}

func briefs(document *ErrorDocument) (briefs []brief) {
	for _, e := range document.Errors {
		b := brief{Status: e.Status, Code: e.Code}
		if e.Source != nil {
			b.Pointer = e.Source.Pointer
		}
		briefs = append(briefs, b)
	}
	return briefs
}

// echo returns the attributes of a record as a patch.
func echo(record any) (attributes UserPatchAttributes) {
	text, err := json.Marshal(record)
	if err == nil {
		err = json.Unmarshal(text, &attributes)
	}
	if err != nil {
		log.Fatal(err)
	}
	return attributes
}

func main() {
	token, null := os.Getenv("TOKEN"), nullable.NewNullNullable[string]()
	change := UserPatchAttributes{
		FirstName: nullable.NewNullableWithValue("Jane"),
		LastName:  null,
		Address: nullable.NewNullableWithValue(AddressPatch{
			HouseNo: houseNo(func(h *AddressPatch_HouseNo) error { return h.FromAddressPatchHouseNo0("19a") }),
			Region:  null,
		}),
	}
	wrong := UserPatchAttributes{
		Gender: nullable.NewNullableWithValue(UserPatchAttributesGender("robot")),
		Email:  nullable.NewNullableWithValue("nobody"),
		Address: nullable.NewNullableWithValue(AddressPatch{
			HouseNo: houseNo(func(h *AddressPatch_HouseNo) error { return h.FromAddressPatchHouseNo1(-1) }),
		}),
	}
	err := json.NewEncoder(os.Stdout).Encode(map[string]any{
		"patched":      patch(token, change),
		"echoed":       patch(token, echo(patch(token, UserPatchAttributes{}))),
		"cleared":      patch(token, UserPatchAttributes{Address: nullable.NewNullNullable[AddressPatch]()}),
		"wrong":        patch(token, wrong),
		"invalidToken": patch("no-such-token", change),
		"unlinked":     patch(os.Getenv("UNLINKED_TOKEN"), change),
	})
	if err != nil {
		log.Fatal(err)
	}
}

// houseNo returns the text or the integer that set sets.
func houseNo(set func(*AddressPatch_HouseNo) error) nullable.Nullable[AddressPatch_HouseNo] {
	var h AddressPatch_HouseNo
	if err := set(&h); err != nil {
		log.Fatal(err)
	}
	return nullable.NewNullableWithValue(h)
}
