package sqlstore

import (
	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// An assignment is what a statement sets in the row of one user, so what the row
// that comes back must hold. A read sets nothing, but must return that user.
type assignment struct {
	id     uuid.UUID
	set    uint32 // bit i stands for columns[i]
	keyLen uint8
	args   []any // of the statement: the values of the columns set, in order, and last the key
}

// assign returns the assignment of what the patch provides. The values are those of
// the conditions.
func (l *layout) assign(id uuid.UUID, patch userstore.Scalars, values []any) assignment {
	a := assignment{id: id, keyLen: keyLen(values), args: make([]any, 0, 8)}
	for i, o := range patch {
		if c := &l.columns[i]; !o.IsZero() && c.name != "" {
			a.set |= 1 << i
			a.args = c.appendArgs(a.args, o)
		}
	}
	a.args = appendKey(a.args, id, values)
	return a
}

// assignAll returns the assignment of every column of the user. The argument of
// created_at comes after the columns; nil keeps the one that is there.
func (l *layout) assignAll(u userstore.User, keepCreatedAt bool, timeLayout string, values []any) assignment {
	a := assignment{id: u.ID, keyLen: keyLen(values)}
	for i, o := range u.Attributes.Scalars() {
		if c := &l.columns[i]; c.name != "" {
			a.set |= 1 << i
			a.args = c.appendArgs(a.args, o)
		}
	}
	var createdAt any
	if !keepCreatedAt {
		createdAt = u.CreatedAt.Format(timeLayout)
	}
	a.args = appendKey(append(a.args, createdAt), u.ID, values)
	return a
}

// byKey is the assignment of a read.
func byKey(id uuid.UUID, values []any) assignment {
	return assignment{id: id, keyLen: keyLen(values), args: appendKey(nil, id, values)}
}

func keyLen(values []any) uint8 { return uint8(1 + len(values)) }

// appendKey appends what finds the row of one user: the id, and the values of the
// conditions.
func appendKey(args []any, id uuid.UUID, values []any) []any {
	return append(append(args, id.String()), values...)
}

func (a assignment) isEmpty() bool { return a.set == 0 }

// key returns the arguments that find the row.
func (a assignment) key() []any { return a.args[len(a.args)-int(a.keyLen):] }

// read returns the assignment of a read of the same row.
func (a assignment) read() assignment { return assignment{id: a.id, keyLen: a.keyLen, args: a.key()} }

// insertArgs returns the arguments of the INSERT of the user.
func (l *layout) insertArgs(u userstore.User, timeLayout string, values []any) []any {
	return l.appendRow(nil, u, timeLayout, values)
}

// appendRow appends what insertArgs returns.
func (l *layout) appendRow(args []any, u userstore.User, timeLayout string, values []any) []any {
	args = append(args, u.ID.String(), u.CreatedAt.Format(timeLayout))
	for i, o := range u.Attributes.Scalars() {
		args = l.columns[i].appendArgs(args, o)
	}
	return append(args, values...)
}
