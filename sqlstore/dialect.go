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
	durably     string // a condition that is true and makes the transaction durable, or ""
	settings    []setting
	storage     []setting               // of the table
	driver      func(conn any) []string // what is wrong with the driver's connection; nil where nothing is known
	twoConns    bool                    // readers need connections beside the writer's
	values      valueProbe
	migrate     migrating

	// readOnly reports whether the error says that the database cannot be written.
	readOnly func(error) bool

	// find says what the engine's error means, if it is one with a code.
	find func(error) (finding, bool)
	// columnsOf asks for the columns of a constraint, by its schema and name;
	// "" where the engine always tells what there is to know.
	columnsOf string
}

// String returns the engine's name.
func (d Dialect) String() string { return d.name }

// quoted quotes a name, part by part where it is qualified.
func (d *Dialect) quoted(name string) string {
	return d.quote + strings.ReplaceAll(name, ".", d.quote+"."+d.quote) + d.quote
}

// durable returns the condition of durably after the word, where there is one.
func (d *Dialect) durable(word string) string {
	if d.durably == "" {
		return ""
	}
	return word + d.durably
}

func questionMark(int) string { return "?" }

func dollar(n int) string { return "$" + strconv.Itoa(n) }
