package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/internal/concurrent"
	"github.com/userrecord/userrecord/userstore"
)

// Which record the Store returns, and of whom.
func recordChecks() []check {
	return []check{
		must("get", "Get returns the attributes with which the user was created.", "Get", checkGet),
		must("get-unknown", "Get of an id that no user has gives an error that matches ErrNotFound, and not ErrInvalid.", "Get", checkGetUnknown),
		must("patch-unknown", "Patch of an id that no user has gives an error that matches ErrNotFound, and creates nobody.", "Patch", checkPatchUnknown),
		must("identity", "The records that Get and Patch return have the id that was asked for.", "Patch", checkIdentity),
		must("created-at", "CreatedAt is that of the creation in every record, to the microsecond, in UTC.", "Patch", checkCreatedAt),
		must("canonical", "Every record returned is canonical: no null, and no address without members.", "records", checkCanonical),
		must("returned", "The record that Patch returns is the one that Get returns afterwards.", "Patch", checkReturned),
		must("read-your-writes", "Get sees an acknowledged patch, at once, a little later and from another goroutine.", "Get", checkReadYourWrites),
		must("other-users", "A patch changes no other user.", "Patch", checkOtherUsers),
		must("ids", "Ids are the same only if all their bytes are.", "Get", checkIDs),
		must("aliasing", "The Store shares no list of users with its caller: changing that list changes nothing in the Store, and a patch nothing in the list.", "records", checkAliasing),
	}
}

func checkGet(t *trial) {
	one := scalars[0].to("Ada")
	users := []userstore.User{t.newUser(plainAttributes(0)), t.newUser(one), t.newUser(userstore.Attributes{})}
	s := t.open(users...)
	for _, u := range users {
		t.expect("returned by Get", u.Attributes, t.get(s, u.ID).Attributes)
	}
}

// unknownIDs returns ids that no user has; one differs from that of the user in one bit.
func (t *trial) unknownIDs(u userstore.User) []uuid.UUID {
	near := u.ID
	near[15] ^= 1
	return []uuid.UUID{t.newID(), near, uuid.Nil, uuid.Max}
}

// notFound fails unless the error matches ErrNotFound alone.
func (t *trial) notFound(err error) {
	if !errors.Is(err, userstore.ErrNotFound) {
		t.failf("an error that matches ErrNotFound", "%s", errorText(err))
	}
	if errors.Is(err, userstore.ErrInvalid) {
		t.failf("an error that matches ErrNotFound alone", "one that matches ErrInvalid too")
	}
}

func checkGetUnknown(t *trial) {
	u := t.newUser(plainAttributes(0))
	s := t.open(u)
	for _, id := range t.unknownIDs(u) {
		_, err := s.Get(t.ctx, id)
		t.notFound(err)
	}
}

func checkPatchUnknown(t *trial) {
	u := t.newUser(plainAttributes(0))
	s := t.open(u)
	for _, id := range t.unknownIDs(u) {
		for _, patch := range []userstore.Attributes{plainAttributes(1), {}} {
			_, err := s.Patch(t.ctx, id, patch)
			t.notFound(err)
		}
		if _, err := s.Get(t.ctx, id); err == nil {
			t.failf("no user after a patch of an unknown id", "a user")
		}
	}
	t.expect("of another user, afterwards", u.Attributes, t.get(s, u.ID).Attributes)
}

func checkIdentity(t *trial) {
	users := []userstore.User{t.newUser(plainAttributes(0)), t.newUser(userstore.Attributes{})}
	s := t.open(users...)
	for _, u := range users {
		for _, got := range []userstore.User{t.get(s, u.ID), t.patch(s, u.ID, plainAttributes(1)), t.patch(s, u.ID, userstore.Attributes{}), t.get(s, u.ID)} {
			if got.ID != u.ID {
				t.failf("a record with the id "+u.ID.String(), "one with %v", got.ID)
			}
		}
	}
}

// instants are moments at which users may have been created: with microseconds,
// at the epoch, before it, after 32 bits of seconds, and the last there is.
var instants = []time.Time{
	time.Date(2021, 9, 1, 23, 12, 56, 1000, time.UTC),
	time.Date(2021, 9, 1, 23, 12, 56, 999999000, time.UTC),
	time.Unix(0, 0).UTC(),
	time.Date(1969, 12, 31, 23, 59, 59, 500000000, time.UTC),
	time.Date(2040, 2, 29, 2, 30, 0, 0, time.UTC),
	time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC),
}

func checkCreatedAt(t *trial) {
	var users []userstore.User
	for _, at := range instants {
		u := t.newUser(plainAttributes(0))
		u.CreatedAt = at
		users = append(users, u)
	}
	s := t.open(users...)
	for _, u := range users {
		for _, got := range []userstore.User{t.get(s, u.ID), t.patch(s, u.ID, plainAttributes(1)), t.patch(s, u.ID, userstore.Attributes{}), t.get(s, u.ID)} {
			if got.CreatedAt != u.CreatedAt { // == so that users compare with ==
				t.failf(fmt.Sprintf("CreatedAt %v", u.CreatedAt), "%v", got.CreatedAt)
			}
		}
	}
}

