package sqlstore

import (
	"strconv"
	"strings"
)

// A Dialect is what an engine does in its own way. There are four: [SQLite],
// [PostgreSQL], [MySQL] and [MariaDB].
type Dialect struct {
	name     string
	identify string // asks for the engine
	engine   string // is in the answer
	folder   string // of the migrations

	quote       string // around an identifier
	placeholder func(n int) string
	created     string // the expression that reads created_at, to the microsecond
	layout      string // of created_at as an argument, in UTC

	writing  writing
	prepared bool   // statements are worth preparing
	locking  string // what makes a SELECT lock its row
	// unlessTaken makes an INSERT do nothing where the id is taken; "" where the
	// engine cannot do that for the id alone.
	unlessTaken string
	settings    []setting
	twoConns    bool // readers need connections beside the writer's
	migrate     migrating

	// find says what the engine's error means, if it is one with a code.
	find func(error) (finding, bool)
	// columnsOf asks for the columns of a constraint, by its schema and name;
	// "" where the engine always tells what there is to know.
	columnsOf string
}

// String returns the engine's name.
func (d Dialect) String() string { return d.name }

// A setting is what a connection must be set to.
type setting struct {
	query string // of one row and one column
	ok    func(string) bool
	want  string // for the error
}

// quoted quotes a name, part by part where it is qualified.
func (d *Dialect) quoted(name string) string {
	return d.quote + strings.ReplaceAll(name, ".", d.quote+"."+d.quote) + d.quote
}

func questionMark(int) string { return "?" }

func dollar(n int) string { return "$" + strconv.Itoa(n) }
