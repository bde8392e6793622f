// Command huma serves PATCH /users/{userId} with huma, which validates by the types and
// tags of the input.
package main

import (
	"context"
	"encoding/json"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/google/uuid"
)

const mediaType = "application/vnd.api+json"

// Attributes are a record, or a patch with nil for what is omitted.
type Attributes struct {
	FirstName   *string    `json:"firstName,omitempty"`
	LastName    *string    `json:"lastName,omitempty"`
	Email       *string    `json:"email,omitempty" format:"email"`
	PhoneNumber *string    `json:"phoneNumber,omitempty"`
	PictureURL  *string    `json:"pictureUrl,omitempty" format:"uri"`
	Gender      *string    `json:"gender,omitempty" enum:"male,female,other"`
	CreatedAt   *time.Time `json:"createdAt,omitempty" readOnly:"true"`
	BirthDate   *time.Time `json:"birthDate,omitempty"`
	Address     *Address   `json:"address,omitempty"`
	Locale      *string    `json:"locale,omitempty"`
	ZoneInfo    *string    `json:"zoneInfo,omitempty"`
}

// Address is merged member by member.
type Address struct {
	Country               *string `json:"country,omitempty"`
	Locality              *string `json:"locality,omitempty"`
	Street                *string `json:"street,omitempty"`
	HouseNo               any     `json:"houseNo,omitempty"`
	AdditionalAddressLink *string `json:"additionalAddressLink,omitempty"`
	Region                *string `json:"region,omitempty"`
	PostalCode            any     `json:"postalCode,omitempty"`
}

// Document is a user in JSON:API.
type Document struct {
	Data struct {
		Type       string     `json:"type" enum:"User"`
		ID         string     `json:"id" format:"uuid"`
		Attributes Attributes `json:"attributes,omitempty"`
	} `json:"data"`
}

type input struct {
	UserID string `path:"userId" format:"uuid"`
	Body   Document
}

type output struct{ Body Document }

// failure is an error document.
type failure struct {
	status int
	Errors []errorObject `json:"errors"`
}

type errorObject struct {
	ID     string            `json:"id"`
	Status string            `json:"status"`
	Code   string            `json:"code,omitempty"`
	Title  string            `json:"title"`
	Source map[string]string `json:"source,omitempty"`
}

func (f *failure) Error() string             { return f.Errors[0].Title }
func (f *failure) GetStatus() int            { return f.status }
func (f *failure) ContentType(string) string { return mediaType }

func newFailure(status int, title string, errs ...error) huma.StatusError {
	object := errorObject{ID: uuid.NewString(), Status: strconv.Itoa(status), Title: title}
	f := &failure{status: status}
	for _, err := range errs {
		each := object
		each.Title = err.Error()
		if detail, ok := err.(*huma.ErrorDetail); ok {
			pointer := strings.TrimPrefix(strings.ReplaceAll(detail.Location, ".", "/"), "body")
			each.Title, each.Source = detail.Message, map[string]string{"pointer": pointer}
		}
		f.Errors = append(f.Errors, each)
	}
	if len(errs) == 0 {
		f.Errors = []errorObject{object}
	}
	return f
}

type server struct {
	mu     sync.Mutex
	Users  map[string]*Attributes
	Tokens map[string]struct{ Write, Linked bool }
	api    huma.API
}

func (s *server) authenticate(ctx huma.Context, next func(huma.Context)) {
	grant, known := s.Tokens[strings.TrimPrefix(ctx.Header("Authorization"), "Bearer ")]
	var err error
	switch {
	case !known:
		err = huma.WriteErr(s.api, ctx, http.StatusUnauthorized, "OAuth token missing or invalid")
	case !grant.Linked:
		err = huma.WriteErr(s.api, ctx, http.StatusUnauthorized, "missing-linked-identity")
	case !grant.Write:
		err = huma.WriteErr(s.api, ctx, http.StatusForbidden, "Forbidden")
	default:
		next(ctx)
	}
	if err != nil {
		log.Print(err)
	}
}

// patchUser decodes the patch over the record, which sets what is provided.
func (s *server) patchUser(_ context.Context, in *input) (*output, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	user, ok := s.Users[in.UserID]
	if !ok {
		return nil, huma.Error404NotFound("Resource not found")
	}
	if in.Body.Data.ID != in.UserID {
		return nil, huma.Error422UnprocessableEntity("The id must be that of the URL")
	}
	in.Body.Data.Attributes.CreatedAt = nil
	patch, err := json.Marshal(in.Body.Data.Attributes)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(patch, user); err != nil {
		return nil, err
	}
	out := &output{in.Body}
	out.Body.Data.Attributes = *user
	return out, nil
}

func main() {
	data, err := os.ReadFile("../users.json")
	if err != nil {
		log.Fatal(err)
	}
	s := new(server)
	if err := json.Unmarshal(data, s); err != nil {
		log.Fatal(err)
	}
	huma.NewError = newFailure
	config := huma.DefaultConfig("Users", "1.0.0")
	config.Formats = map[string]huma.Format{mediaType: huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat}
	config.DefaultFormat = mediaType
	mux := http.NewServeMux()
	s.api = humago.New(mux, config)
	s.api.UseMiddleware(s.authenticate)
	huma.Patch(s.api, "/users/{userId}", s.patchUser)
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), mux))
}
