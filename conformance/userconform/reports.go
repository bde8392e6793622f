package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/render"
)

// A reportFile is a file into which the report is going to be written.
type reportFile struct {
	*os.File
	write render.Func
}

type reportFiles []reportFile

// createReports creates the files before anything is sent. So a file that cannot be
// written shows early, and nobody takes the report of an earlier run for that of this
// one.
func createReports(names []string) (files reportFiles, err error) {
	for _, name := range names {
		write, err := render.ForFile(name)
		if err != nil {
			return nil, err // addReport has refused it
		}
		file, err := os.Create(name)
		if err != nil {
			files.discard()
			return nil, fmt.Errorf("-report: %w", err)
		}
		files = append(files, reportFile{file, write})
	}
	return files, nil
}

// write writes all reports, even if one of them fails.
func (files reportFiles) write(report *conformance.Report) error {
	var all error
	for _, f := range files {
		err := errors.Join(f.write(f, report), f.Close())
		if err != nil {
			all = errors.Join(all, fmt.Errorf("%s: %w", f.Name(), err))
		}
	}
	return all
}

// discard removes the files.
func (files reportFiles) discard() {
	for _, f := range files {
		_ = f.Close()
		_ = os.Remove(f.Name())
	}
}

// names prints the names of the files, a line each.
func (files reportFiles) names(w io.Writer) {
	for _, f := range files {
		fmt.Fprintf(w, "report: %s\n", f.Name())
	}
}
