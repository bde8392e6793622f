package handlertest

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// A controlFault is a fault in JSON, and how often it was used.
type controlFault struct {
	Fault    string            `json:"fault,omitzero"`
	Status   int               `json:"status,omitzero"`
	Header   map[string]string `json:"header,omitempty"`
	Body     *string           `json:"body,omitempty"`
	Duration int64             `json:"durationMilliseconds,omitzero"`
	Delay    int64             `json:"delayMilliseconds,omitzero"`
	UserID   string            `json:"userId,omitzero"`
	Times    *int              `json:"times,omitempty"`
	Always   bool              `json:"always,omitzero"`
}

// maxMilliseconds is one hour.
const maxMilliseconds = int64(time.Hour / time.Millisecond)

// A wrongMember is an error in a member of a controlFault.
type wrongMember struct{ pointer, detail string }

func (e wrongMember) Error() string { return e.pointer + ": " + e.detail }

// fault returns the fault, or a wrongMember.
func (c controlFault) fault() (Fault, error) {
	_, known := behaviours[c.Fault]
	takesStatus, takesDuration := c.Fault == "status", c.Fault == "slow-body"
	id, idErr := userstore.ParseID(c.UserID)
	switch {
	case !known || c.Fault == "handler":
		return Fault{}, wrongMember{"/fault", "Must be one of " + strings.Join(faultNames(), ", ") + ", or be left out for a mere delay."}
	case c.Fault == "" && c.Delay == 0:
		return Fault{}, wrongMember{"/fault", "Must be there, or delayMilliseconds."}
	case takesStatus && (c.Status < 200 || c.Status > 599) || !takesStatus && c.Status != 0:
		return Fault{}, wrongMember{"/status", "Must be from 200 to 599 with the fault status, and be left out with any other."}
	case !takesStatus && (c.Header != nil || c.Body != nil):
		return Fault{}, wrongMember{"/fault", "Must be status if there is a header or a body."}
	case takesDuration != (c.Duration != 0) || c.Duration < 0 || c.Duration > maxMilliseconds:
		return Fault{}, wrongMember{"/durationMilliseconds", "Must be from 1 to 3600000 with the fault slow-body, and be left out with any other."}
	case c.Delay < 0 || c.Delay > maxMilliseconds:
		return Fault{}, wrongMember{"/delayMilliseconds", "Must be from 0 to 3600000."}
	case c.UserID != "" && idErr != nil:
		return Fault{}, wrongMember{"/userId", "Must be a UUID of 36 characters."}
	case c.Times != nil && (*c.Times < 1 || c.Always):
		return Fault{}, wrongMember{"/times", "Must be 1 or more, and be left out if always is true."}
	}
	f := Fault{name: c.Fault, duration: milliseconds(c.Duration), delay: milliseconds(c.Delay), user: id}
	switch {
	case c.Always:
		f.times = endless
	case c.Times != nil:
		f.times = *c.Times
	}
	return f.withAnswer(c)
}

func milliseconds(n int64) time.Duration { return time.Duration(n) * time.Millisecond }

// withAnswer adds the answer of the fault status.
func (f Fault) withAnswer(c controlFault) (Fault, error) {
	if c.Status == 0 {
		return f, nil
	}
	answer := Status(c.Status, http.Header{})
	f.status, f.header, f.body = answer.status, answer.header, answer.body
	for name, value := range c.Header {
		if !isToken(name) || strings.ContainsAny(value, "\r\n\x00") {
			return Fault{}, wrongMember{"/header", "Must have names and values of header fields (RFC 9110, section 5)."}
		}
		f.header.Set(name, value)
	}
	if c.Body != nil {
		f.body = *c.Body
	}
	return f, nil
}

// isToken reports whether s is a token (RFC 9110, section 5.6.2).
func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r)
	})
}

// faultNames returns the names of the faults that JSON can have.
func faultNames() []string {
	var names []string
	for name := range behaviours {
		if name != "" && name != "handler" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// control returns the fault in JSON.
func (f Fault) control() controlFault {
	c := controlFault{
		Fault: f.name, Status: f.status, Header: fieldsOf(f.header), Always: f.times == endless,
		Duration: f.duration.Milliseconds(), Delay: f.delay.Milliseconds(),
	}
	if f.status != 0 {
		c.Body = &f.body
	}
	if f.user != uuid.Nil {
		c.UserID = f.user.String()
	}
	if times := max(f.times, 1); !c.Always {
		c.Times = &times
	}
	return c
}

// listFaults lists the faults in the order of injection, used or not.
func (f *Fake) listFaults(w http.ResponseWriter, _ *http.Request) {
	type listed struct {
		controlFault
		Used   int  `json:"used"`
		Unused bool `json:"unused"`
	}
	faults := []listed{}
	f.mu.Lock()
	for _, i := range f.faults {
		faults = append(faults, listed{i.fault.control(), i.used, i.isUnused()})
	}
	f.mu.Unlock()
	writeJSON(w, http.StatusOK, map[string]any{"faults": faults})
}

func (f *Fake) postFault(w http.ResponseWriter, r *http.Request) {
	var c controlFault
	err := json.UnmarshalRead(r.Body, &c, json.RejectUnknownMembers(true))
	if err != nil {
		pointer, detail := jsonFault(err)
		refuseControl(w, http.StatusBadRequest, detail, pointer)
		return
	}
	fault, err := c.fault()
	if wrong, ok := errors.AsType[wrongMember](err); ok {
		refuseControl(w, http.StatusBadRequest, wrong.detail, wrong.pointer)
		return
	}
	f.Inject(fault)
	writeJSON(w, http.StatusCreated, fault.control())
}

// jsonFault says what is wrong with a body, without its values.
func jsonFault(err error) (pointer, detail string) {
	if semantic, ok := errors.AsType[*json.SemanticError](err); ok {
		if errors.Is(err, json.ErrUnknownName) {
			return string(semantic.JSONPointer), "There is no such member."
		}
		return string(semantic.JSONPointer), "The member has the wrong type."
	}
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		return "", fmt.Sprintf("The body is not one JSON text: see byte %d.", syntax.ByteOffset)
	}
	return "", "The body cannot be read, or is longer than 1 MiB."
}
