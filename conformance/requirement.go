package conformance

import "slices"

// Level says what it means to fail a requirement.
type Level string

const (
	// Must: the documented page itself asks for it, and no reasonable reading
	// differs. A failure makes a server, or a Store, not conformant.
	Must Level = "MUST"
	// Should: a standard that the page builds on asks for it. A failure is a
	// warning, and counts only in a strict run.
	Should Level = "SHOULD"
	// Observe: the page leaves it open. The choice is reported, without a
	// verdict.
	Observe Level = "OBSERVE"
)

// The subjects of requirements.
const (
	Server = "server"
	Store  = "store"
)

// A Requirement is one thing that the suite asks of a server or a Store.
type Requirement struct {
	ID      string   `json:"id"` // stable; family and name, as in merge.firstName
	Level   Level    `json:"level"`
	Subject string   `json:"subject"` // Server or Store
	Title   string   `json:"title"`
	Source  string   `json:"source"`          // the section of the page or of a standard
	Needs   []string `json:"needs,omitempty"` // fixtures of [Target] without which it is not run
}

// The fixtures that a check may need; see [Target].
const (
	needOther     = "another user (-other-user)"
	needFailing   = "a user whose patch fails (-failing-user)"
	needForbidden = "a token that may not write (FORBIDDEN_TOKEN)"
	needUnlinked  = "a token without linked identity (UNLINKED_TOKEN)"
)

// Requirements returns all requirements, families in the order of the reports.
func Requirements() []Requirement {
	var all []Requirement
	for _, c := range serverChecks() {
		all = append(all, c.Requirement)
	}
	for _, c := range storeChecks() {
		all = append(all, c.Requirement)
	}
	return all
}

// A check is a requirement of servers and the function that tries it.
type check struct {
	Requirement
	run func(*trial)
}

// family returns checks of one family: their ids begin with its name.
func family(name string, checks ...check) []check {
	for i := range checks {
		checks[i].ID = name + "." + checks[i].ID
		checks[i].Subject = Server
	}
	return checks
}

func must(id, title, source string, run func(*trial), needs ...string) check {
	return check{Requirement{ID: id, Level: Must, Title: title, Source: source, Needs: needs}, run}
}

func should(id, title, source string, run func(*trial), needs ...string) check {
	return check{Requirement{ID: id, Level: Should, Title: title, Source: source, Needs: needs}, run}
}

func observe(id, title, source string, run func(*trial), needs ...string) check {
	return check{Requirement{ID: id, Level: Observe, Title: title, Source: source, Needs: needs}, run}
}

// serverChecks returns every check of a server, in the order in which they run.
func serverChecks() []check {
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
