package userstore_test

import (
	"testing"

	"github.com/userrecord/userrecord/userstore"
)

// Every scalar, omitted, null and a value, with a record that has everything else and
// with one that has nothing else.
func TestMergeEveryScalar(t *testing.T) {
	ptr := func(s string) *string { return &s }
	tests := []struct {
		name       string
		old        *string // nil: the record has no value
		null       bool
		patch      *string // nil: omitted, unless null
		wantRecord *string
	}{
		{"omitted leaves a value", ptr("old"), false, nil, ptr("old")},
		{"omitted leaves nothing", nil, false, nil, nil},
		{"null clears a value", ptr("old"), true, nil, nil},
		{"null clears nothing", nil, true, nil, nil},
		{"null clears the empty text", ptr(""), true, nil, nil},
		{"value replaces", ptr("old"), false, ptr("new"), ptr("new")},
		{"value sets", nil, false, ptr("new"), ptr("new")},
		{"same value", ptr("old"), false, ptr("old"), ptr("old")},
		{"empty text is a value", ptr("old"), false, ptr(""), ptr("")},
		{"nothing is trimmed", ptr("old"), false, ptr(" new\u00a0"), ptr(" new\u00a0")},
	}
	for _, s := range allScalars {
		for _, tt := range tests {
			t.Run(s.pointer+"/"+tt.name, func(t *testing.T) {
				var patch userstore.Attributes
				if tt.null {
					patch = s.withNull(patch)
				} else if tt.patch != nil {
					patch = s.with(patch, *tt.patch)
				}
				for _, others := range []userstore.Attributes{{}, allBut(s)} {
					record, want := others, others
					if tt.old != nil {
						record = s.with(record, *tt.old)
					}
					if tt.wantRecord != nil {
						want = s.with(want, *tt.wantRecord)
					}
					if d := diff(want, record.Merge(patch)); d != "" {
						t.Errorf("(-want +got):\n%s", d)
					}
				}
			})
		}
	}
}

// allBut returns full without s. It does not use Merge.
func allBut(s scalar) (rest userstore.Attributes) {
	for _, other := range allScalars {
		if other != s {
			rest = other.with(rest, other.pointer)
		}
	}
	return rest
}

func TestMergeAddress(t *testing.T) {
	type address = userstore.Address
	none := userstore.Optional[address]{}
	null := userstore.Null[address]()
	empty := userstore.Value(address{})
	street := userstore.Value(address{Street: userstore.Value("Weg")})
	streetNull := userstore.Value(address{Street: userstore.Null[string]()})
	region := userstore.Value(address{Region: userstore.Value("BW")})
	both := userstore.Value(address{Street: userstore.Value("Weg"), Region: userstore.Value("BW")})
	number := userstore.Value(address{HouseNo: userstore.Value(userstore.Int(18))})
	text := userstore.Value(address{HouseNo: userstore.Value(userstore.Text("18"))})
	tests := []struct {
		name                string
		record, patch, want userstore.Optional[address]
	}{
		{"omitted", both, none, both},
		{"null clears all of it", both, null, none},
		{"null on none", none, null, none},
		{"{} changes nothing", both, empty, both},
		{"{} makes no address", none, empty, none},
		{"omitted members stay", street, region, both},
		{"null member", both, streetNull, region},
		{"last member cleared", street, streetNull, none},
		{"null member of none", none, streetNull, none},
		{"first member", none, street, street},
		{"clear and set at once", street, userstore.Value(address{Street: userstore.Null[string](), Region: userstore.Value("BW")}), region},
		{"a number replaces a text", text, number, number},
		{"a text replaces a number", number, text, text},
		{"record not canonical: null", null, none, none},
		{"record not canonical: {}", empty, none, none},
		{"record not canonical: null member", streetNull, none, none},
		{"record not canonical: null, then a member", null, street, street},
		{"record not canonical: null member beside", streetNull, region, region},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			// Another attribute shows that nothing else is touched.
			record := userstore.Attributes{Locale: userstore.Value("de"), Address: tt.record}
			got := record.Merge(userstore.Attributes{Address: tt.patch})
			want := userstore.Attributes{Locale: userstore.Value("de"), Address: tt.want}
			if d := diff(want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func TestMergeResultIsCanonical(t *testing.T) {
	var nulls userstore.Attributes
	for _, s := range allScalars {
		nulls = s.withNull(nulls)
	}
	nullAddress := userstore.Attributes{Address: userstore.Null[userstore.Address]()}
	emptyAddress := userstore.Attributes{Address: userstore.Value(userstore.Address{})}
	all := []userstore.Attributes{{}, nulls, nullAddress, emptyAddress, full("a"), full("b")}
	for i, record := range all {
		for j, patch := range all {
			if what := notCanonical(record.Merge(patch)); what != "" {
				t.Errorf("record %d, patch %d: %s", i, j, what)
			}
		}
	}
	// Equal records are ==, however they were made.
	if (nulls.Merge(emptyAddress)) != (userstore.Attributes{}) {
		t.Error("a cleared record does not equal an empty one")
	}
}

// notCanonical returns why a record is not canonical, or "".
func notCanonical(a userstore.Attributes) string {
	for _, s := range allScalars {
		if s.isNull(a) {
			return s.pointer + " is null"
		}
	}
	address, ok := a.Address.Get()
	if a.Address.IsNull() || ok && address == (userstore.Address{}) {
		return "the address is null or empty"
	}
	return ""
}

func TestMergeIsPure(t *testing.T) {
	record, patch := full("old"), full("new")
	first := record.Merge(patch)
	if record != full("old") || patch != full("new") {
		t.Error("an argument has changed")
	}
	if first != record.Merge(patch) {
		t.Error("two calls differ")
	}
}
