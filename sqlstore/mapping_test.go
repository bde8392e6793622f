package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// New and Migrations say what is wrong with a Mapping, and where.
func TestMappingsAreValidated(t *testing.T) {
	for _, tt := range []struct {
		name    string
		mapping Mapping
		want    string // "" if it is right
	}{
		{"defaults", Mapping{}, ""},
		{"every field", *accounts(), ""},
		{"no name", Mapping{Columns: map[string]string{"/email": ""}}, `Columns: "/email" has no name: see Absent`},
		{"no name of a second column", Mapping{IsNumber: map[string]string{"/address/houseNo": ""}}, `IsNumber: "/address/houseNo" has no name: see TextOnly`},
		{"no attribute", Mapping{Columns: map[string]string{"/nick": "nick"}}, `Columns: "/nick" is no attribute`},
		{"an object", Mapping{Absent: []string{"/address"}}, `Absent: "/address" is no attribute`},
		{"no pointer", Mapping{Absent: []string{"email"}}, `Absent: "email" is no attribute`},
		{"never a number", Mapping{TextOnly: []string{"/email"}}, `TextOnly: "/email" is never a number`},
		{"no second column", Mapping{IsNumber: map[string]string{"/email": "n"}}, `IsNumber: "/email" is never a number`},
		{"absent, with a column", Mapping{Absent: []string{"/email"}, Columns: map[string]string{"/email": "mail"}}, `Columns: "/email" is in Absent too`},
		{"absent texts", Mapping{Absent: []string{"/address/houseNo"}, TextOnly: []string{"/address/houseNo"}}, `TextOnly: "/address/houseNo" is in Absent too`},
		{"texts, with a second column", Mapping{TextOnly: []string{"/address/houseNo"}, IsNumber: map[string]string{"/address/houseNo": "n"}}, `IsNumber: "/address/houseNo" is in TextOnly too`},
		{"a constraint of no attribute", Mapping{Constraints: map[string]string{"k": "/nick"}}, `Constraints: "/nick" is no attribute`},
		{"a date, absent", Mapping{BirthDateIsDate: true, Absent: []string{"/birthDate"}}, `BirthDateIsDate: "/birthDate" is in Absent too`},
		{"a bad name", Mapping{Columns: map[string]string{"/email": `e"mail`}}, `Columns[/email]: the name "e\"mail" is not letters, digits and _, at most 63`},
		{"a long name", Mapping{ID: strings.Repeat("a", 64)}, "ID: the name"},
		{"a qualified name", Mapping{CreatedAt: "t.created"}, `CreatedAt: the name "t.created" is not`},
		{"a condition without a column", Mapping{Where: []Condition{{}}}, `Where[0]: the name "" is not`},
		{"one column twice", Mapping{Columns: map[string]string{"/email": "mail", "/firstName": "Mail"}}, `Columns[/email]: the column "mail" is that of Columns[/firstName] too`},
		{"a default twice", Mapping{ID: "email"}, `Columns[/email]: the column "email" is that of ID too`},
		{"a condition on an attribute", Mapping{Where: []Condition{{Column: "email"}}}, `Where[0]: the column "email" is that of Columns[/email] too`},
		{"many conditions", Mapping{Where: manyConditions(17)}, "Where: more than 16 conditions"},
		{"several", Mapping{ID: "1", CreatedAt: "2"}, `ID: the name "1" is not letters, digits and _, at most 63; CreatedAt: the name "2" is not`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			opts := &Options{Mapping: &tt.mapping}
			_, newErr := New(open(t, newFake(SQLite), nil).db, SQLite, opts)
			_, migrationsErr := Migrations(SQLite, opts)
			for _, err := range []error{newErr, migrationsErr} {
				switch {
				case (err == nil) != (tt.want == ""):
					t.Errorf("%v, want %q", err, tt.want)
				case err != nil && !strings.HasPrefix(err.Error(), "sqlstore: Options.Mapping: "+tt.want):
					t.Errorf("%v (-want +got):\n%s", err, cmp.Diff(tt.want, err.Error()))
				}
			}
		})
	}
}

// accounts is a mapping that uses every field.
func accounts() *Mapping {
	return &Mapping{
		ID: "uuid", CreatedAt: "created",
		Columns:         map[string]string{"/firstName": "given_name", "/email": "mail", "/address/houseNo": "houseNo", "/address/postalCode": "zip", "/lastName": "order"},
		Absent:          []string{"/zoneInfo", "/address/additionalAddressLink"},
		TextOnly:        []string{"/address/postalCode"},
		IsNumber:        map[string]string{"/address/houseNo": "houseNoIsNumber"},
		BirthDateIsDate: true,
		Where:           []Condition{{Column: "tenant_id", Value: tenantOf}, {Column: "deleted_at"}},
		Constraints:     map[string]string{"k7": "/phoneNumber"},
	}
}

type tenantKey struct{}

var errNoTenant = errors.New("no tenant")

func tenantOf(ctx context.Context) (any, error) {
	id, ok := ctx.Value(tenantKey{}).(int64)
	if !ok {
		return nil, errNoTenant
	}
	return id, nil
}

func manyConditions(n int) []Condition {
	all := make([]Condition, n)
	for i := range all {
		all[i].Column = fmt.Sprint("c", i)
	}
	return all
}
