package storetest

import (
	"slices"

	"github.com/userrecord/userrecord/conformance"
)

// Requirements returns what a Store is asked for, in the order of the reports.
func Requirements() []conformance.Requirement {
	var all []conformance.Requirement
	for _, c := range checks() {
		all = append(all, c.Requirement)
	}
	return all
}

// A check is a requirement of Stores and the function that tries it.
type check struct {
	conformance.Requirement
	run func(*trial)
}

// must returns a check of what the documentation of [userstore.Store] promises; source
// names the part of it.
func must(id, title, source string, run func(*trial)) check {
	return check{conformance.Requirement{ID: "store." + id, Level: conformance.Must, Subject: conformance.Store, Title: title, Source: "userstore.Store, " + source}, run}
}

// checks returns every check of a Store, in the order in which they run.
func checks() []check {
	return slices.Concat(
		recordChecks(),
		mergeChecks(),
		valueChecks(),
		refusalChecks(),
		contextChecks(),
		concurrencyChecks(),
		modelChecks(),
	)
}
