package handlertest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/userstore"
)

// A control is the control endpoint of a fake, over a connection.
type control struct {
	t    *testing.T
	fake *handlertest.Fake
	url  string
}

func newControl(t *testing.T) control {
	t.Helper()
	f := handlertest.New()
	server := httptest.NewServer(f.Control())
	t.Cleanup(server.Close)
	return control{t, f, server.URL + handlertest.ControlPath}
}

// send sends a request with a JSON body, and returns the status and the body of the answer.
func (c control) send(method, path, body string, change ...func(*http.Request)) (int, string) {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.url+path, strings.NewReader(body))
	require.NoError(c.t, err)
	if method == http.MethodPost || method == http.MethodPut {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, change := range change {
		change(r)
	}
	response, err := http.DefaultClient.Do(r)
	require.NoError(c.t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(c.t, err)
	if response.Header.Get("Cache-Control") != "no-store" || response.Header.Get("X-Content-Type-Options") != "nosniff" {
		c.t.Errorf("%s %s: header %v", method, path, response.Header)
	}
	return response.StatusCode, string(text)
}

// expect sends a request and compares the answer.
func (c control) expect(status int, want, method, path, body string) {
	c.t.Helper()
	gotStatus, got := c.send(method, path, body)
	if gotStatus != status || !strings.Contains(got, want) {
		c.t.Errorf("%s %s %s: %d %s, want %d %s", method, path, body, gotStatus, got, status, want)
	}
}

// patch patches the first name of the example user without a port.
func (c control) patch(name string) (status int) {
	c.t.Helper()
	response, err := c.fake.RoundTrip(patch(c.t.Context(), "http://users.test", handlertest.Token, name))
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	return response.StatusCode
}

// Every fault in JSON is the fault of the same name in Go.
func TestControlInjects(t *testing.T) {
	for body, want := range map[string]string{
		`{"fault":"unauthenticated"}`:                                      "unauthenticated",
		`{"fault":"missing-linked-identity"}`:                              "missing-linked-identity",
		`{"fault":"forbidden"}`:                                            "forbidden",
		`{"fault":"fail-before-write"}`:                                    "fail-before-write",
		`{"fault":"fail-after-write"}`:                                     "fail-after-write",
		`{"fault":"reset-connection","times":1}`:                           "reset-connection",
		`{"fault":"lose-answer","times":2}`:                                "lose-answer, 2 times",
		`{"fault":"cut-body","always":true}`:                               "cut-body, always",
		`{"fault":"garble-body","userId":"` + handlertest.ExampleID + `"}`: "garble-body, for " + handlertest.ExampleID,
		`{"fault":"forbidden","userId":"` + uuid.Nil.String() + `"}`:       "forbidden, for " + uuid.Nil.String(),
		`{"fault":"slow-body","durationMilliseconds":1500}`:                "slow-body 1.5s",
		`{"fault":"status","status":503,"delayMilliseconds":20}`:           "status 503, delay 20ms",
		`{"delayMilliseconds":3600000}`:                                    "delay 1h0m0s",
	} {
		c := newControl(t)
		c.expect(http.StatusCreated, "{", "POST", "/faults", body)
		if got := fmt.Sprint(c.fake.Unused()); got != "["+want+"]" {
			t.Errorf("%s: %s, want [%s]", body, got, want)
		}
		c.expect(http.StatusNoContent, "", "DELETE", "/faults", "")
		if got := c.fake.Unused(); len(got) != 0 {
			t.Errorf("after a DELETE: %v", got)
		}
	}
}

func TestControlRefusesWrongFaults(t *testing.T) {
	c := newControl(t)
	for body, want := range map[string]string{
		``:                                  `"detail":"The body is not one JSON text: see byte 0."`,
		`{`:                                 `"detail":"The body is not one JSON text: see byte 1."`,
		`[]`:                                `"detail":"The body must be an object."`,
		`{"fault":"forbidden"} x`:           `is not one JSON text`,
		`{"fault":"forbidden","fault":"x"}`: `"detail":"The member is there twice.","source":{"pointer":"/fault"}`,
		`{"fault":"status","status":503,"header":{"a":"1","a":"2"}}`: `"source":{"pointer":"/header/a"}`,
		`{"fault":"forbidden","time":3}`:                             `"source":{"pointer":"/time"}`,
		`{"Fault":"forbidden"}`:                                      `"source":{"pointer":"/Fault"}`,
		`{"fault":7}`:                                                `"source":{"pointer":"/fault"}`,
		`{}`:                                                         `"source":{"pointer":"/fault"}`,
		`{"fault":"handler"}`:                                        `"source":{"pointer":"/fault"}`,
		`{"fault":"explode"}`:                                        `Must be one of cut-body, fail-after-write, `,
		`{"fault":"status"}`:                                         `"source":{"pointer":"/status"}`,
		`{"fault":"status","status":199}`:                            `"source":{"pointer":"/status"}`,
		`{"fault":"status","status":600}`:                            `"source":{"pointer":"/status"}`,
		`{"fault":"forbidden","status":403}`:                         `"source":{"pointer":"/status"}`,
		`{"fault":"forbidden","body":""}`:                            `"source":{"pointer":"/fault"}`,
		`{"fault":"forbidden","header":{}}`:                          `"source":{"pointer":"/fault"}`,
		`{"fault":"status","status":503,"header":{"a b":""}}`:        `"source":{"pointer":"/header"}`,
		`{"fault":"status","status":503,"header":{"":""}}`:           `"source":{"pointer":"/header"}`,
		`{"fault":"status","status":503,"header":{"a":"b\r\nc:"}}`:   `"source":{"pointer":"/header"}`,
		`{"fault":"status","status":503,"header":{"retry-after":"1","Retry-After":"2"}}`: `The header must not have a name twice`,
		`{"fault":"status","status":503,"header":{"content-length":"3"}}`:                `"source":{"pointer":"/header"}`,
		`{"fault":"status","status":204,"body":"x"}`:                                     `"source":{"pointer":"/body"}`,
		`{"fault":"status","status":304,"body":"x"}`:                                     `"source":{"pointer":"/body"}`,
		`{"fault":"slow-body"}`:                                                          `"source":{"pointer":"/durationMilliseconds"}`,
		`{"fault":"slow-body","durationMilliseconds":3600001}`:                           `"source":{"pointer":"/durationMilliseconds"}`,
		`{"fault":"slow-body","durationMilliseconds":-1}`:                                `"source":{"pointer":"/durationMilliseconds"}`,
		`{"fault":"forbidden","durationMilliseconds":5}`:                                 `"source":{"pointer":"/durationMilliseconds"}`,
		`{"delayMilliseconds":3600001}`:                                                  `"source":{"pointer":"/delayMilliseconds"}`,
		`{"delayMilliseconds":-1}`:                                                       `"source":{"pointer":"/delayMilliseconds"}`,
		`{"fault":"forbidden","userId":"7"}`:                                             `"source":{"pointer":"/userId"}`,
		`{"fault":"forbidden","userId":""}`:                                              `"source":{"pointer":"/userId"}`,
		`{"fault":"forbidden","times":0}`:                                                `"source":{"pointer":"/times"}`,
		`{"fault":"forbidden","times":1,"always":true}`:                                  `"source":{"pointer":"/times"}`,
		strings.Repeat(" ", 1<<20+1):                                                     `is longer than 1 MiB`,
	} {
		c.expect(http.StatusBadRequest, want, "POST", "/faults", body)
	}
	if unused := c.fake.Unused(); len(unused) != 0 {
		t.Errorf("injected: %v", unused)
	}
}

// An answer that was injected is the one that comes, and the list says what was used.
func TestControlListsFaults(t *testing.T) {
	c := newControl(t)
	c.expect(201, "", "POST", "/faults", `{"fault":"status","status":429,"header":{"retry-after":"7"},"body":"slow down","times":2}`)
	c.expect(201, "", "POST", "/faults", `{"fault":"lose-answer","always":true}`)
	response, err := c.fake.RoundTrip(patch(t.Context(), "http://users.test", handlertest.Token, "Joan"))
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	if got := fmt.Sprint(response.StatusCode, response.Header["Retry-After"], string(body)); got != "429 [7]slow down" {
		t.Errorf("answer %s", got)
	}
	const first = `{"fault":"status","status":429,"header":{"Retry-After":"7"},"body":"slow down","times":2,"used":%d,"unused":%v}`
	const second = `{"fault":"lose-answer","always":true,"used":%d,"unused":%v}`
	c.expect(200, `{"faults":[`+fmt.Sprintf(first, 1, true)+","+fmt.Sprintf(second, 0, true)+"]}\n", "GET", "/faults", "")
	c.patch("Joan")
	c.patch("Joan")
	c.expect(200, `{"faults":[`+fmt.Sprintf(first, 2, false)+","+fmt.Sprintf(second, 1, false)+"]}\n", "GET", "/faults", "")
}

func TestControlListsCalls(t *testing.T) {
	c := newControl(t)
	c.expect(200, `{"calls":[]}`, "GET", "/calls", "")
	c.patch("Joan")
	r := patch(t.Context(), "http://users.test", "junk", "")
	setBody(r, strings.NewReader("\xff"), 1)
	r.Header.Add("X-Note", "a")
	r.Header.Add("X-Note", "b")
	send(t, c.fake, r)

	status, text := c.send("GET", "/calls?count=2&timeoutMilliseconds=60000", "")
	require.Equal(t, 200, status, text)
	var got struct{ Calls []map[string]any }
	require.NoError(t, json.Unmarshal([]byte(text), &got))
	for _, call := range got.Calls {
		at, err := time.Parse(time.RFC3339Nano, call["time"].(string))
		if err != nil || time.Since(at).Abs() > time.Hour {
			t.Errorf("time %v, %v", call["time"], err)
		}
		delete(call, "time")
	}
	header := func(length string, more ...string) map[string]any {
		h := map[string]any{"Accept-Encoding": "gzip", "Content-Length": length, "Content-Type": "application/vnd.api+json", "User-Agent": "Go-http-client/1.1"}
		for i := 0; i < len(more); i += 2 {
			h[more[i]] = more[i+1]
		}
		return h
	}
	path := "/users/" + handlertest.ExampleID
	want := []map[string]any{
		{"method": "PATCH", "path": path, "userId": handlertest.ExampleID, "tokenName": "write", "header": header("102"), "body": doorBody, "status": 200.0, "patch": map[string]any{"firstName": "Joan"}},
		{"method": "PATCH", "path": path, "userId": handlertest.ExampleID, "tokenName": "unknown", "header": header("1", "X-Note", "a, b"), "body": "", "bodyBase64": "/w==", "status": 401.0, "patch": nil},
	}
	if diff := cmp.Diff(want, got.Calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	c.expect(204, "", "DELETE", "/calls", "")
	c.expect(200, `{"calls":[]}`, "GET", "/calls?count=1&timeoutMilliseconds=0", "")
	for _, query := range []string{
		"count=x", "count=-1", "count=1000001", "count=", "count", "count=1&count=1", "timeoutMilliseconds=60001", "timeoutMilliseconds=1.5",
		"cuont=0", "count=1&cuont=0", "count=0&%zz", "count=0;",
	} {
		c.expect(400, "The query can have count, an integer from 0 to 1000000, and", "GET", "/calls?"+query, "")
	}
}

// A largestWrite is the length of the longest text that was written at once.
type largestWrite struct {
	*httptest.ResponseRecorder
	bytes int
}

func (w *largestWrite) Write(p []byte) (int, error) {
	w.bytes = max(w.bytes, len(p))
	return w.ResponseRecorder.Write(p)
}

// All calls together are never in memory as JSON.
func TestControlListsOneCallAfterTheOther(t *testing.T) {
	c := newControl(t)
	for range 10 {
		c.patch("Joan")
	}
	r := httptest.NewRequest("GET", handlertest.ControlPath+"/calls", nil)
	r.Host = "localhost"
	w := &largestWrite{ResponseRecorder: httptest.NewRecorder()}
	c.fake.Control().ServeHTTP(w, r)
	var list struct{ Calls []struct{ Body string } }
	require.NoError(t, json.NewDecoder(w.Body).Decode(&list))
	if len(list.Calls) != 10 || list.Calls[9].Body != doorBody || w.bytes > 1000 {
		t.Errorf("%d calls, %d bytes at once", len(list.Calls), w.bytes)
	}
}

// Waiting ends as soon as the calls are there.
func TestControlWaitsForCalls(t *testing.T) {
	c := newControl(t)
	waited := make(chan string)
	go func() {
		response, err := http.Get(c.url + "/calls?count=1&timeoutMilliseconds=60000")
		if err != nil {
			waited <- err.Error()
			return
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		waited <- fmt.Sprint(strings.Count(string(body), `"method"`), err)
	}()
	c.patch("Joan")
	if got := <-waited; got != "1 <nil>" {
		t.Errorf("waiting for a call returned %s", got)
	}
}

func TestControlOfUsers(t *testing.T) {
	c := newControl(t)
	const other = "5f0c3a52-8f1e-4b6d-9a57-2d1c6e7b8f90"
	c.expect(404, `"code":"user-not-found"`, "GET", "/users/"+other, "")
	c.expect(404, `"code":"user-not-found"`, "GET", "/users/7", "")
	put := func(attributes string) string {
		return `{"data":{"type":"User","id":"` + other + `","attributes":` + attributes + `}}`
	}
	c.expect(200, `"gender":"robot"`, "PUT", "/users/"+other, put(`{"gender":"robot","createdAt":"2020-02-03T04:05:06.123456Z"}`))
	c.expect(200, `"firstName":"Ada"`, "PUT", "/users/"+other, put(`{"firstName":"Ada","lastName":null,"address":{"houseNo":7}}`))
	want := userstore.User{ID: uuid.MustParse(other), CreatedAt: time.Date(2020, 2, 3, 4, 5, 6, 123456000, time.UTC), Attributes: userstore.Attributes{
		FirstName: userstore.Value("Ada"),
		Address:   userstore.Value(userstore.Address{HouseNo: userstore.Value(userstore.Int(7))}),
	}}
	got, err := c.fake.Store.Get(t.Context(), want.ID)
	require.NoError(t, err)
	if diff := handlertest.Diff(want, got); diff != "" {
		t.Errorf("the record (-want +got):\n%s", diff)
	}
	_, record := c.send("GET", "/users/"+other, "")
	if !strings.Contains(record, `"createdAt":"2020-02-03T04:05:06.123456Z"`) {
		t.Errorf("the record is %s", record)
	}
	c.expect(200, record, "PUT", "/users/"+other, record) // back again
	c.expect(200, `{"data":[{"type":"User","id":"`+other, "GET", "/users", "")

	for body, want := range map[string]string{
		put(`{"nickName":"x"}`):          "/data/attributes/nickName",
		put(`{"firstName":7}`):           "/data/attributes/firstName",
		put(`{"createdAt":"yesterday"}`): "/data/attributes/createdAt",
		put(`{"firstName":"a\u0000b"}`):  "/data/attributes/firstName",
		`{"data":{"type":"User"}}`:       "/data",
		`{"data":`:                       "malformed-json",
	} {
		c.expect(422, want, "PUT", "/users/"+other, body)
	}
	c.expect(422, "/data/id", "PUT", "/users/"+handlertest.ExampleID, record)
	c.expect(404, "user-not-found", "PUT", "/users/7", record)
	c.expect(400, "longer than 1 MiB", "PUT", "/users/"+other, strings.Repeat(" ", 1<<20+1))
	c.expect(204, "", "DELETE", "/users/"+other, "")
	c.expect(204, "", "DELETE", "/users/"+other, "")
	c.expect(404, "user-not-found", "DELETE", "/users/7", "")
	c.expect(404, "user-not-found", "GET", "/users/"+other, "")
}

func TestControlResets(t *testing.T) {
	c := newControl(t)
	c.expect(204, "", "DELETE", "/users/"+handlertest.ExampleID, "")
	c.expect(201, "", "POST", "/faults", `{"fault":"forbidden"}`)
	c.patch("Joan")
	c.expect(204, "", "POST", "/reset", "")
	if c.fake.Store.Len() != 1 || len(c.fake.Calls())+len(c.fake.Unused()) != 0 {
		t.Errorf("%d users, calls %v, unused %v", c.fake.Store.Len(), c.fake.Calls(), c.fake.Unused())
	}
}

// Whatever is not there is refused in JSON, and a query that an operation has not.
func TestControlRefusesOtherRequests(t *testing.T) {
	for request, want := range map[string]string{
		"GET /nothing":                   `404 has the operations`,
		"PATCH /faults":                  `405 has the operations`,
		"GET /reset":                     `405 has the operations`,
		"POST /reset?x":                  `400 no query`,
		"POST /faults?times=2":           `400 no query`,
		"DELETE /faults?fault=forbidden": `400 no query`,
		"DELETE /calls?count=1":          `400 no query`,
		"GET /users?x=1":                 `400 no query`,
		"DELETE /users/" + handlertest.ExampleID + "?x": `400 no query`,
	} {
		c := newControl(t)
		c.patch("Joan")
		method, path, _ := strings.Cut(request, " ")
		status, text := c.send(method, path, "", func(r *http.Request) { r.Header.Set("Content-Type", "application/json") })
		var answer struct {
			Errors []struct{ Status, Detail string }
		}
		if err := json.Unmarshal([]byte(text), &answer); err != nil || len(answer.Errors) != 1 {
			t.Errorf("%s: %s", request, text)
			continue
		}
		wantStatus, detail, _ := strings.Cut(want, " ")
		if e := answer.Errors[0]; fmt.Sprint(status) != wantStatus || e.Status != wantStatus || !strings.Contains(e.Detail, detail) {
			t.Errorf("%s: %d %s, want %s", request, status, text, want)
		}
		if len(c.fake.Calls()) != 1 || c.fake.Store.Len() != 1 {
			t.Errorf("%s: it was done", request)
		}
	}
}

// What a web page can make a browser send does nothing and tells nothing.
func TestControlRefusesWebPages(t *testing.T) {
	host := func(host string) func(*http.Request) { return func(r *http.Request) { r.Host = host } }
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	withoutType := func(r *http.Request) { r.Header.Del("Content-Type") }
	for name, test := range map[string]struct {
		method, path string
		change       func(*http.Request)
		want         int
	}{
		"DNS rebinding":              {"GET", "/calls", host("evil.example"), 421},
		"DNS rebinding, with a port": {"POST", "/reset", host("evil.example:80"), 421},
		"a name that looks like it":  {"GET", "/calls", host("localhost.evil.example"), 421},
		"another address":            {"GET", "/calls", host("192.0.2.1"), 421},
		"no host":                    {"GET", "/calls", host("[]"), 421},
		"another site":               {"POST", "/reset", header("Sec-Fetch-Site", "cross-site"), 403},
		"another port of this host":  {"DELETE", "/calls", header("Sec-Fetch-Site", "same-site"), 403},
		"an old browser":             {"POST", "/reset", header("Origin", "http://evil.example"), 403},
		"a file":                     {"POST", "/reset", header("Origin", "null"), 403},
		"a form":                     {"POST", "/faults", header("Content-Type", "application/x-www-form-urlencoded"), 415},
		"a form of text":             {"POST", "/faults", header("Content-Type", "text/plain;a=application/json"), 415},
		"no type":                    {"POST", "/faults", withoutType, 415},
		"no type, unknown length":    {"POST", "/faults", func(r *http.Request) { withoutType(r); r.ContentLength = -1 }, 415},
		"a put without type":         {"PUT", "/users/" + handlertest.ExampleID, withoutType, 415},
		"neither type nor body":      {"POST", "/reset", func(r *http.Request) { withoutType(r); r.Body, r.ContentLength = http.NoBody, 0 }, 204},
		"localhost":                  {"POST", "/reset", host("localhost:1"), 204},
		"IPv6":                       {"POST", "/reset", host("[::1]:1"), 204},
		"IPv6 without a port":        {"POST", "/reset", host("[::1]"), 204},
		"IPv4 without a port":        {"POST", "/reset", host("127.0.0.2"), 204},
		"JSON with a charset":        {"POST", "/reset", header("Content-Type", "Application/JSON; charset=utf-8"), 204},
		"JSON:API":                   {"POST", "/reset", header("Content-Type", "application/vnd.api+json"), 204},
		"fetch of Node":              {"POST", "/reset", header("Sec-Fetch-Mode", "cors"), 204},
		"its own page":               {"POST", "/reset", header("Sec-Fetch-Site", "same-origin"), 204},
	} {
		t.Run(name, func(t *testing.T) {
			c := newControl(t)
			c.patch("Joan")
			status, body := c.send(test.method, test.path, "{}", test.change)
			if status != test.want {
				t.Errorf("%d %s, want %d", status, body, test.want)
			}
			if refused := test.want >= 400; refused != (len(c.fake.Calls()) == 1) || strings.Contains(body, "Joan") {
				t.Errorf("calls %v, body %s", c.fake.Calls(), body)
			}
		})
	}
}
