package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/render"
)

// A reportFile is a file into which the report is going to be written.
type reportFile struct {
	*output
	format render.Func
}

type reportFiles []reportFile

// prepareReports prepares the files before anything is sent, so that a file that cannot
// be written shows early.
func prepareReports(names []string) (files reportFiles, err error) {
	for _, name := range names {
		format, err := render.ForFile(name)
		if err != nil {
			return nil, err // addReport has refused it
		}
		o, err := prepareOutput(name)
		if err != nil {
			files.discard()
			return nil, fmt.Errorf("-report: %w", err)
		}
		files = append(files, reportFile{o, format})
	}
	return files, nil
}

// forget removes the reports of an earlier run: nobody is to take them for those of this
// one.
func (files reportFiles) forget() error {
	for _, f := range files {
		if err := f.output.forget(); err != nil {
			files.discard()
			return fmt.Errorf("-report: %w", err)
		}
	}
	return nil
}

// discard closes the files.
func (files reportFiles) discard() {
	for _, f := range files {
		f.output.discard()
	}
}

// write writes all reports, even if one of them fails.
func (files reportFiles) write(report *conformance.Report) error {
	var all error
	for _, f := range files {
		err := f.output.write(func(w io.Writer) error { return f.format(w, report) })
		if err != nil {
			all = errors.Join(all, fmt.Errorf("%s: %w", f.name, err))
		}
	}
	return all
}

// names prints the names of the files, a line each.
func (files reportFiles) names(w io.Writer) {
	for _, f := range files {
		fmt.Fprintf(w, "report: %s\n", f.name)
	}
}
