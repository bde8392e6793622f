package main

import "time"

// A User is the record, as gorm's documentation declares models: pointers for what may
// be missing, embedded structs for its parts.
type User struct {
	ID        string    `gorm:"primaryKey"`
	CreatedAt time.Time // set by gorm if it is zero
	Attributes
}

// Attributes are the attributes of the page that can be patched. What a tag of gin's
// validator can check is checked: it has none for phone numbers as the page shows them.
type Attributes struct {
	FirstName   *string `json:"firstName" binding:"omitempty,max=1024"`
	LastName    *string `json:"lastName" binding:"omitempty,max=1024"`
	Email       *string `json:"email" binding:"omitempty,max=254,email"`
	PhoneNumber *string `json:"phoneNumber" binding:"omitempty,max=1024"`
	PictureURL  *string `json:"pictureUrl" binding:"omitempty,max=2048,http_url"`
	Gender      *string `json:"gender" binding:"omitempty,oneof=male female other"`
	BirthDate   *string `json:"birthDate" binding:"omitempty,datetime=2006-01-02"`
	Address     Address `json:"address" gorm:"embedded"`
	Locale      *string `json:"locale" binding:"omitempty,bcp47_language_tag"`
	ZoneInfo    *string `json:"zoneInfo" binding:"omitempty,timezone"`
}

// An Address is in columns of its own.
type Address struct {
	Country               *string `json:"country" binding:"omitempty,iso3166_1_alpha2"`
	Locality              *string `json:"locality" binding:"omitempty,max=1024"`
	Street                *string `json:"street" binding:"omitempty,max=1024"`
	HouseNo               *string `json:"houseNo" binding:"omitempty,max=1024"`
	AdditionalAddressLink *string `json:"additionalAddressLink" binding:"omitempty,max=1024"`
	Region                *string `json:"region" binding:"omitempty,max=1024"`
	PostalCode            *string `json:"postalCode" binding:"omitempty,max=1024"`
}

// A document is the JSON:API document of a request.
type document struct {
	Data struct {
		Type       string     `json:"type" binding:"required,eq=User"`
		ID         string     `json:"id" binding:"required,uuid"`
		Attributes Attributes `json:"attributes"`
	} `json:"data" binding:"required"`
}

// An answer is the JSON:API document of an answer: the whole record.
type answer struct {
	Data resource `json:"data"`
}

type resource struct {
	Type       string           `json:"type"`
	ID         string           `json:"id"`
	Attributes answerAttributes `json:"attributes"`
}

type answerAttributes struct {
	Attributes
	CreatedAt time.Time `json:"createdAt"`
}

func answerOf(u User) answer {
	return answer{resource{"User", u.ID, answerAttributes{u.Attributes, u.CreatedAt}}}
}
