package userstore

import "encoding/json"

// Optional is a member of a JSON object that is omitted (the zero value), null,
// or a value. Optionals of a comparable type compare with ==.
//
// Give a struct field of this type the JSON tag option omitzero, so that an
// omitted member is not encoded as null.
type Optional[T any] struct {
	value T // zero unless state is stateValue
	state state
}

type state uint8

const (
	stateOmitted state = iota
	stateNull
	stateValue
)

// Value returns an Optional that holds v.
func Value[T any](v T) Optional[T] { return Optional[T]{value: v, state: stateValue} }

// Null returns an Optional that is null: in a patch it clears the member.
func Null[T any]() Optional[T] { return Optional[T]{state: stateNull} }

// Get returns the value and true, or the zero value and false if o is omitted
// or null.
func (o Optional[T]) Get() (T, bool) { return o.value, o.state == stateValue }

// IsZero reports whether o is omitted. The JSON tag option omitzero calls it.
func (o Optional[T]) IsZero() bool { return o.state == stateOmitted }

// IsNull reports whether o is null.
func (o Optional[T]) IsNull() bool { return o.state == stateNull }

// Equal reports whether o == other. It lets github.com/google/go-cmp compare
// Optionals. It panics if T is not comparable.
func (o Optional[T]) Equal(other Optional[T]) bool { return any(o) == any(other) }

// MarshalJSON returns the JSON of the value, or null if o is null or omitted. (The
// tag option omitzero leaves out an omitted member.)
func (o Optional[T]) MarshalJSON() ([]byte, error) {
	if o.state != stateValue {
		return []byte("null"), nil
	}
	return json.Marshal(o.value)
}

// UnmarshalJSON sets o to null for the JSON null and to a value otherwise. It does
// not change o if the document omits the member, or on an error.
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
