package render_test

import (
	"fmt"
	"os"

	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/render"
)

// The report of a run, as servertest.Check or storetest.Check returns it.
var report = &conformance.Report{
	Schema: 1, Verdict: conformance.NonConformant, Subject: conformance.Server, Target: "http://127.0.0.1:8080",
	Results: []conformance.Result{{
		Requirement: conformance.Requirement{ID: "success.type", Level: conformance.Must, Subject: conformance.Server, Title: "data.type is User.", Source: "page, response example"},
		Status:      conformance.Failed,
		Failures:    []conformance.Failure{{Expected: "data.type User", Got: "users"}},
	}},
}

// A report goes into a file, in the format of its extension.
func ExampleForFile() {
	const name = "report.html" // or .json, .xml (JUnit), .md
	write, err := render.ForFile(name)
	if err != nil {
		fmt.Println(err)
		return
	}
	file, err := os.CreateTemp("", "*-"+name)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.Remove(file.Name())
	defer file.Close()
	fmt.Println(write(file, report))
	// Output: <nil>
}

// A failure is data, and is put into words where somebody reads it.
func ExampleLine() {
	for _, result := range report.Results {
		for _, f := range result.Failures {
			fmt.Printf("wanted %s, got %s\n", render.Line(f.Expected), render.Line(f.Got))
		}
		fmt.Println(render.Line(result.Reason()))
	}
	// Output:
	// wanted data.type User, got users
	// expected data.type User, got users
}
