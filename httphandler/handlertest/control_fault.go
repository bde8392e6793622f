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

// A controlFault is a fault in JSON.
type controlFault struct {
	Fault    string            `json:"fault,omitzero"`
	Status   int               `json:"status,omitzero"`
	Header   map[string]string `json:"header,omitempty"`
	Body     *string           `json:"body,omitempty"`
	Duration int64             `json:"durationMilliseconds,omitzero"`
	Delay    int64             `json:"delayMilliseconds,omitzero"`
	UserID   *string           `json:"userId,omitempty"`
	Times    *int              `json:"times,omitempty"`
	Always   bool              `json:"always,omitzero"`
}

// maxMilliseconds is one hour.
const maxMilliseconds = int64(time.Hour / time.Millisecond)

// wrong returns the pointer to a wrong member and what it must be, or nothing.
func (c controlFault) wrong() (pointer, detail string) {
	_, known := behaviours[c.Fault]
	isStatus, isSlow := c.Fault == "status", c.Fault == "slow-body"
	_, idErr := c.user()
	_, headerErr := answerHeader(c.header())
	switch {
	case !known || c.Fault == "handler":
		return "/fault", "Must be one of " + strings.Join(faultNames(), ", ") + ", or be left out for a mere delay."
	case c.Fault == "" && c.Delay == 0:
		return "/fault", "Must be there, or delayMilliseconds."
	case isStatus && (c.Status < 200 || c.Status > 599) || !isStatus && c.Status != 0:
		return "/status", "Must be from 200 to 599 with the fault status, and be left out with any other."
	case !isStatus && (c.Header != nil || c.Body != nil):
		return "/fault", "Must be status if there is a header or a body."
	case headerErr != nil:
		return "/header", "The header " + headerErr.Error() + "."
	case c.Body != nil && *c.Body != "" && !bodyAllowed(c.Status):
		return "/body", "Must be left out with the status 204 or 304."
	case isSlow != (c.Duration != 0) || c.Duration < 0 || c.Duration > maxMilliseconds:
		return "/durationMilliseconds", "Must be from 1 to 3600000 with the fault slow-body, and be left out with any other."
	case c.Delay < 0 || c.Delay > maxMilliseconds:
		return "/delayMilliseconds", "Must be from 0 to 3600000."
	case idErr != nil:
		return "/userId", "Must be a UUID of 36 characters."
	case c.Times != nil && (*c.Times < 1 || c.Always):
		return "/times", "Must be 1 or more, and be left out if always is true."
	}
	return "", ""
}

// fault returns the fault, unless a member is wrong.
func (c controlFault) fault() Fault {
	f := Fault{name: c.Fault}
	if c.Fault == "status" {
		f = Status(c.Status, c.header())
	}
	if c.Body != nil {
		f.body = *c.Body
	}
	f.duration, f.delay = milliseconds(c.Duration), milliseconds(c.Delay)
	f.user, _ = c.user()
	switch {
	case c.Always:
		f.times = endless
	case c.Times != nil:
		f.times = *c.Times
	}
	return f
}

func (c controlFault) header() http.Header {
	header := make(http.Header)
	for name, value := range c.Header {
		header[name] = []string{value}
	}
	return header
}

// user returns the user whom the fault is for, if it is for one.
func (c controlFault) user() (uuid.NullUUID, error) {
	if c.UserID == nil {
		return uuid.NullUUID{}, nil
	}
	id, err := userstore.ParseID(*c.UserID)
	return uuid.NullUUID{UUID: id, Valid: true}, err
}

func milliseconds(n int64) time.Duration { return time.Duration(n) * time.Millisecond }

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
	if f.user.Valid {
		id := f.user.UUID.String()
		c.UserID = &id
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
	if err := json.UnmarshalRead(r.Body, &c, json.RejectUnknownMembers(true)); err != nil {
		pointer, detail := jsonFault(err)
		refuseControl(w, http.StatusBadRequest, detail, pointer)
		return
	}
	if pointer, detail := c.wrong(); detail != "" {
		refuseControl(w, http.StatusBadRequest, detail, pointer)
		return
	}
	fault := c.fault()
	f.Inject(fault)
	writeJSON(w, http.StatusCreated, fault.control())
}

// jsonFault says what is wrong with a body, without its values.
func jsonFault(err error) (pointer, detail string) {
	if semantic, ok := errors.AsType[*json.SemanticError](err); ok {
		if errors.Is(err, json.ErrUnknownName) {
			return string(semantic.JSONPointer), "There is no such member."
		}
		if semantic.JSONPointer == "" {
			return "", "The body must be an object."
		}
		return string(semantic.JSONPointer), "The member has the wrong type."
	}
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		if errors.Is(err, jsontext.ErrDuplicateName) {
			return string(syntax.JSONPointer), "The member is there twice."
		}
		return "", fmt.Sprintf("The body is not one JSON text: see byte %d.", syntax.ByteOffset)
	}
	return "", "The body cannot be read, or is longer than 1 MiB."
}
