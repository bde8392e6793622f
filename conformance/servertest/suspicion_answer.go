package servertest

import (
	"fmt"
	"mime"
	"net/http"
	"strings"
)

// Suspicions that go by the answer at fault as a whole, not by its record.

// suspectErrorsAs200: error documents come with the status of success.
func suspectErrorsAs200(e *evidence) (title, hint string) {
	if a := e.answer(); a == nil || a.status != http.StatusOK || len(errorList(a)) == 0 {
		return "", ""
	}
	return "Errors are answered with the status 200.", "The answer has `errors`: the request was refused."
}

// suspectMediaType: answers have another media type than that of JSON:API.
func suspectMediaType(e *evidence) (title, hint string) {
	a := e.answer()
	if a == nil || !e.all(func(f failure) bool { return f.Got == a.fieldOf("Content-Type") }) {
		return "", ""
	}
	if got, _, _ := mime.ParseMediaType(a.header.Get("Content-Type")); got == mediaType {
		return "", ""
	}
	return fmt.Sprintf("Answers have %s.", a.fieldOf("Content-Type")), ""
}

// suspectErrorDocuments: errors are wrong in one way, whatever their status.
func suspectErrorDocuments(e *evidence) (title, hint string) {
	if !e.all(func(f failure) bool { return f.Expected == errorDocument }) {
		return "", ""
	}
	return "Errors are no error documents of JSON:API (" + e.failures[0].Got + ").", ""
}

// errorDocument is what a check expects of the body of an error.
const errorDocument = "an error document"

// suspectCredentials: requests without valid credentials are not refused with 401.
func suspectCredentials(e *evidence) (title, hint string) {
	a := e.answer()
	if a == nil || !e.all(func(f failure) bool { return strings.HasPrefix(f.Expected, "401") && f.Got == fmt.Sprint(a.status) }) {
		return "", ""
	}
	if a.status == http.StatusOK {
		return "Requests without valid credentials are taken.", ""
	}
	return fmt.Sprintf("Requests without valid credentials are answered with %d, not 401.", a.status), ""
}

// suspectRefusal: what is to be taken is refused, each time with the same error.
func suspectRefusal(e *evidence) (title, hint string) {
	a := e.answer()
	if a == nil || !a.refused() || !e.all(func(f failure) bool { return strings.HasPrefix(f.Expected, "200") && f.Got == fmt.Sprint(a.status) }) {
		return "", ""
	}
	for _, object := range errorList(a) {
		for _, name := range []string{"detail", "title", "code"} {
			if text, _ := object[name].(string); text != "" {
				return fmt.Sprintf("What is to be taken is answered with %d and the %s %s.", a.status, name, show(text)), ""
			}
		}
	}
	return "", ""
}

// suspectCrash: the server fails where it is to take a request or to refuse it.
func suspectCrash(e *evidence) (title, hint string) {
	a := e.answer()
	if a == nil || a.status < 500 || !e.all(func(f failure) bool { return f.Got == fmt.Sprint(a.status) }) {
		return "", ""
	}
	return fmt.Sprintf("The server fails (%d) where it is to take or to refuse a request.", a.status), ""
}
