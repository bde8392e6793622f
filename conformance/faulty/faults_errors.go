package faulty

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// What goes wrong with error documents.
func errorFaults() []Fault {
	var faults []Fault
	for _, code := range []int{401, 403, 404, 406, 415, 422} {
		faults = append(faults, Fault{fmt.Sprintf("text-%d", code), fmt.Sprintf("A %d is plain text.", code), answersOf(code, func(a *answer) { a.replace(code, "text/plain; charset=utf-8", http.StatusText(code)+"\n") })})
	}
	return append(faults,
		Fault{"errors-empty", "Errors have no body.", allErrors(func(a *answer) { a.body = nil })},
		Fault{"errors-application-json", "Errors have the media type application/json.", allErrors(func(a *answer) { a.header.Set("Content-Type", "application/json") })},
		Fault{"errors-message", "Errors are {\"error\": \"...\"} under the right media type.", answerErrorDocument(func(o object) { clear(o); o["error"] = "bad request" })},
		Fault{"errors-charset", "The media type of errors has a charset parameter.", allErrors(func(a *answer) { a.header.Set("Content-Type", "application/vnd.api+json; charset=utf-8") })},
		Fault{"errors-empty-array", "Error documents have an empty array of errors.", answerErrorDocument(func(o object) { o["errors"] = []any{} })},
		Fault{"errors-empty-objects", "Error objects have no members.", answerErrorObjects(func(e object) { clear(e) })},
		Fault{"errors-with-data", "Error documents have data too.", answerErrorDocument(func(o object) { o["data"] = nil })},
		Fault{"error-status-number", "The status of an error object is a number.", answerErrorObjects(func(e object) { e["status"], _ = strconv.Atoi(fmt.Sprint(e["status"])) })},
		Fault{"error-status-other", "The status of an error object is always 400.", answerErrorObjects(func(e object) { e["status"] = "400" })},
		Fault{"error-status-missing", "Error objects have no status.", answerErrorObjects(func(e object) { delete(e, "status") })},
		Fault{"error-id-number", "The id of an error object is a number.", answerErrorObjects(func(e object) { e["id"] = 7 })},
		Fault{"error-id-same", "The id of an error object is always the same.", answerErrorObjects(func(e object) { e["id"] = "error" })},
		Fault{"error-pointer-dotted", "Pointers are written with dots.", pointed(func(p string) any { return strings.ReplaceAll(strings.TrimPrefix(p, "/"), "/", ".") })},
		Fault{"error-pointer-elsewhere", "Pointers name an attribute that was not sent.", pointed(func(string) any { return "/data/attributes/middleName" })},
		Fault{"error-pointer-data", "Pointers always name data.", pointed(func(string) any { return "/data" })},
		Fault{"error-leaks-sql", "The detail of a refused value quotes the statement.", answerErrorObjects(func(e object) {
			if e["status"] == "422" {
				e["detail"] = `pq: invalid input in SELECT * FROM users WHERE id = $1`
			}
		})},
		Fault{"error-leaks-stack", "The detail of an error is a stack.", answerErrorObjects(func(e object) {
			e["detail"] = "goroutine 42 [running]:\nmain.(*api).updateUser(0xc000124000)\n\t/app/users.go:88 +0x1d"
		})},
		Fault{"error-invalid-utf8", "Errors quote bytes of the request that are not UTF-8.", allErrors(func(a *answer) {
			a.body = []byte(strings.Replace(string(a.body), `"title":"`, "\"title\":\"\xff", 1))
		})},
		Fault{"errors-trailing", "An error document is followed by a second one.", allErrors(func(a *answer) { a.body = append(a.body, a.body...) })},
		Fault{"errors-200", "Errors are answered with 200.", allErrors(func(a *answer) { a.status = 200 })},
		Fault{"errors-418", "A refused value is answered with 418.", turnStatus(422, 418)},
		Fault{"errors-500", "Every refusal is answered with 500.", changeAnswer(func(a *answer) {
			if 400 <= a.status && a.status < 500 {
				a.refuse(500)
			}
		})},
		Fault{"errors-400", "Every refusal is answered with 400.", changeAnswer(func(a *answer) {
			if 400 <= a.status && a.status < 500 {
				a.refuse(400)
			}
		})},
	)
}

func allErrors(change func(a *answer)) func(*server) {
	return changeAnswer(func(a *answer) {
		if a.status >= 400 {
			change(a)
		}
	})
}

// pointed changes source.pointer of each error object.
func pointed(change func(p string) any) func(*server) {
	return answerErrorObjects(func(e object) {
		if source, ok := e["source"].(object); ok {
			if p, ok := source["pointer"].(string); ok {
				source["pointer"] = change(p)
			}
		}
	})
}