func checkCanonical(t *trial) {
	empty := userstore.Attributes{Address: userstore.Value(userstore.Address{})}
	patches := []userstore.Attributes{empty, {}, plainAttributes(1), empty, {Address: userstore.Null[userstore.Address]()}, empty}
	for _, s := range scalars {
		patches = append(patches, s.to(s.plain[0]), s.with(userstore.Attributes{}, userstore.Null[userstore.TextOrInt]()))
	}
	u := t.newUser(userstore.Attributes{})
	s := t.open(u)
	for _, patch := range patches {
		for _, got := range []userstore.User{t.patch(s, u.ID, patch), t.get(s, u.ID)} {
			if (userstore.Attributes{}).Merge(got.Attributes) != got.Attributes {
				t.fail(conformance.Failure{Where: "after the patch " + showAttributes(patch), Expected: "a canonical record", Got: showAttributes(got.Attributes)})
			}
		}
	}
}

func checkReturned(t *trial) {
	u := t.newUser(plainAttributes(0))
	s := t.open(u)
	for _, patch := range []userstore.Attributes{scalars[0].to("Grace"), plainAttributes(1), {}, {Address: userstore.Null[userstore.Address]()}} {
		returned := t.patch(s, u.ID, patch)
		t.expect("read after Patch, which returned what should be", returned.Attributes, t.get(s, u.ID).Attributes)
	}
}

func checkReadYourWrites(t *trial) {
	u := t.newUser(plainAttributes(0))
	s := t.open(u)
	for i := range 6 {
		want := u.Attributes.Merge(plainAttributes(i % 2))
		t.patch(s, u.ID, plainAttributes(i%2))
		t.expect("read at once", want, t.get(s, u.ID).Attributes)
		ctx, cancel := context.WithCancel(t.ctx)
		var got userstore.User
		var err error
		concurrent.Together(1, func(int) { got, err = s.Get(ctx, u.ID) })
		cancel()
		if err != nil {
			t.failf("Get to return the user", "the error %q", err)
		}
		t.expect("read by another goroutine", want, got.Attributes)
		time.Sleep(time.Duration(i) * 2 * time.Millisecond)
		t.expect("read a little later", want, t.get(s, u.ID).Attributes)
	}
}

func checkOtherUsers(t *trial) {
	u, full, empty := t.newUser(plainAttributes(0)), t.newUser(plainAttributes(0)), t.newUser(userstore.Attributes{})
	s := t.open(full, u, empty)
	for _, patch := range []userstore.Attributes{scalars[0].to("Grace"), plainAttributes(1), {FirstName: userstore.Null[string](), Address: userstore.Null[userstore.Address]()}} {
		t.patch(s, u.ID, patch)
		for _, other := range []userstore.User{full, empty} {
			t.expect("of another user, after a patch", other.Attributes, t.get(s, other.ID).Attributes)
		}
	}
}

// checkIDs creates users whose ids differ only in bytes that a text collation may take
// for the same: case, accents, and a space or NUL at the end.
func checkIDs(t *trial) {
	base := t.newID()
	var users []userstore.User
	for i, last := range [][2]byte{{'A', 'A'}, {'a', 'A'}, {'A', 'a'}, {'A', ' '}, {'A', 0}, {'A', 0xc4}, {'A', 0xff}, {0, 'A'}} {
		u := t.newUser(scalars[0].to(string(rune('A' + i))))
		u.ID = base
		u.ID[14], u.ID[15] = last[0], last[1]
		users = append(users, u)
	}
	s := t.open(users...)
	for i, u := range users {
		t.expect("returned by Get", u.Attributes, t.get(s, u.ID).Attributes)
		t.patchTo(s, u.ID, scalars[1].to("Hopper"), u.Attributes.Merge(scalars[1].to("Hopper")))
		for _, later := range users[i+1:] {
			t.expect("of a user with another id, after a patch", later.Attributes, t.get(s, later.ID).Attributes)
		}
	}
}

// checkAliasing changes the list of users that was passed to the Opener, and sees that
// the Store does not: records and patches are values, so nothing else can be shared.
func checkAliasing(t *trial) {
	u := t.newUser(plainAttributes(0))
	users := []userstore.User{u, t.newUser(userstore.Attributes{})}
	passed := slices.Clone(users)
	s := t.open(users...)
	patch := plainAttributes(1)
	t.patch(s, u.ID, patch)
	if !slices.Equal(users, passed) {
		t.failf("the list of users that was passed to the Opener to stay as it was", "another list after a patch")
	}
	clear(users)
	t.expect("read after the list of users was changed", u.Attributes.Merge(patch), t.get(s, u.ID).Attributes)
}
