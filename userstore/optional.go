package userstore

import "encoding/json"

// Optional is a member of a JSON object that is omitted (the zero value), null,
// or a value. Optionals of a comparable type compare with ==.
//
// A struct field of this type wants the tag option omitzero, so that an
// omitted member stays omitted when it is encoded.
type Optional[T any] struct {
	value T // zero unless state is present
	state state
}

type state uint8

const (
	omitted state = iota
	null
	present
)

// Value returns an Optional that holds v.
func Value[T any](v T) Optional[T] { return Optional[T]{value: v, state: present} }

// Null returns an Optional that is null: in a patch it clears the member.
func Null[T any]() Optional[T] { return Optional[T]{state: null} }

// Get returns the value and true, or the zero value and false if o is omitted
// or null.
func (o Optional[T]) Get() (T, bool) { return o.value, o.state == present }

// IsZero reports whether o is omitted. It is what the tag option omitzero asks.
func (o Optional[T]) IsZero() bool { return o.state == omitted }

// IsNull reports whether o is null.
func (o Optional[T]) IsNull() bool { return o.state == null }

// Equal reports whether o == other. It is there for comparisons in tests, such as
// those of github.com/google/go-cmp. It panics if T is not comparable.
func (o Optional[T]) Equal(other Optional[T]) bool { return any(o) == any(other) }

// MarshalJSON returns the JSON of the value; null stands for null and, where
// omitzero does not leave the member out, for omitted.
func (o Optional[T]) MarshalJSON() ([]byte, error) {
	if o.state != present {
		return []byte("null"), nil
	}
	return json.Marshal(o.value)
}

// UnmarshalJSON sets o to null for the JSON null and to a value otherwise. A
// member that the document omits leaves its Optional as it was. On an error o
// is left as it was.
func (o *Optional[T]) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*o = Null[T]()
		return nil
	}
	var v T
	if err := json.Unmarshal(data, &v); err != nil {
		return err
	}
	*o = Value(v)
	return nil
}
