package contestant

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/userrecord/userrecord/userstore"
)

// newPlainJSON is what many would write by hand with encoding/json: structs of pointers
// are both record and patch. It reads null as omitted. Of the formats it checks only
// the gender.
func newPlainJSON(users []userstore.User, _ Answer) (http.Handler, error) {
	all, err := newRecords(users, attributesOf[plainUser])
	if err != nil {
		return nil, err
	}
	return mux(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, patch, ok := readPatch[plainUser](w, r)
		if !ok {
			return
		}
		if gender := patch.Gender; gender != nil && !isGender(*gender) {
			refuse(w, http.StatusUnprocessableEntity, "/data/attributes/gender")
			return
		}
		user, err := all.update(id, func(old plainUser) (plainUser, error) { return old.merge(&patch), nil })
		if err != nil {
			refuse(w, http.StatusNotFound, "")
			return
		}
		answer, err := json.Marshal(newDocument(id, user))
		respond(w, answer, err)
	})), nil
}

type plainUser struct {
	FirstName   *string       `json:"firstName,omitempty"`
	LastName    *string       `json:"lastName,omitempty"`
	Email       *string       `json:"email,omitempty"`
	PhoneNumber *string       `json:"phoneNumber,omitempty"`
	PictureURL  *string       `json:"pictureUrl,omitempty"`
	Gender      *string       `json:"gender,omitempty"`
	CreatedAt   *time.Time    `json:"createdAt,omitempty"`
	BirthDate   *string       `json:"birthDate,omitempty"`
	Address     *plainAddress `json:"address,omitempty"`
	Locale      *string       `json:"locale,omitempty"`
	ZoneInfo    *string       `json:"zoneInfo,omitempty"`
}

type plainAddress struct {
	Country               *string `json:"country,omitempty"`
	Locality              *string `json:"locality,omitempty"`
	Street                *string `json:"street,omitempty"`
	HouseNo               any     `json:"houseNo,omitempty"`
	AdditionalAddressLink *string `json:"additionalAddressLink,omitempty"`
	Region                *string `json:"region,omitempty"`
	PostalCode            any     `json:"postalCode,omitempty"`
}

// merge does not change any text or address that u shares with its copies.
func (u plainUser) merge(patch *plainUser) plainUser {
	set(&u.FirstName, patch.FirstName)
	set(&u.LastName, patch.LastName)
	set(&u.Email, patch.Email)
	set(&u.PhoneNumber, patch.PhoneNumber)
	set(&u.PictureURL, patch.PictureURL)
	set(&u.Gender, patch.Gender)
	set(&u.BirthDate, patch.BirthDate)
	set(&u.Locale, patch.Locale)
	set(&u.ZoneInfo, patch.ZoneInfo)
	if patch.Address != nil {
		var address plainAddress
		if u.Address != nil {
			address = *u.Address
		}
		address.merge(patch.Address)
		u.Address = &address
	}
	return u
}

func (a *plainAddress) merge(patch *plainAddress) {
	set(&a.Country, patch.Country)
	set(&a.Locality, patch.Locality)
	set(&a.Street, patch.Street)
	setAny(&a.HouseNo, patch.HouseNo)
	set(&a.AdditionalAddressLink, patch.AdditionalAddressLink)
	set(&a.Region, patch.Region)
	setAny(&a.PostalCode, patch.PostalCode)
}

func set[T any](old **T, patch *T) {
	if patch != nil {
		*old = patch
	}
}
