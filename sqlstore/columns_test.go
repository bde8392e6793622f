package sqlstore

import (
	"database/sql"
	"database/sql/driver"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/userstore"
	"pgregory.net/rapid"
)

// scanned is a row to scan.
type scanned []driver.Value

func (s scanned) Scan(dest ...any) error {
	for i, d := range dest {
		switch d := d.(type) {
		case sql.Scanner:
			if err := d.Scan(s[i]); err != nil {
				return err
			}
		case *string:
			*d = s[i].(string)
		case *bool:
			*d = s[i].(bool)
		}
	}
	return nil
}

func values(args []any) []driver.Value {
	all := make([]driver.Value, len(args))
	for i, a := range args {
		all[i] = a
	}
	return all
}

// diff is cmp.Diff for types with unexported fields: -want +got.
func diff(want, got any) string {
	return cmp.Diff(want, got, cmp.Exporter(func(reflect.Type) bool { return true }))
}

// A place is where a scalar is in Attributes: the indexes of its fields.
type place struct {
	pointer string
	path    []int
}

// places uses reflection, so that no test can forget a new field.
func places(t reflect.Type, prefix string, path ...int) (all []place) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		at := append(append([]int(nil), path...), i)
		if f.Name == "Address" {
			all = append(all, places(reflect.TypeFor[userstore.Address](), prefix+"/"+name, at...)...)
			continue
		}
		all = append(all, place{prefix + "/" + name, at})
	}
	return all
}

var allPlaces = places(reflect.TypeFor[userstore.Attributes](), "")

// attributes returns a patch of the text in that place alone.
func (p place) attributes(text string) userstore.Attributes {
	var a userstore.Attributes
	v := reflect.ValueOf(&a).Elem()
	var address userstore.Address
	if len(p.path) == 2 {
		v = reflect.ValueOf(&address).Elem()
	}
	switch o := v.Field(p.path[len(p.path)-1]).Addr().Interface().(type) {
	case *userstore.Optional[string]:
		*o = userstore.Value(text)
	case *userstore.Optional[userstore.TextOrInt]:
		*o = userstore.Value(userstore.Text(text))
	}
	if len(p.path) == 2 {
		a.Address = userstore.Value(address)
	}
	return a
}

// Every scalar has exactly one column, in the order of the page, whose name is
// that of the attribute.
func TestEveryScalarHasItsColumn(t *testing.T) {
	seen := map[string]bool{}
	n := 0
	for i, p := range allPlaces {
		if a := assign(example.ID, p.attributes("x").Scalars()); a.set != 1<<i || columns[i].pointer != p.pointer {
			t.Errorf("%s sets %b, not column %d, which is %s", p.pointer, a.set, i, columns[i].pointer)
		}
		name := p.pointer[strings.LastIndexByte(p.pointer, '/')+1:]
		if c := strings.ReplaceAll(columns[i].name, "_", ""); c != strings.ToLower(name) {
			t.Errorf("%s is in the column %s", p.pointer, columns[i].name)
		}
		for _, name := range columns[i].names() {
			if seen[name] {
				t.Errorf("%s is there twice", name)
			}
			seen[name] = true
		}
		n += len(columns[i].names()) - 1
	}
	if n != numbers || len(allPlaces) != len(columns) {
		t.Errorf("%d columns of numbers, numbers is %d; %d places, %d columns", n, numbers, len(allPlaces), len(columns))
	}
}

// The columns of every migration are those that the statements name.
func TestMigrationsHaveTheColumns(t *testing.T) {
	for _, d := range allDialects {
		all, err := Migrations(d, nil)
		require.NoError(t, err)
		var got []string
		for line := range strings.Lines(all[0].SQL) {
			if strings.HasPrefix(line, "\t") {
				got = append(got, strings.Fields(line)[0])
			}
		}
		if diff := cmp.Diff(columnNames, got); diff != "" {
			t.Errorf("%v (-want +got):\n%s", d, diff)
		}
	}
}

