package main

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// A faultError tells what is wrong with a value of a record, but not the value.
type faultError struct {
	at   jsontext.Pointer
	text string
}

func (e faultError) Error() string { return pointer(e.at) + " " + e.text }

// Texts of a faultError.
const (
	wrongForm   = "has the wrong type or form"
	unknownName = "is an unknown name"
)

// withoutValues returns an error of decoding without the values in its text.
func withoutValues(err error) error {
	var syntax *jsontext.SyntacticError
	var semantic *json.SemanticError
	var fault faultError
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName) && errors.As(err, &syntax):
		return faultError{syntax.JSONPointer, "appears twice"}
	case errors.As(err, &syntax):
		return fmt.Errorf("it is not one JSON value in UTF-8, as byte %d shows", syntax.ByteOffset+1)
	case errors.As(err, &semantic):
		return faultError{semantic.JSONPointer, wrongForm}
	case errors.As(err, &fault):
		return fault
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
