// Command hashicorp serves PATCH /users/{userId} with hashicorp/jsonapi on net/http.
package main

import (
	"encoding/json"
	"log"
	"mime"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/hashicorp/jsonapi"
)

// User is a record or, with nil for what is omitted, a patch.
type User struct {
	ID          string     `jsonapi:"primary,User" json:"-"`
	FirstName   *string    `jsonapi:"attr,firstName,omitempty" json:"firstName"`
	LastName    *string    `jsonapi:"attr,lastName,omitempty" json:"lastName"`
	Email       *string    `jsonapi:"attr,email,omitempty" json:"email"`
	PhoneNumber *string    `jsonapi:"attr,phoneNumber,omitempty" json:"phoneNumber"`
	PictureURL  *string    `jsonapi:"attr,pictureUrl,omitempty" json:"pictureUrl"`
	Gender      *string    `jsonapi:"attr,gender,omitempty" json:"gender"`
	CreatedAt   *time.Time `jsonapi:"attr,createdAt,rfc3339,omitempty" json:"createdAt"`
	BirthDate   *time.Time `jsonapi:"attr,birthDate,rfc3339,omitempty" json:"birthDate"`
	Address     *Address   `jsonapi:"attr,address,omitempty" json:"address"`
	Locale      *string    `jsonapi:"attr,locale,omitempty" json:"locale"`
	ZoneInfo    *string    `jsonapi:"attr,zoneInfo,omitempty" json:"zoneInfo"`
}

type Address struct {
	Country               *string `jsonapi:"attr,country,omitempty" json:"country"`
	Locality              *string `jsonapi:"attr,locality,omitempty" json:"locality"`
	Street                *string `jsonapi:"attr,street,omitempty" json:"street"`
	HouseNo               *int    `jsonapi:"attr,houseNo,omitempty" json:"houseNo"`
	AdditionalAddressLink *string `jsonapi:"attr,additionalAddressLink,omitempty" json:"additionalAddressLink"`
	Region                *string `jsonapi:"attr,region,omitempty" json:"region"`
	PostalCode            *int    `jsonapi:"attr,postalCode,omitempty" json:"postalCode"`
}

type grant struct{ Write, Linked bool }

type server struct {
	mu     sync.Mutex
	Users  map[string]*User
	Tokens map[string]grant
}

func set[T any](field **T, value *T) {
	if value != nil {
		*field = value
	}
}

func (u *User) merge(patch *User) {
	set(&u.FirstName, patch.FirstName)
	set(&u.LastName, patch.LastName)
	set(&u.Email, patch.Email)
	set(&u.PhoneNumber, patch.PhoneNumber)
	set(&u.PictureURL, patch.PictureURL)
	set(&u.Gender, patch.Gender)
	set(&u.BirthDate, patch.BirthDate)
	set(&u.Locale, patch.Locale)
	set(&u.ZoneInfo, patch.ZoneInfo)
	if patch.Address == nil {
		return
	}
	if u.Address == nil {
		u.Address = new(Address)
	}
	set(&u.Address.Country, patch.Address.Country)
	set(&u.Address.Locality, patch.Address.Locality)
	set(&u.Address.Street, patch.Address.Street)
	set(&u.Address.HouseNo, patch.Address.HouseNo)
	set(&u.Address.AdditionalAddressLink, patch.Address.AdditionalAddressLink)
	set(&u.Address.Region, patch.Address.Region)
	set(&u.Address.PostalCode, patch.Address.PostalCode)
}

func fail(w http.ResponseWriter, status int, code, title string) {
	w.Header().Set("Content-Type", jsonapi.MediaType)
	w.WriteHeader(status)
	object := &jsonapi.ErrorObject{ID: uuid.NewString(), Status: strconv.Itoa(status), Code: code, Title: title}
	if err := jsonapi.MarshalErrors(w, []*jsonapi.ErrorObject{object}); err != nil {
		log.Print(err)
	}
}

// refused answers a request that need not be read further, and reports whether it has.
func (s *server) refused(w http.ResponseWriter, r *http.Request) bool {
	grant, known := s.Tokens[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]
	accept := r.Header.Get("Accept")
	contentType, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case !known:
		fail(w, http.StatusUnauthorized, "unauthorized", "OAuth token missing or invalid")
	case !grant.Linked:
		fail(w, http.StatusUnauthorized, "missing-linked-identity", "Missing linked identity for authorized access")
	case !grant.Write:
		fail(w, http.StatusForbidden, "forbidden", "Forbidden")
	case accept != "" && !strings.Contains(accept, jsonapi.MediaType) && !strings.Contains(accept, "*/*"):
		fail(w, http.StatusNotAcceptable, "not-acceptable", "The specified accept header is invalid")
	case contentType != jsonapi.MediaType:
		fail(w, http.StatusUnsupportedMediaType, "unsupported-media-type", "The specified content type header is invalid")
	default:
		return false
	}
	return true
}

func (s *server) patchUser(w http.ResponseWriter, r *http.Request) {
	if s.refused(w, r) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	user := s.Users[r.PathValue("userId")]
	if user == nil {
		fail(w, http.StatusNotFound, "not-found", "Resource not found")
		return
	}
	patch := new(User)
	if err := jsonapi.UnmarshalPayload(r.Body, patch); err != nil {
		fail(w, http.StatusUnprocessableEntity, "invalid", err.Error())
		return
	}
	if patch.ID != user.ID {
		fail(w, http.StatusUnprocessableEntity, "invalid", "The id must be that of the URL")
		return
	}
	user.merge(patch)
	w.Header().Set("Content-Type", jsonapi.MediaType)
	if err := jsonapi.MarshalPayload(w, user); err != nil {
		log.Print(err)
	}
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
	for id, user := range s.Users {
		user.ID = id
	}
	http.HandleFunc("PATCH /users/{userId}", s.patchUser)
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}
