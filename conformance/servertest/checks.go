package servertest

import (
	"slices"

	"github.com/userrecord/userrecord/conformance"
)

// The fixtures that a check may need; see [Target].
const (
	needOther     = "another user (-other-user)"
	needFailing   = "a user whose patch fails (-failing-user)"
	needForbidden = "a token that may not write (FORBIDDEN_TOKEN)"
	needUnlinked  = "a token without linked identity (UNLINKED_TOKEN)"
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
	run func(*trial)
}

// family returns checks of one family: their ids begin with its name.
func family(name string, checks ...check) []check {
	for i := range checks {
		checks[i].ID = name + "." + checks[i].ID
		checks[i].Subject = conformance.Server
	}
	return checks
}

func must(id, title, source string, run func(*trial), needs ...string) check {
	return check{conformance.Requirement{ID: id, Level: conformance.Must, Title: title, Source: source, Needs: needs}, run}
}

func should(id, title, source string, run func(*trial), needs ...string) check {
	return check{conformance.Requirement{ID: id, Level: conformance.Should, Title: title, Source: source, Needs: needs}, run}
}

func observe(id, title, source string, run func(*trial), needs ...string) check {
	return check{conformance.Requirement{ID: id, Level: conformance.Observe, Title: title, Source: source, Needs: needs}, run}
}

// checks returns every check of a server, in the order in which they run.
func checks() []check {
	return slices.Concat(
		successChecks(),
		mergeChecks(),
		nullChecks(),
		addressChecks(),
		losslessChecks(),
		dateChecks(),
		formatChecks(),
		typeChecks(),
		createdAtChecks(),
		unknownChecks(),
		errorsChecks(),
		credentialsChecks(),
		linkedChecks(),
		forbiddenChecks(),
		pathChecks(),
		acceptChecks(),
		contentChecks(),
		documentChecks(),
		jsonChecks(),
		atomicChecks(),
		oracleChecks(),
		failureChecks(),
		methodChecks(),
		concurrencyChecks(),
		modelChecks(),
		isolationChecks(), // near the end: it looks at what the others did
		closureChecks(),   // last, for the same reason
	)
}
