package browsertest

import (
	"fmt"
	"time"

	"github.com/userrecord/userrecord/conformance"
)

// resultOf returns a result with an exchange, as a check of a server makes it.
func resultOf(id string, s conformance.Status, failures ...conformance.Failure) conformance.Result {
	r := conformance.Result{
		Requirement: conformance.Requirement{ID: id, Level: conformance.Must, Subject: conformance.Server, Title: "What " + id + " asks for.", Source: "page, response 200"},
		Status:      s, Failures: failures, Exchanges: []conformance.Exchange{},
	}
	if len(failures) > 0 {
		r.Again = "userconform check -url http://127.0.0.1:8080 -user c0daf39b-4df5-4241-9e7d-b1b85f829090 -run " + id + " -seed 1"
		r.Exchanges = []conformance.Exchange{
			{Request: "PATCH http://127.0.0.1:8080/users/1\nAuthorization: Bearer [ACCESS_TOKEN]\n\n{}", Response: "200 OK\n\n{}", Curl: `curl "Authorization: Bearer $ACCESS_TOKEN" at fault`, AtFault: true, Alone: true},
			{Request: "PATCH http://127.0.0.1:8080/users/1\n\n{}", Response: "200 OK\n\n{}", Curl: "curl to read"},
		}
	}
	return r
}

func knownFailure() conformance.Result {
	r := resultOf("merge.email", conformance.Failed, conformance.Failure{Where: "in the answer: /email", Expected: `"a@example.com"`, Got: "the old value"})
	r.KnownFailing = "e-mail addresses have a process of their own, see ticket 12"
	return r
}

// reportOf returns the report of a server with those results.
func reportOf(v conformance.Verdict, results ...conformance.Result) *conformance.Report {
	r := &conformance.Report{
		Schema: 1, Verdict: v, Seed: 1, Subject: conformance.Server, Target: "http://127.0.0.1:8080",
		Started: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Duration: 3 * time.Second,
		Results: results, Requirements: len(results),
	}
	for _, result := range results {
		switch result.Status {
		case conformance.Passed:
			r.Summary.Passed++
		case conformance.Failed:
			r.Summary.Failed++
		case conformance.NotRun:
			r.Summary.NotRun++
		}
	}
	return r
}

// notRun returns results that did not run for the reason.
func notRun(n int, obstacle string) (results []conformance.Result) {
	for i := range n {
		r := resultOf(fmt.Sprintf("merge.attribute%d", i), conformance.NotRun)
		r.Obstacle = obstacle
		results = append(results, r)
	}
	return results
}

// grossReport is of a server whose records have other names, so that most requirements
// fail for one reason and nothing else can run.
func grossReport() *conformance.Report {
	var results []conformance.Result
	cause := conformance.Cause{Title: "The attributes have other names than those of the page.", Hint: "The answer has `first-name` where `firstName` is expected."}
	for i := range 40 {
		r := resultOf(fmt.Sprintf("names.attribute%d", i), conformance.Failed, conformance.Failure{Where: "in the answer: /firstName", Expected: `"Ada"`, Got: "absent or null"})
		results = append(results, r)
		cause.Explains = append(cause.Explains, r.ID)
	}
	results = append(results, resultOf("success.type", conformance.Failed, conformance.Failure{Expected: "data.type User", Got: `"users"`}))
	r := reportOf(conformance.NonConformant, append(results, notRun(90, "because of success.complete")...)...)
	r.Causes = []conformance.Cause{cause}
	return r
}

// poisonedReport is of a server that cannot read what it has stored.
func poisonedReport() *conformance.Report {
	failed := resultOf("errors.utf-8", conformance.Failed, conformance.Failure{Where: "after the request", Expected: "the user to be read as before", Got: "500 for every read since"})
	r := reportOf(conformance.NonConformant, append([]conformance.Result{resultOf("success.status", conformance.Passed), failed}, notRun(60, "the user could not be read any more after a request of errors.utf-8")...)...)
	r.NotRestored, r.LeftBehind = []string{"/lastName", "/address/street"}, []string{"/userconformUnknown"}
	r.Notes = []string{"FORBIDDEN_TOKEN has fewer than 8 characters, too few to be hidden: this report may show it."}
	return r
}

// deadReport is of a server that went away.
func deadReport() *conformance.Report {
	const gone = "the server does not answer any more: connect: connection refused; the request before that was PATCH /users/c0daf39b-4df5-4241-9e7d-b1b85f829090 of json.depth"
	r := reportOf(conformance.Inconclusive, append([]conformance.Result{resultOf("success.status", conformance.Passed)}, notRun(100, gone)...)...)
	r.Obstacle, r.NotRestored = gone, []string{"/lastName"}
	return r
}
