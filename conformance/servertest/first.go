package servertest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/internal/suite"
)

// A first is what the first valid patch tells. It decides some requirements, and may
// show faults because of which no other check can run, or which later answers are cured
// of.
type first struct {
	decided   map[string]suite.Outcome // by requirement
	exchanges []exchanged              // that decided
	cause     string                   // the requirement because of which nothing else can run
	cures     []cure
	status    int // that stands for 200
	judged    bool
	reread    func() (*record, error) // without a patch of an attribute; nil if there is no way
}

// decide notes what came of the requirement: a failure, or none.
func (f *first) decide(id string, failures ...failure) {
	if f.decided == nil {
		f.decided = map[string]suite.Outcome{}
	}
	if _, done := f.decided[id]; done {
		return
	}
	if len(failures) == 0 {
		f.decided[id] = suite.Outcome{Status: conformance.Passed}
		return
	}
	f.decided[id] = suite.Failed(failures...)
	if f.cause == "" {
		f.cause = id
	}
}

// judge decides from the answer to a valid patch what it decides by itself. The error is
// errBlocked if the answer shows no record.
func (s *session) judge(t *trial, a *answer) error {
	f := &s.first
	f.judged, f.exchanges = true, t.exchanges
	treated, needed := a.treated(cures)
	r, err := treated.record()
	if a.status != http.StatusOK || len(a.body) == 0 {
		f.decide("success.status", failure{Expected: "200 with the user record", Got: a.outline()})
	}
	if id := refusedForm[a.status]; id != "" {
		f.decide(id, failure{Expected: "200", Got: a.outline()})
	}
	if a.status/100 != 2 || len(a.body) == 0 {
		return errBlocked
	}
	if err != nil || len(needed) > 0 {
		s.hide.add(salvage(a.body))
		f.decide("success.document", failure{Expected: "one JSON:API document in UTF-8, with the record as data", Got: flaws(a, needed, err)})
	}
	if err != nil {
		s.judgeParts(a, nil)
		return errBlocked
	}
	f.cause, f.cures, f.status = "", needed, a.status
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current = r
	if a.status != http.StatusOK {
		delete(s.statuses, a.status) // this has been said
	}
	return nil
}

// refusedForm has the requirements that a refusal of every patch breaks, by its status.
var refusedForm = map[int]string{
	http.StatusNotAcceptable:        "accept.json-api",
	http.StatusUnsupportedMediaType: "content.json-api",
}

// judgeParts decides, where no other check can run, what the parts of the answer decide.
func (s *session) judgeParts(a *answer, r *record) {
	f := &s.first
	f.decide("success.status")
	contentType := a.header.Get("Content-Type")
	if got, _, _ := mime.ParseMediaType(contentType); got == mediaType {
		f.decide("success.media-type")
	} else {
		f.decide("success.media-type", failure{Expected: "Content-Type " + mediaType, Got: fmt.Sprintf("%q", contentType)})
	}
	if r == nil {
		return
	}
	f.decide("success.document")
	if r.data["type"] == "User" {
		f.decide("success.type")
	} else {
		f.decide("success.type", failure{Expected: "data.type User", Got: fmt.Sprint(r.data["type"])})
	}
	if id, ok := r.data["id"].(string); ok && strings.EqualFold(id, s.target.User.String()) {
		f.decide("success.id")
	} else {
		f.decide("success.id", failure{Expected: "data.id " + s.target.User.String(), Got: fmt.Sprint(r.data["id"])})
	}
}

// outline returns the status of the answer, with the field that explains it.
func (a *answer) outline() string {
	text := strings.TrimSpace(fmt.Sprintf("%d %s", a.status, http.StatusText(a.status)))
	location, allow := a.header.Get("Location"), strings.Join(a.header.Values("Allow"), ", ")
	switch {
	case a.status/100 == 3 && location != "":
		return text + ": it leads to " + location
	case a.status == http.StatusMethodNotAllowed && allow != "":
		return text + ", with Allow: " + allow
	case a.status/100 == 2 && a.status != http.StatusNoContent && len(a.body) == 0:
		return text + " without a body"
	}
	return text
}

// flaws says what is wrong with the document of the answer.
func flaws(a *answer, needed []cure, err error) string {
	var faults []string
	for _, c := range needed {
		faults = append(faults, c.fault)
	}
	switch decodeErr := json.NewDecoder(bytes.NewReader(a.body)).Decode(new(any)); {
	case err == nil:
	case errors.Is(decodeErr, io.ErrUnexpectedEOF):
		faults = append(faults, "a document that is cut off")
	default:
		faults = append(faults, err.Error())
	}
	return strings.Join(faults, "; ")
}

// judgeEcho judges the answer to a patch of one attribute of the known record.
func (s *session) judgeEcho(t *trial, a *answer, known *record, patched string) error {
	if s.original == nil {
		s.original = known
	}
	if err := s.judge(t, a); err != nil {
		return err
	}
	if err := s.judgeLoss(t, a, known, patched); err != nil {
		return err
	}
	if s.original == nil || s.target.Record != nil {
		s.original = s.current
	}
	return nil
}

// block fails the requirement, because of which nothing else can run.
func (s *session) block(t *trial, a *answer, r *record, id string, failures ...failure) error {
	s.first.exchanges = t.exchanges
	s.first.cause = ""
	s.first.decide(id, failures...)
	s.judgeParts(a, r)
	return errBlocked
}

// obstacle says why nothing else can run.
func (f *first) obstacle() string {
	text := "no other check can run, because of " + f.cause
	for _, failed := range f.decided[f.cause].Failures {
		text += ": " + failed.String()
	}
	return text
}
