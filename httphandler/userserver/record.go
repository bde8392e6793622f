package main

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// recordOptions make decoding strict: unknown names are refused. (Duplicate ones are by
// default.)
var recordOptions = json.JoinOptions(
	json.RejectUnknownMembers(true),
	json.WithUnmarshalers(json.JoinUnmarshalers(
		json.UnmarshalFromFunc(readID),
		json.UnmarshalFromFunc(readAddress),
	)),
)

// readID accepts only the form of an id that the operation accepts.
func readID(d *jsontext.Decoder, id *uuid.UUID) error {
	var text string
	err := json.UnmarshalDecode(d, &text)
	if err == nil {
		*id, err = userstore.ParseID(text)
	}
	return err
}

// readAddress replaces UnmarshalJSON of the Optional, which is not strict.
func readAddress(d *jsontext.Decoder, address *userstore.Optional[userstore.Address]) error {
	if d.PeekKind() == 'n' {
		*address = userstore.Null[userstore.Address]()
		return d.SkipValue()
	}
	var value userstore.Address
	err := json.UnmarshalDecode(d, &value)
	*address = userstore.Value(value)
	return err
}

// readRecord decodes a line and checks that a store can keep the user. If the line has
// no createdAt, CreatedAt is zero. If rules is nil, formats are not checked. The error
// shows no value.
func readRecord(line []byte, rules *userstore.Rules) (userstore.User, error) {
	var user userstore.User
	if err := json.Unmarshal(line, &user, recordOptions); err != nil {
		return userstore.User{}, withoutValues(err)
	}
	if rules != nil {
		if err := rules.Validate(user.Attributes); err != nil {
			return userstore.User{}, err
		}
	}
	_, err := user.Canonical()
	return user, err
}

// withoutValues returns an error of package json without the values in its text.
func withoutValues(err error) error {
	var syntax *jsontext.SyntacticError
	var semantic *json.SemanticError
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName) && errors.As(err, &syntax):
		return fmt.Errorf("%s appears twice", pointer(syntax.JSONPointer))
	case errors.As(err, &syntax):
		return fmt.Errorf("it is not one JSON value in UTF-8, as byte %d shows", syntax.ByteOffset+1)
	case errors.Is(err, json.ErrUnknownName) && errors.As(err, &semantic):
		return fmt.Errorf("%s is an unknown name", pointer(semantic.JSONPointer))
	case errors.As(err, &semantic):
		return fmt.Errorf("%s has the wrong type or form", pointer(semantic.JSONPointer))
	}
	return errors.New("it cannot be read")
}

// maxPointer is how many bytes of a JSON Pointer are shown at most.
const maxPointer = 100

// pointer returns p printable, in one line and shortened.
func pointer(p jsontext.Pointer) string {
	if p == "" {
		return "the line"
	}
	shown := string(p)
	if len(shown) > maxPointer {
		shown = shown[:maxPointer] + "..."
	}
	quoted := strconv.QuoteToGraphic(shown)
	return quoted[1 : len(quoted)-1]
}
