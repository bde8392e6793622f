package userstore_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/userrecord/userrecord/userstore"
)

// The properties of Merge on any record and patch, canonical or not. split
// divides the patch into two disjoint ones, a bit for each scalar.
func FuzzMerge(f *testing.F) {
	f.Add([]byte{}, []byte{}, uint32(0))
	f.Add([]byte("record of some length"), []byte("and a patch for it"), uint32(0x5555))
	f.Fuzz(func(t *testing.T, recordBytes, patchBytes []byte, split uint32) {
		record, patch := attributesOf(recordBytes), attributesOf(patchBytes)
		got := record.Merge(patch)
		if what := notCanonical(got); what != "" {
			t.Error(what)
		}
		if got.Merge(patch) != got {
			t.Error("the same patch again changes the record")
		}
		one, other := halves(patch, split)
		if d := diff(got, record.Merge(one).Merge(other)); d != "" {
			t.Errorf("in two halves (-want +got):\n%s", d)
		}
		if d := diff(got, record.Merge(other).Merge(one)); d != "" {
			t.Errorf("in two halves, the other way round (-want +got):\n%s", d)
		}
		if d := diff(rfc7396(t, record, patch), object(t, got)); d != "" {
			t.Errorf("RFC 7396 (-want +got):\n%s", d)
		}
	})
}

// attributesOf makes attributes from bytes: one for the address and one for each
// scalar.
func attributesOf(data []byte) (a userstore.Attributes) {
	next := func() (b byte) {
		if len(data) > 0 {
			b, data = data[0], data[1:]
		}
		return b
	}
	form := next() % 4
	for _, s := range allScalars {
		b := next()
		switch {
		case s.inAddress && form < 2: // omitted or null, see below
		case b%4 == 0: // omitted
		case b%4 == 1:
			a = s.withNull(a)
		default:
			a = s.with(a, strings.Repeat("é", int(b>>2)%5))
		}
	}
	address, ok := a.Address.Get()
	switch {
	case form == 1:
		a.Address = userstore.Null[userstore.Address]()
	case form == 3 && !ok:
		a.Address = userstore.Value(userstore.Address{})
	case ok && !address.PostalCode.IsZero() && form == 3:
		address.PostalCode = userstore.Value(userstore.Int(int64(next())))
		a.Address = userstore.Value(address)
	}
	return a
}

// halves splits the patch into two patches without a common member.
func halves(patch userstore.Attributes, split uint32) (one, other userstore.Attributes) {
	one, other = patch, patch
	oneAddress, hasMembers := patch.Address.Get()
	otherAddress := oneAddress
	for i, s := range allScalars {
		loser, loserAddress := &one, &oneAddress
		if split>>i&1 == 1 {
			loser, loserAddress = &other, &otherAddress
		}
		if s.inAddress {
			omit(loserAddress, s.field)
		} else {
			omit(loser, s.field)
		}
	}
	if hasMembers {
		one.Address, other.Address = userstore.Value(oneAddress), userstore.Value(otherAddress)
	} else if split>>31 == 1 { // a null address concerns all members, so only one half can have it
		one.Address = userstore.Optional[userstore.Address]{}
	} else {
		other.Address = userstore.Optional[userstore.Address]{}
	}
	return one, other
}

// rfc7396 merges the JSON forms by section 2 of the RFC, and then removes an address
// without members.
func rfc7396(t *testing.T, record, patch userstore.Attributes) map[string]any {
	// Merging into nothing first removes the nulls of a record.
	target := mergePatch(map[string]any{}, object(t, record))
	merged := mergePatch(target, object(t, patch)).(map[string]any)
	if address, ok := merged["address"].(map[string]any); ok && len(address) == 0 {
		delete(merged, "address")
	}
	return merged
}

func mergePatch(target, patch any) any {
	p, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	result, ok := target.(map[string]any)
	if !ok {
		result = map[string]any{}
	}
	for name, value := range p {
		if value == nil {
			delete(result, name)
		} else {
			result[name] = mergePatch(result[name], value)
		}
	}
	return result
}

// object returns the JSON form. Numbers stay as they are written.
func object(t *testing.T, a userstore.Attributes) map[string]any {
	t.Helper()
	text, err := json.Marshal(a)
	require.NoError(t, err)
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.UseNumber()
	var o map[string]any
	require.NoError(t, decoder.Decode(&o))
	return o
}
