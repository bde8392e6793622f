package servertest

import (
	"slices"

	"github.com/userrecord/userrecord/conformance"
)

// Requirements returns what a server is asked for, families in the order of the
// reports.
func Requirements() []conformance.Requirement {
	var all []conformance.Requirement
	for _, c := range checks() {
		all = append(all, c.Requirement)
	}
	return all
}

// A check is a requirement of servers and the function that tries it.
type check struct {
	conformance.Requirement
	run   func(*trial)
	needs []*fixture
	way   way
}

// A way is how a check is tried first. If that does not look right, it is tried again
// carefully.
type way int

const (
	quickly   way = iota // with no more reads than it takes to see every change
	together             // as quickly, at the same time as others: a correct server changes nothing
	carefully            // with a read before and after each request, or as the check says
)

// together says that the check only sends what a correct server refuses, or what is not
// about the user.
func (c check) together() check { c.way = together; return c }

// carefully says that the check has no quick way.
func (c check) carefully() check { c.way = carefully; return c }

// family returns the checks with the name of their family before their ids.
func family(name string, checks ...check) []check {
	for i := range checks {
		checks[i].ID = name + "." + checks[i].ID
		checks[i].Subject = conformance.Server
	}
	return checks
}

func must(id, title, source string, run func(*trial), needs ...*fixture) check {
	return newCheck(conformance.Must, id, title, source, run, needs)
}

func should(id, title, source string, run func(*trial), needs ...*fixture) check {
	return newCheck(conformance.Should, id, title, source, run, needs)
}

func observe(id, title, source string, run func(*trial), needs ...*fixture) check {
	return newCheck(conformance.Observe, id, title, source, run, needs)
}

func newCheck(level conformance.Level, id, title, source string, run func(*trial), needs []*fixture) check {
	c := check{Requirement: conformance.Requirement{ID: id, Level: level, Title: title, Source: source}, run: run, needs: needs}
	for _, f := range needs {
		c.Needs = append(c.Needs, f.name)
	}
	return c
}

// ofWholeRun marks a check that judges what the others saw.
func ofWholeRun(c check) check {
	c.WholeRun = true
	return c
}

// checks returns every check of a server, in the order in which they run.
func checks() []check {
	return slices.Concat(
		successChecks(),
		readChecks(),
		mergeChecks(),
		nullChecks(),
		clearedChecks(),
		addressChecks(),
		losslessChecks(),
		textChecks(),
		dateChecks(),
		formatChecks(),
		typeChecks(),
		createdAtChecks(),
		unknownChecks(),
		nameChecks(),
		errorsChecks(),
		credentialsChecks(),
		similarCredentialsChecks(),
		linkedChecks(),
		forbiddenChecks(),
		pathChecks(),
		similarPathChecks(),
		acceptChecks(),
		contentChecks(),
		documentChecks(),
		jsonChecks(),
		atomicChecks(),
		oracleChecks(),
		failureChecks(),
		methodChecks(),
		validatorChecks(),
		concurrencyChecks(),
		modelChecks(),
		isolationChecks(), // near the end: it looks at what the others did
		closureChecks(),   // last, for the same reason
	)
}
