package handlertest_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/userstore"
)

func TestDiffOfRecords(t *testing.T) {
	want := userstore.ExampleUser()
	if diff := handlertest.Diff(want, want); diff != "" {
		t.Errorf("equal records differ:\n%s", diff)
	}
	elsewhere := want
	elsewhere.CreatedAt = want.CreatedAt.In(time.FixedZone("", 3600))
	if diff := handlertest.Diff(want, elsewhere); diff != "" {
		t.Errorf("the same instant in another zone differs:\n%s", diff)
	}
	got := userstore.User{ID: uuid.Max, CreatedAt: want.CreatedAt.Add(time.Microsecond), Attributes: userstore.Attributes{
		FirstName: userstore.Value("Joan\n"),
		Address:   userstore.Value(userstore.Address{HouseNo: userstore.Value(userstore.Text("18"))}),
	}}
	const lines = `/id: -c0daf39b-4df5-4241-9e7d-b1b85f829090 +ffffffff-ffff-ffff-ffff-ffffffffffff
/createdAt: -2021-09-01T23:12:56Z +2021-09-01T23:12:56.000001Z
/firstName: -"John" +"Joan\n"
/lastName: -"Smith" +omitted
/email: -"user@example.com" +omitted
/phoneNumber: -"+1 (425) 555-1212" +omitted
/pictureUrl: -"https://api.pace.cloud/user/img/uztqwenbqw87t123jhg87t6876" +omitted
/gender: -"male" +omitted
/birthDate: -"1997-07-21T00:00:00.000Z" +omitted
/address/country: -"DE" +omitted
/address/locality: -"Karlsruhe" +omitted
/address/street: -"Haid-und-Neu-Straße" +omitted
/address/houseNo: -18 +"18"
/address/additionalAddressLink: -"z.H. John Smith" +omitted
/address/region: -"BW" +omitted
/address/postalCode: -76131 +omitted
/locale: -"de-DE" +omitted
/zoneInfo: -"Europe/Berlin" +omitted
`
	if diff := cmp.Diff(lines, handlertest.Diff(want, got)); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

// Patches differ in more ways than records: Diff is empty if and only if they are equal.
func TestDiffOfPatches(t *testing.T) {
	address := func(o userstore.Optional[userstore.Address]) userstore.Attributes {
		return userstore.Attributes{Address: o}
	}
	allNull := address(userstore.Null[userstore.Address]()).Scalars() // of each member
	patches := []userstore.Attributes{
		{},
		{Gender: userstore.Null[string]()},
		{Gender: userstore.Value("")},
		{Gender: userstore.Value("null")},
		address(userstore.Null[userstore.Address]()),
		address(userstore.Value(userstore.Address{})),
		address(userstore.Value(userstore.Address{Region: userstore.Null[string]()})),
		allNull.Attributes(),
	}
	for i, want := range patches {
		for j, got := range patches {
			if diff := handlertest.Diff(want, got); (diff == "") != (i == j) {
				t.Errorf("patches %d and %d: %q", i, j, diff)
			}
		}
	}
}

func ExampleDiff() {
	want := userstore.Attributes{FirstName: userstore.Value("Joan"), Gender: userstore.Null[string]()}
	got := userstore.Attributes{FirstName: userstore.Value("Joan "), Address: userstore.Value(userstore.Address{})}
	fmt.Print(handlertest.Diff(want, got))
	// Output:
	// /address: -omitted +an object
	// /firstName: -"Joan" +"Joan "
	// /gender: -null +omitted
}
