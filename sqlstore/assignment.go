package sqlstore

import (
	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// An assignment is what a statement sets in the row of one user, so what the row
// that comes back must hold. A read sets nothing, but must return that user.
type assignment struct {
	id   uuid.UUID
	set  uint32 // bit i stands for columns[i]
	args []any  // of the statement: the values of the columns set, in order, and last the id
}

// assign returns the assignment of what the patch provides.
func assign(id uuid.UUID, patch userstore.Scalars) assignment {
	a := assignment{id: id, args: make([]any, 0, 8)}
	for i, o := range patch {
		if !o.IsZero() {
			a.set |= 1 << i
			a.args = columns[i].appendArgs(a.args, o)
		}
	}
	a.args = append(a.args, id.String())
	return a
}

// assignAll returns the assignment of every column of the user. The argument of
// created_at comes after the columns; nil keeps the one that is there.
func assignAll(u userstore.User, keepCreatedAt bool, timeLayout string) assignment {
	a := assignment{id: u.ID}
	for i, o := range u.Attributes.Scalars() {
		a.set |= 1 << i
		a.args = columns[i].appendArgs(a.args, o)
	}
	var createdAt any
	if !keepCreatedAt {
		createdAt = u.CreatedAt.Format(timeLayout)
	}
	a.args = append(a.args, createdAt, u.ID.String())
	return a
}

// byID is the assignment of a read.
func byID(id uuid.UUID) assignment { return assignment{id: id, args: []any{id.String()}} }

func (a assignment) isEmpty() bool { return a.set == 0 }

// idArg returns the argument that is the id.
func (a assignment) idArg() any { return a.args[len(a.args)-1] }

// insertArgs returns the arguments of the INSERT of the user.
func insertArgs(u userstore.User, timeLayout string) []any {
	args := []any{u.ID.String(), u.CreatedAt.Format(timeLayout)}
	for i, o := range u.Attributes.Scalars() {
		args = columns[i].appendArgs(args, o)
	}
	return args
}