func optionals[T any](value *rapid.Generator[T]) *rapid.Generator[userstore.Optional[T]] {
	return rapid.Custom(func(t *rapid.T) userstore.Optional[T] {
		switch rapid.IntRange(0, 3).Draw(t, "state") {
		case 0:
			return userstore.Optional[T]{}
		case 1:
			return userstore.Null[T]()
		}
		return userstore.Value(value.Draw(t, "value"))
	})
}

var (
	texts    = rapid.SampledFrom([]string{"", "0", "18", "01067", "null", "Ä\U0001F600", " x ", "true"})
	ints     = rapid.Map(rapid.Int64Range(0, userstore.MaxInt), userstore.Int)
	anyForms = rapid.OneOf(ints, rapid.Map(texts, userstore.Text))

	someAttributes = rapid.Custom(func(t *rapid.T) (a userstore.Attributes) {
		var address userstore.Address
		fill(t, reflect.ValueOf(&a).Elem())
		fill(t, reflect.ValueOf(&address).Elem())
		a.Address = optionals(rapid.Just(address)).Draw(t, "address")
		return a
	})
)

func fill(t *rapid.T, v reflect.Value) {
	for i := range v.NumField() {
		switch o := v.Field(i).Addr().Interface().(type) {
		case *userstore.Optional[string]:
			*o = optionals(texts).Draw(t, "text")
		case *userstore.Optional[userstore.TextOrInt]:
			*o = optionals(anyForms).Draw(t, "number or text")
		}
	}
}

// The arguments of a statement change a row as Merge changes the record.
func TestArgumentsAgreeWithMerge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		record, patch := userstore.Attributes{}.Merge(someAttributes.Draw(t, "record")), someAttributes.Draw(t, "patch")
		row := values(insertArgs(userstore.User{ID: example.ID, Attributes: record, CreatedAt: example.CreatedAt}, SQLite.engine().timeLayout))
		a := assign(example.ID, patch.Scalars())
		set, args := a.set, a.args
		n := 0
		at := 2
		for i, c := range columns {
			width := len(c.appendArgs(nil, userstore.Optional[userstore.TextOrInt]{}))
			if set&(1<<i) != 0 {
				n += copy(row[at:at+width], values(args[n:]))
			}
			at += width
		}
		if n != len(args)-1 || args[n] != example.ID.String() {
			t.Fatalf("%d arguments for %d columns", len(args), n)
		}
		got, err := scanUser(scanned(row))
		require.NoError(t, err)
		want := userstore.User{ID: example.ID, Attributes: record.Merge(patch), CreatedAt: example.CreatedAt}
		if got != want {
			t.Fatal(diff(want, got))
		}
	})
}

func TestNumbersAndTextsAreKeptApart(t *testing.T) {
	for _, v := range []userstore.TextOrInt{userstore.Int(18), userstore.Text("18"), userstore.Int(0), userstore.Text("0"), userstore.Text(""), userstore.Int(userstore.MaxInt)} {
		a := userstore.Attributes{Address: userstore.Value(userstore.Address{PostalCode: userstore.Value(v)})}
		got, err := scanUser(scanned(values(insertArgs(userstore.User{ID: example.ID, Attributes: a}, SQLite.engine().timeLayout))))
		if err != nil || got.Attributes != a {
			t.Errorf("%v: %s", err, diff(a, got.Attributes))
		}
	}
}

func TestNullAddressClearsAll(t *testing.T) {
	a := assign(example.ID, userstore.Attributes{Address: userstore.Null[userstore.Address]()}.Scalars())
	set, args := a.set, a.args
	var want uint32
	for i, p := range allPlaces {
		if len(p.path) == 2 {
			want |= 1 << i
		}
	}
	if set != want {
		t.Errorf("sets %b, want %b", set, want)
	}
	if d := cmp.Diff([]any{nil, nil, nil, nil, false, nil, nil, nil, false, example.ID.String()}, args); d != "" {
		t.Errorf("arguments (-want +got):\n%s", d)
	}
	if a := assign(example.ID, userstore.Attributes{Address: userstore.Value(userstore.Address{})}.Scalars()); !a.isEmpty() {
		t.Errorf("an empty address sets %b", a.set)
	}
}

