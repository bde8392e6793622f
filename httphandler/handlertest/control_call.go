package handlertest

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/userrecord/userrecord/userstore"
)

// A controlCall is a call in JSON.
type controlCall struct {
	Time       time.Time             `json:"time"`
	Method     string                `json:"method"`
	Path       string                `json:"path"`
	UserID     string                `json:"userId"`
	TokenName  string                `json:"tokenName"`
	Header     map[string]string     `json:"header"`
	Body       string                `json:"body"`
	BodyBase64 []byte                `json:"bodyBase64,omitempty"`
	Status     int                   `json:"status"`
	Patch      *userstore.Attributes `json:"patch"`
}

func (c Call) control() controlCall {
	out := controlCall{
		Time: c.Time, Method: c.Method, Path: c.Path, UserID: c.UserID, TokenName: c.TokenName,
		Header: fieldsOf(c.Header), Body: string(c.Body), Status: c.Status,
	}
	if !utf8.Valid(c.Body) {
		out.Body, out.BodyBase64 = "", c.Body
	}
	if patch, err := c.Patch(); err == nil {
		out.Patch = &patch
	}
	return out
}

// The limits of waiting for calls, in milliseconds.
const (
	defaultWait = 5_000
	maxWait     = 60_000
)

// listCalls lists the calls, once there are as many as the query's count.
func (f *Fake) listCalls(w http.ResponseWriter, r *http.Request) {
	count, ok := number(r, "count", 0, 1_000_000)
	patience, okWait := number(r, "timeoutMilliseconds", defaultWait, maxWait)
	if !ok || !okWait {
		refuseControl(w, http.StatusBadRequest, "count and timeoutMilliseconds must be integers; the latter at most 60000.", "")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), milliseconds(patience))
	defer cancel()
	calls, _ := f.awaitCalls(ctx, int(count)) // or those that there are
	w.Header().Set("Content-Type", "application/json")
	writeCalls(w, calls)
}

// writeCalls writes one call after the other, because all of them can be much.
func writeCalls(w io.Writer, calls []Call) {
	encoder := json.NewEncoder(w)
	io.WriteString(w, `{"calls":[`)
	for i, call := range calls {
		if i > 0 {
			io.WriteString(w, ",")
		}
		if encoder.Encode(call.control()) != nil {
			return // the client has gone
		}
	}
	io.WriteString(w, "]}\n")
}

// number returns a number from 0 to the maximum in the query.
func number(r *http.Request, name string, otherwise, most int64) (n int64, ok bool) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return otherwise, true
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil && n >= 0 && n <= most
}
