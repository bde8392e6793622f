package clienttest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/hashicorp/jsonapi"

	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/httphandler/handlertest"
)

type text = jsonapi.NullableAttr[string]

var (
	value = jsonapi.NewNullableAttrWithValue[string]
	null  = jsonapi.NewNullNullableAttr[string]
)

// A user is a record or a patch: nil members are not sent. Times are strings, because
// the library writes only whole seconds, and its rfc3339 refuses a birthDate without a
// time.
type user struct {
	ID          string   `jsonapi:"primary,User"`
	FirstName   text     `jsonapi:"attr,firstName"`
	LastName    text     `jsonapi:"attr,lastName"`
	Email       text     `jsonapi:"attr,email"`
	PhoneNumber text     `jsonapi:"attr,phoneNumber"`
	PictureURL  text     `jsonapi:"attr,pictureUrl"`
	Gender      text     `jsonapi:"attr,gender"`
	CreatedAt   text     `jsonapi:"attr,createdAt"`
	BirthDate   text     `jsonapi:"attr,birthDate"`
	Address     *address `jsonapi:"attr,address,omitempty"`
	Locale      text     `jsonapi:"attr,locale"`
	ZoneInfo    text     `jsonapi:"attr,zoneInfo"`
}

// The library cannot read a number into a string, and each may be either: any.
type address struct {
	Country               text `jsonapi:"attr,country"`
	Locality              text `jsonapi:"attr,locality"`
	Street                text `jsonapi:"attr,street"`
	HouseNo               any  `jsonapi:"attr,houseNo,omitempty"`
	AdditionalAddressLink text `jsonapi:"attr,additionalAddressLink"`
	Region                text `jsonapi:"attr,region"`
	PostalCode            any  `jsonapi:"attr,postalCode,omitempty"`
}

// A refusedError is an answer other than 200.
type refusedError struct {
	Status int
	Errors []*jsonapi.ErrorObject
}

func (e *refusedError) Error() string { return fmt.Sprintf("%d: %v", e.Status, e.Errors) }

// update sends the patch and returns the record of the answer.
func update(ctx context.Context, baseURL, token string, patch user) (*user, error) {
	var body bytes.Buffer
	if err := jsonapi.MarshalPayload(&body, &patch); err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPatch, baseURL+"/users/"+handlertest.ExampleID, &body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Accept", jsonapi.MediaType)
	req.Header.Set("Content-Type", jsonapi.MediaType)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if mediaType := resp.Header.Get("Content-Type"); mediaType != httphandler.MediaType {
		return nil, fmt.Errorf("Content-Type of the answer: %q", mediaType)
	}
	return readAnswer(resp)
}

func readAnswer(resp *http.Response) (*user, error) {
	if resp.StatusCode == http.StatusOK {
		record := new(user)
		return record, jsonapi.UnmarshalPayload(resp.Body, record)
	}
	var payload jsonapi.ErrorsPayload
	if err := json.NewDecoder(resp.Body).Decode(&payload); err != nil {
		return nil, err
	}
	return nil, &refusedError{resp.StatusCode, payload.Errors}
}
