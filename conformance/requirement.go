package conformance

// Level says what it means to fail a requirement.
type Level string

const (
	// Must means that the documented page itself asks for it, and no reasonable
	// reading differs. A failure makes a server, or a Store, not conformant.
	Must Level = "MUST"
	// Should means that a standard that the page builds on asks for it. A failure
	// is a warning, and counts only in a strict run.
	Should Level = "SHOULD"
	// Observe means that the page leaves it open. The choice is reported, without
	// a verdict.
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
	Needs   []string `json:"needs,omitempty"` // what the target must have for it to run
	// WholeRun says that it is about what all the checks of the run did or saw. Alone it
	// may see nothing.
	WholeRun bool `json:"wholeRun,omitempty"`
}
