package userstore_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/userrecord/userrecord/userstore"
)

var pageID = uuid.MustParse("c0daf39b-4df5-4241-9e7d-b1b85f829090")

func TestCanonicalCreatedAt(t *testing.T) {
	berlin := time.FixedZone("", 2*60*60)
	utc := time.Date(2021, 9, 1, 21, 12, 56, 123_456_000, time.UTC)
	tests := []struct {
		name     string
		in, want time.Time
	}{
		{"kept", utc, utc},
		{"zone folded", time.Date(2021, 9, 1, 23, 12, 56, 123_456_000, berlin), utc},
		{"nanoseconds cut, not rounded", utc.Add(999), utc},
		{"before 1970 cut towards the past", time.Date(1969, 12, 31, 23, 59, 59, 999_999_999, time.UTC), time.Date(1969, 12, 31, 23, 59, 59, 999_999_000, time.UTC)},
		{"first second but one", time.Date(1, 1, 1, 0, 0, 1, 0, time.UTC), time.Date(1, 1, 1, 0, 0, 1, 0, time.UTC)},
		{"last microsecond", time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC)},
		{"year 10000 of its zone only", time.Date(10000, 1, 1, 1, 0, 0, 0, berlin), time.Date(9999, 12, 31, 23, 0, 0, 0, time.UTC)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := userstore.User{ID: pageID, CreatedAt: tt.in}.Canonical()
			require.NoError(t, err)
			// == and not Equal: that is how users of a Store compare.
			if want := (userstore.User{ID: pageID, CreatedAt: tt.want}); got != want {
				t.Errorf("got %v, want %v", got.CreatedAt, tt.want)
			}
		})
	}
}

func TestCanonicalTakesThePresent(t *testing.T) {
	for _, zero := range []time.Time{{}, time.Time{}.In(time.FixedZone("", -3600))} {
		before := time.Now()
		u, err := userstore.User{ID: pageID, CreatedAt: zero}.Canonical()
		require.NoError(t, err)
		if u.CreatedAt.Before(before.Truncate(time.Microsecond)) || u.CreatedAt.After(time.Now()) {
			t.Errorf("createdAt is %v, and it is %v", u.CreatedAt, before)
		}
		if u.CreatedAt.Location() != time.UTC || u.CreatedAt.Nanosecond()%1000 != 0 {
			t.Errorf("%v is not in UTC and whole microseconds", u.CreatedAt)
		}
		// A monotonic clock reading or a zone would break ==.
		text, err := json.Marshal(u)
		require.NoError(t, err)
		var back userstore.User
		if err := json.Unmarshal(text, &back); err != nil || back != u {
			t.Errorf("%s comes back as another user: %v", text, err)
		}
	}
}

func TestCanonicalAgainIsTheSame(t *testing.T) {
	once, err := userstore.User{ID: pageID, Attributes: full("")}.Canonical()
	require.NoError(t, err)
	if twice, err := once.Canonical(); err != nil || twice != once {
		t.Errorf("%v (-want +got):\n%s", err, diff(once, twice))
	}
}

func TestCanonicalAttributes(t *testing.T) {
	cleared := full("")
	for _, s := range allScalars {
		cleared = s.withNull(cleared)
	}
	for name, tt := range map[string]struct{ in, want userstore.Attributes }{
		"none":          {},
		"all":           {full("x"), full("x")},
		"nulls":         {cleared, userstore.Attributes{}},
		"null address":  {userstore.Attributes{Address: userstore.Null[userstore.Address]()}, userstore.Attributes{}},
		"empty address": {userstore.Attributes{Address: userstore.Value(userstore.Address{})}, userstore.Attributes{}},
	} {
		got, err := userstore.User{ID: pageID, Attributes: tt.in}.Canonical()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if d := diff(tt.want, got.Attributes); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

func TestCanonicalRefuses(t *testing.T) {
	at := time.Date(2021, 9, 1, 0, 0, 0, 0, time.UTC)
	tests := map[string]userstore.User{
		"nil id":                    {CreatedAt: at},
		"year 0":                    {ID: pageID, CreatedAt: time.Date(0, 12, 31, 23, 59, 59, 999_999_999, time.UTC)},
		"year 0 in UTC":             {ID: pageID, CreatedAt: time.Date(1, 1, 1, 0, 59, 0, 0, time.FixedZone("", 3600))},
		"before our era":            {ID: pageID, CreatedAt: time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC)},
		"year 10000":                {ID: pageID, CreatedAt: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)},
		"year 10000 in UTC":         {ID: pageID, CreatedAt: time.Date(9999, 12, 31, 23, 30, 0, 0, time.FixedZone("", -3600))},
		"a value no store can keep": {ID: pageID, CreatedAt: at, Attributes: only("/address/street", "\x00")},
	}
	for name, u := range tests {
		got, err := u.Canonical()
		if !errors.Is(err, userstore.ErrInvalid) {
			t.Errorf("%s: the error is %v", name, err)
		}
		if got != (userstore.User{}) {
			t.Errorf("%s: a user comes with the error", name)
		}
	}
	_, err := tests["a value no store can keep"].Canonical()
	if d := diff([]string{"/address/street"}, pointers(t, err)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestParseID(t *testing.T) {
	for _, s := range []string{pageID.String(), strings.ToUpper(pageID.String()), "C0daf39B-4df5-4241-9E7d-b1b85f829090"} {
		if got, err := userstore.ParseID(s); err != nil || got != pageID {
			t.Errorf("%q: %v, %v", s, got, err)
		}
	}
	// Any version, and even the nil UUID: the Store decides whether the user exists.
	for _, s := range []string{"00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"} {
		if got, err := userstore.ParseID(s); err != nil || got.String() != s {
			t.Errorf("%q: %v, %v", s, got, err)
		}
	}
}

func TestParseIDRefuses(t *testing.T) {
	for _, s := range []string{
		"", "1", "c0daf39b4df542419e7db1b85f829090", "urn:uuid:c0daf39b-4df5-4241-9e7d-b1b85f829090", "URN:UUID:c0daf39b-4df5-4241-9e7d-b1b85f829090",
		"{c0daf39b-4df5-4241-9e7d-b1b85f829090}", "{c0daf39b4df542419e7db1b85f829090}", `"c0daf39b-4df5-4241-9e7d-b1b85f829090"`,
		"c0daf39b-4df5-4241-9e7d-b1b85f82909", "c0daf39b-4df5-4241-9e7d-b1b85f8290900", " c0daf39b-4df5-4241-9e7d-b1b85f829090", "c0daf39b-4df5-4241-9e7d-b1b85f829090\n",
		"g0daf39b-4df5-4241-9e7d-b1b85f829090", "c0daf39b-4df5-4241-9e7d-b1b85f82909g", "c0daf39b_4df5_4241_9e7d_b1b85f829090", "c0daf39b4-df5-4241-9e7d-b1b85f829090",
		"c0daf39b-4df5-4241-9e7d-b1b85f82909\x00", "c0daf39b-4df5-4241-9e7d-b1b85f8290é", "c0daf39b-4df5-4241-9e7d-b1b85f82909０", "ｃ0daf39b-4df5-4241-9e7d-b1b85f829090",
		"c0daf39b–4df5-4241-9e7d-b1b85f829090", "------------------------------------", "c0daf39b-4df5-4241-9e7d-b1b85f82909%30", "../users/c0daf39b-4df5-4241-9e7d-b1b",
	} {
		got, err := userstore.ParseID(s)
		if !errors.Is(err, userstore.ErrInvalid) || got != uuid.Nil {
			t.Errorf("%q: %v, %v", s, got, err)
		}
	}
}
