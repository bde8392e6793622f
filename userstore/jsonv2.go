//go:build go1.27 && goexperiment.jsonv2

package userstore

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
)

// The methods of this file do what MarshalJSON and UnmarshalJSON do, in the
// coder of the caller: under its options, so that encoding/json/v2 stays strict
// inside an Optional, and in its place, so that an error names the member.

// MarshalJSONTo writes the value; null stands for null and, where omitzero does
// not leave the member out, for omitted. It follows the options of e.
func (o Optional[T]) MarshalJSONTo(e *jsontext.Encoder) error {
	if o.state != stateValue {
		return e.WriteToken(jsontext.Null)
	}
	return json.MarshalEncode(e, &o.value)
}

// UnmarshalJSONFrom sets o to null for the JSON null and to a value otherwise.
// It follows the options of d. On an error o is left as it was.
func (o *Optional[T]) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	if d.PeekKind() == jsontext.KindNull {
		if err := d.SkipValue(); err != nil {
			return err
		}
		*o = Null[T]()
		return nil
	}
	var v T
	if err := json.UnmarshalDecode(d, &v); err != nil {
		return err
	}
	*o = Value(v)
	return nil
}

// MarshalJSONTo writes a JSON string or number, as v was given.
func (v TextOrInt) MarshalJSONTo(e *jsontext.Encoder) error {
	if v.isInt {
		return e.WriteValue(jsontext.Value(v.text))
	}
	return e.WriteToken(jsontext.String(v.text))
}

// UnmarshalJSONFrom accepts a JSON string, or a number as [ParseInt] reads it.
func (v *TextOrInt) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	if d.PeekKind() == jsontext.KindString {
		var s string
		if err := json.UnmarshalDecode(d, &s); err != nil {
			return err
		}
		*v = Text(s)
		return nil
	}
	raw, err := d.ReadValue()
	if err != nil {
		return err
	}
	n, err := ParseInt(string(raw))
	if err != nil {
		return err
	}
	*v = n
	return nil
}
