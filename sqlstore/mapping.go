package sqlstore

import "context"

// A Mapping says how users lie in a table of the host's own, which is named by
// [Options.Table] and may have more columns and a primary key of its own. Attributes
// are named by their pointers, as in [userstore.Problem]: /email, /address/street.
//
// Names of columns are letters, digits and _, not beginning with a digit, at most 63
// characters. They are quoted, so case matters where the engine says so.
//
// [Store.Create] writes no other column, so those must be nullable or have a default.
// Otherwise it fails; then insert the row yourself in [Store.Transact], and call [Tx.Put].
//
// What the columns must keep is exactly what was sent: [Store.Check] tries it. Where a
// column cannot be NULL, or a constraint refuses a value, the patch is refused as
// [userstore.ErrInvalid].
type Mapping struct {
	// ID is the column of the user's id, "id" if empty: of a uuid type, or a text of
	// the 36 characters in lower case. It must be unique, together with the columns
	// of Where or alone, but need not be the primary key. A call that finds two rows is
	// [ErrMismatch], and changes neither. [Store.All] goes in the order of this column.
	ID string
	// CreatedAt is the column of the time of creation, "created_at" if empty. It must
	// be NOT NULL and keep microseconds.
	CreatedAt string
	// Columns are the columns of attributes, by pointer: "/firstName": "given_name".
	// An attribute that is not named has the column of [Store.Migrate]: first_name.
	Columns map[string]string
	// Absent are the pointers of attributes without a column. They are read as
	// omitted. A value for one is refused as [userstore.ErrInvalid], at its pointer;
	// null is accepted, since there is nothing to clear.
	Absent []string
	// TextOnly names /address/houseNo, /address/postalCode or both, if the table has no
	// second column that tells a number from a text there. Only texts are kept. A number
	// is refused as [userstore.ErrInvalid], at its pointer.
	TextOnly []string
	// IsNumber are the second columns, of a boolean type, by the same pointers;
	// house_no_is_number and postal_code_is_number are the defaults.
	IsNumber map[string]string
	// BirthDateIsDate says that the column of /birthDate has the type date. Then it
	// keeps YYYY-MM-DD alone, from the year 0001. Another value, such as a year, is
	// refused as [userstore.ErrInvalid], at its pointer.
	BirthDateIsDate bool
	// Where restricts every statement to the rows for which all conditions hold.
	// Other rows are as if they were not there: [userstore.ErrNotFound], and Delete
	// leaves them alone. Create sets the columns so that the conditions hold. There may
	// be at most 16 conditions.
	Where []Condition
	// Constraints are the pointers of attributes by the name of a constraint or
	// unique index, for the [userstore.ErrInvalid] of one that names no column. They
	// are rarely needed: the columns of most constraints are known, from the error, from
	// the catalog, or by their names, as in accounts_mail_check.
	Constraints map[string]string
}

// A Condition holds for the rows whose column has the value.
//
// For soft deletes, {Column: "deleted_at"} hides the rows that the host's own SQL has
// marked. [Store.Delete] still removes the row.
type Condition struct {
	Column string
	// Value returns what the column must hold for a call with that context, such as the
	// tenant's key. It is called in the caller's goroutine, before any statement. If it
	// returns an error, the call ends and returns that error as it is; if it returns nil,
	// that is an error too. If the field Value itself is nil, the column must be NULL.
	//
	// [Store.Check] calls it with its own context, which therefore needs a tenant, too.
	Value func(ctx context.Context) (any, error)
}
