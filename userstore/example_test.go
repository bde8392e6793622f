package userstore_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/userrecord/userrecord/userstore"
)

func ExampleAttributes_Merge() {
	record := userstore.Attributes{
		FirstName: userstore.Value("John"),
		Email:     userstore.Value("user@example.com"),
		Address: userstore.Value(userstore.Address{
			Locality:   userstore.Value("Karlsruhe"),
			HouseNo:    userstore.Value(userstore.Int(18)),
			PostalCode: userstore.Value(userstore.Int(76131)),
		}),
	}
	patch := userstore.Attributes{
		FirstName: userstore.Value("Jane"),  // replaced
		Email:     userstore.Null[string](), // cleared
		Address: userstore.Value(userstore.Address{ // merged one level deep
			Locality:   userstore.Value("Dresden"),
			HouseNo:    userstore.Null[userstore.TextOrInt](),
			PostalCode: userstore.Value(userstore.Text("01067")),
		}),
	}
	merged, _ := json.Marshal(record.Merge(patch))
	fmt.Println(string(merged))
	// Output: {"firstName":"Jane","address":{"locality":"Dresden","postalCode":"01067"}}
}

// A host that serves the pictures itself changes one rule and keeps the others.
func ExampleRules_Validate() {
	rules := userstore.DefaultRules()
	rules.PictureURL = userstore.Rule{
		Want:  "a picture of this service",
		Valid: func(s string) bool { return strings.HasPrefix(s, "https://img.example.com/") },
	}
	patch := userstore.Attributes{
		Gender:     userstore.Value("male"),
		PictureURL: userstore.Value("https://example.org/me.png"),
	}
	fmt.Println(rules.Validate(patch))
	// Output: userstore: invalid user: /pictureUrl must be a picture of this service
}

// A host makes one default rule stricter and drops another.
func ExampleDefaultRules() {
	rules := userstore.DefaultRules()
	plausible := rules.Email.Valid
	rules.Email = userstore.Rule{
		Want:  "an e-mail address of this company",
		Valid: func(s string) bool { return plausible(s) && strings.HasSuffix(s, "@example.com") },
	}
	rules.Gender = userstore.Rule{} // any text
	for _, email := range []string{"user@example.com", "user@example.org"} {
		fmt.Println(rules.Validate(userstore.Attributes{Email: userstore.Value(email), Gender: userstore.Value("diverse")}))
	}
	// Output:
	// <nil>
	// userstore: invalid user: /email must be an e-mail address of this company
}

func ExampleInvalidError() {
	err := userstore.DefaultRules().Validate(userstore.Attributes{
		BirthDate: userstore.Value("1997-02-29"), // not a leap year
		Address:   userstore.Value(userstore.Address{Country: userstore.Value("Germany")}),
	})
	fmt.Println(errors.Is(err, userstore.ErrInvalid))
	var invalid *userstore.InvalidError
	if errors.As(err, &invalid) {
		for _, p := range invalid.Problems {
			fmt.Println(p.Pointer, p.Reason)
		}
	}
	// Output:
	// true
	// /birthDate must be a date: YYYY-MM-DD, an RFC 3339 date-time, YYYY, or 0000-MM-DD
	// /address/country must be a country code of two upper-case letters (ISO 3166-1 alpha-2)
}

// A user that is printed by accident shows no personal data.
func ExampleUser_Format() {
	u := userstore.User{ID: pageID, Attributes: userstore.Attributes{
		FirstName: userstore.Value("John"),
		Email:     userstore.Value("user@example.com"),
	}}
	fmt.Printf("%+v\n", u)
	// Output: User c0daf39b-4df5-4241-9e7d-b1b85f829090 Attributes[firstName email]
}
