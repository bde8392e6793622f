package faulty_test

import (
	"context"
	"fmt"
	"net/http/httptest"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/faulty"
	"github.com/userrecord/userrecord/conformance/servertest"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// The suite finds what a faulty server does wrong.
func ExampleNew() {
	user := userstore.User{ID: uuid.New(), Attributes: userstore.Attributes{LastName: userstore.Value("Lovelace")}}
	access := httphandler.StaticTokens(map[string]httphandler.Grant{"token": httphandler.GrantWrite})
	handler, err := faulty.New("type-users", memstore.New(user), access, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	server := httptest.NewServer(handler)
	defer server.Close()

	report, err := servertest.Check(context.Background(), servertest.Target{URL: server.URL, User: user.ID, Token: "token"},
		&conformance.Options{Run: []string{"success.*"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.Reason())
	// Output: 1 requirement failed: success.type.
}

func ExampleFaults() {
	for _, f := range faulty.Faults()[:2] {
		fmt.Printf("%s: %s\n", f.Name, f.Title)
	}
	// Output:
	// success-204: A patch is answered with 204 and no record.
	// success-202: A patch is answered with 202, as if it were queued.
}
