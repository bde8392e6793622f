package main

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/userstore"
)

// randomRecord returns a user as a store returns one, with any of the attributes.
func randomRecord(random *rand.Rand) (u userstore.User) {
	var scalars userstore.Scalars
	have := random.Uint32() & random.Uint32() // often few
	for place := range scalars {
		if have>>place&1 == 1 {
			scalars[place] = userstore.Value(userstore.Text(randomText(random)))
		}
	}
	u.Attributes = scalars.Attributes()
	if address, ok := u.Attributes.Address.Get(); ok && random.IntN(2) == 0 {
		address.HouseNo = userstore.Value(userstore.Int(random.Int64N(userstore.MaxInt + 1)))
		address.PostalCode = userstore.Value(userstore.Int(0))
		u.Attributes.Address = userstore.Value(address)
	}
	for i := range u.ID {
		u.ID[i] = byte(random.Uint32())
	}
	u.CreatedAt = time.UnixMicro(random.Int64N(4e15) / int64([]int{1, 1e3, 1e6}[random.IntN(3)])).UTC()
	return u
}

// randomText has many of the characters that are, or could be, escaped.
func randomText(random *rand.Rand) string {
	text := make([]rune, random.IntN(8))
	for i := range text {
		most := []rune{0x20, 0x100, 0x2100, 0xd7ff, 0x10ffff}[random.IntN(5)]
		text[i] = random.Int32N(most + 1)
	}
	return string(text) // with U+FFFD for a surrogate
}

// A record is written as package json writes it.
func TestAppendRecord(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 5_000 {
		user := randomRecord(random)
		want, err := json.Marshal(user)
		require.NoError(t, err)
		got, err := appendRecord(nil, &user)
		require.NoError(t, err)
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Fatalf("a record (-json.Marshal +appendRecord):\n%s", diff)
		}
	}
}

// Every character up to the first that takes two UTF-16 units is written as package json
// writes it.
func TestAppendRecordCharacters(t *testing.T) {
	t.Parallel()
	var all []rune
	for r := range rune(0x10001) {
		all = append(all, r)
	}
	user := userstore.ExampleUser()
	user.Attributes.FirstName = userstore.Value(string(all))
	want, err := json.Marshal(user)
	require.NoError(t, err)
	got, err := appendRecord(nil, &user)
	if err != nil || string(got) != string(want) {
		t.Errorf("the characters are written differently, %v", err)
	}
}

// Only the text of the id is allocated. (Package json allocates for every member.)
func TestAppendRecordAllocations(t *testing.T) {
	user, space := userstore.ExampleUser(), make([]byte, 0, 4096)
	got := testing.AllocsPerRun(100, func() {
		_, err := appendRecord(space, &user)
		require.NoError(t, err)
	})
	if got > 1 {
		t.Errorf("%v allocations, want 1", got)
	}
}

func TestAppendRecordErrors(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*userstore.User){
		"a text that is not UTF-8": func(u *userstore.User) { u.Attributes.FirstName = userstore.Value("\xff") },
		"the year 10000":           func(u *userstore.User) { u.CreatedAt = u.CreatedAt.AddDate(10_000, 0, 0) },
		"a year BC":                func(u *userstore.User) { u.CreatedAt = u.CreatedAt.AddDate(-3_000, 0, 0) },
	} {
		user := userstore.User{ID: uuid.MustParse(exampleID), CreatedAt: time.Unix(0, 0)}
		change(&user)
		if got, err := appendRecord(nil, &user); err == nil {
			t.Errorf("%s is written as %s", name, got)
		}
	}
}
