package handlertest

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
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

// listCalls lists the calls, once there are as many as the query's count.
func (f *Fake) listCalls(w http.ResponseWriter, r *http.Request) {
	query, ok := parseCallsQuery(r.URL.RawQuery)
	if !ok {
		refuseControl(w, http.StatusBadRequest, "The query can have count, an integer from 0 to 1000000, and timeoutMilliseconds, one from 0 to 60000.", "")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), milliseconds(query["timeoutMilliseconds"]))
	defer cancel()
	calls, _ := f.awaitCalls(ctx, int(query["count"])) // or those that there are
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

// queryLimits has the names in a query for calls, with their maximums.
var queryLimits = map[string]int64{"count": 1_000_000, "timeoutMilliseconds": 60_000}

// parseCallsQuery returns the numbers in the query, or their defaults.
func parseCallsQuery(text string) (numbers map[string]int64, ok bool) {
	numbers = map[string]int64{"count": 0, "timeoutMilliseconds": 5_000}
	query, err := url.ParseQuery(text)
	if err != nil {
		return nil, false
	}
	for name, values := range query {
		most, known := queryLimits[name]
		n, err := strconv.ParseInt(values[0], 10, 64)
		if !known || len(values) > 1 || err != nil || n < 0 || n > most {
			return nil, false
		}
		numbers[name] = n
	}
	return numbers, true
}