// The forms in which drivers return created_at.
func TestInstant(t *testing.T) {
	want := time.Date(2021, 9, 1, 23, 12, 56, 7000, time.UTC)
	good := []any{
		want, want.In(time.FixedZone("", 7200)),
		"2021-09-01T23:12:56.000007Z", []byte("2021-09-01T23:12:56.000007Z"),
		"2021-09-01 23:12:56.000007", []byte("2021-09-01 23:12:56.000007"),
		// As hosts write them.
		"2021-09-02T01:12:56.000007+02:00", "2021-09-01T23:12:56.000007999Z", want.Add(999),
	}
	for _, src := range good {
		var got instant
		if err := got.Scan(src); err != nil || time.Time(got) != want {
			t.Errorf("%v (%T) = %v, %v", src, src, time.Time(got), err)
		}
	}
	var whole instant // SQLite's CURRENT_TIMESTAMP
	if err := whole.Scan("2021-09-01 23:12:56"); err != nil || time.Time(whole) != want.Truncate(time.Second) {
		t.Errorf("%v, %v", time.Time(whole), err)
	}
	for _, src := range []any{nil, int64(1), "", "2021-09-01", "2021-09-01T23:12:56.000007", []byte("x")} {
		var got instant
		if err := got.Scan(src); err == nil {
			t.Errorf("%v (%T) was read as %v", src, src, time.Time(got))
		}
	}
}

// The error for a row that this package never writes names the column, and not the
// value.
func TestCorruptRow(t *testing.T) {
	tests := []struct {
		column string
		value  any
	}{
		{"id", "secret"}, {"created_at", "secret"}, {"created_at", nil}, {"house_no", "secret"}, {"postal_code", "01067"},
	}
	for _, tt := range tests {
		row := values(insertArgs(example, SQLite.engine().timeLayout))
		for i, name := range columnNames {
			if name == tt.column {
				row[i] = tt.value
			}
		}
		_, err := scanUser(scanned(row))
		if err == nil || !strings.HasSuffix(err.Error(), " "+tt.column) {
			t.Errorf("%s: %v", tt.column, err)
		}
	}
}

// The error for a row without an id does not name the user of the row before.
func TestCorruptRowAfterAnother(t *testing.T) {
	f := newFake(SQLite)
	f.committed.rows[example.ID.String()] = values(insertArgs(example, SQLite.engine().timeLayout))
	second := slices.Clone(f.committed.rows[example.ID.String()])
	second[slices.Index(columnNames, "id")] = nil
	f.committed.rows["ffffffff"] = second
	var last error
	for _, last = range open(t, f, nil).All(t.Context()) {
	}
	if want := "sqlstore: all: failed (no value of the column id)"; last == nil || last.Error() != want {
		t.Errorf("%v, want %s", last, want)
	}
}

// A patch of a corrupt row is not sent again: UPDATE may have committed before it
// returned the row.
func TestCorruptRowIsPatchedOnce(t *testing.T) {
	for _, d := range allDialects {
		f := newFake(d)
		row := values(insertArgs(example, d.engine().timeLayout))
		row[slices.Index(columnNames, "created_at")] = "secret"
		f.committed.rows[example.ID.String()] = row
		_, err := open(t, f, &Options{ResendUnknown: true}).Patch(t.Context(), example.ID, named("Ada"))
		if updates := f.count("query", "UPDATE") + f.count("exec", "UPDATE"); err == nil || updates != 1 {
			t.Errorf("%s: %d updates, error %v", d.String(), updates, err)
		}
	}
}

// All says which row is corrupt, and keeps the connection.
func TestCorruptRowInAll(t *testing.T) {
	f := newFake(SQLite)
	row := values(insertArgs(example, SQLite.engine().timeLayout))
	row[slices.Index(columnNames, "created_at")] = "secret"
	f.committed.rows[example.ID.String()] = row
	s := open(t, f, nil)
	for range 2 {
		var last error
		for _, last = range s.All(t.Context()) {
		}
		want := "sqlstore: all: failed (no value of the column created_at of user " + example.ID.String() + ")"
		if last == nil || last.Error() != want {
			t.Errorf("%v, want %s", last, want)
		}
	}
	if got := f.dropped(); len(got) > 0 {
		t.Errorf("dropped the connections %v", got)
	}
}
