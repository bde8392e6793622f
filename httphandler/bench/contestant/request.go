package contestant

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/httphandler"
)

// A Request is a request that every contestant gets.
type Request struct {
	Name       string // unique
	Attributes string // the JSON of the attributes
	Status     int    // the status of the answer
}

// Requests are the requests, in the order of the tables.
var Requests = []Request{
	{"two", `{"firstName":"Joan","zoneInfo":"Europe/London"}`, http.StatusOK},
	{"all", `{"firstName":"Joan","lastName":"Smith","email":"joan@example.com","phoneNumber":"+1 (425) 555-1212","pictureUrl":"https://example.com/joan.png","gender":"female","birthDate":"1997-07-21","address":{"country":"DE","locality":"Karlsruhe","street":"Haid-und-Neu-Straße","houseNo":18,"additionalAddressLink":"z.H. Joan Smith","region":"BW","postalCode":"76131"},"locale":"de-DE","zoneInfo":"Europe/Berlin"}`, http.StatusOK},
	{"refused", `{"firstName":"Joan","gender":"unknown"}`, http.StatusUnprocessableEntity},
}

// Body returns the request document for the user with the id.
func (r Request) Body(id uuid.UUID) string {
	return fmt.Sprintf(`{"data":{"type":"User","id":%q,"attributes":%s}}`, id, r.Attributes)
}

// HTTP returns the request as a server gets it. It can be used once.
func (r Request) HTTP(id uuid.UUID) *http.Request {
	request := httptest.NewRequest(http.MethodPatch, "/users/"+id.String(), strings.NewReader(r.Body(id)))
	request.Header.Set("Content-Type", httphandler.MediaType)
	request.Header.Set("Accept", httphandler.MediaType)
	return request
}
