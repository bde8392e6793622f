package clienttest_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/hashicorp/jsonapi"
	"github.com/stretchr/testify/require"

	"github.com/userrecord/userrecord/httphandler/handlertest"
)

// TestHashicorp goes through the steps of scenario.mjs in Go.
func TestHashicorp(t *testing.T) {
	server := newServer(t)
	change := user{
		ID: handlertest.ExampleID, FirstName: value("Jane"), LastName: null(),
		Address: &address{HouseNo: "19a", Region: null()},
	}
	want := wantUser()

	record := mustUpdate(t, server, change)
	if diff := cmp.Diff(want, record); diff != "" {
		t.Fatalf("updated record, -want +got:\n%s", diff)
	}

	// Load, edit, save: the whole record goes back, createdAt included.
	record.Locale = value("en-GB")
	want.Locale = value("en-GB")
	if diff := cmp.Diff(want, mustUpdate(t, server, *record)); diff != "" {
		t.Errorf("saved record, -want +got:\n%s", diff)
	}

	invalid := user{ID: handlertest.ExampleID, Gender: value("robot"), Address: &address{Country: value("Germany")}}
	checkRefused(t, server, handlertest.Token, invalid, 422,
		invalidAttribute("/data/attributes/gender"), invalidAttribute("/data/attributes/address/country"))
	checkRefused(t, server, "no-such-token", change, 401,
		&jsonapi.ErrorObject{Status: "401", Code: "invalid-token"})
	checkRefused(t, server, handlertest.UnlinkedToken, change, 401,
		&jsonapi.ErrorObject{Status: "401", Code: "missing-linked-identity"})

	checkStore(t, server)
	checkCalls(t, server, `{"data": {"type": "User", "id": "`+handlertest.ExampleID+`", "attributes": {
		"firstName": "Jane", "lastName": null, "address": {"houseNo": "19a", "region": null}}}}`)
}

// wantUser is the example user after the change, as the client reads it.
func wantUser() *user {
	return &user{
		ID:          handlertest.ExampleID,
		FirstName:   value("Jane"),
		Email:       value("user@example.com"),
		PhoneNumber: value("+1 (425) 555-1212"),
		PictureURL:  value("https://api.pace.cloud/user/img/uztqwenbqw87t123jhg87t6876"),
		Gender:      value("male"),
		CreatedAt:   value(createdAt),
		BirthDate:   value("1997-07-21T00:00:00.000Z"),
		Address: &address{
			Country:               value("DE"),
			Locality:              value("Karlsruhe"),
			Street:                value("Haid-und-Neu-Straße"),
			HouseNo:               "19a",
			AdditionalAddressLink: value("z.H. John Smith"),
			PostalCode:            76131.0,
		},
		Locale:   value("de-DE"),
		ZoneInfo: value("Europe/Berlin"),
	}
}

func mustUpdate(t *testing.T, server *handlertest.Server, patch user) *user {
	t.Helper()
	record, err := update(t.Context(), server.URL, handlertest.Token, patch)
	require.NoError(t, err)
	return record
}

func invalidAttribute(pointer string) *jsonapi.ErrorObject {
	return &jsonapi.ErrorObject{
		Status: "422", Code: "invalid-attribute", Source: &jsonapi.ErrorSource{Pointer: pointer},
	}
}

// checkRefused compares the members of an error object that programs use.
func checkRefused(t *testing.T, server *handlertest.Server, token string, patch user, status int, want ...*jsonapi.ErrorObject) {
	t.Helper()
	_, err := update(t.Context(), server.URL, token, patch)
	var got *refusedError
	if !errors.As(err, &got) {
		t.Fatalf("not refused with %d: error %v", status, err)
	}
	forPeople := cmpopts.IgnoreFields(jsonapi.ErrorObject{}, "ID", "Title", "Detail")
	if diff := cmp.Diff(&refusedError{status, want}, got, forPeople); diff != "" {
		t.Errorf("refusal, -want +got:\n%s", diff)
	}
}
