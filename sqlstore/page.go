package sqlstore

import (
	"context"
	"iter"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// pageSize is how many users one statement of All reads.
const pageSize = 500

// eachPage iterates over the users of all pages; page appends the one that begins
// after an id, for the values of the conditions.
func (l *layout) eachPage(ctx context.Context, page func(users []userstore.User, after uuid.UUID, values []any) ([]userstore.User, error)) iter.Seq2[userstore.User, error] {
	return func(yield func(userstore.User, error) bool) {
		values, err := l.values(ctx)
		if err != nil {
			yield(userstore.User{}, err)
			return
		}
		after := uuid.Nil // which no user has
		var users []userstore.User
		for {
			users, err = page(users[:0], after, values)
			if err != nil {
				yield(userstore.User{}, err)
				return
			}
			for _, u := range users {
				if !yield(u, nil) {
					return
				}
				after = u.ID
			}
			if len(users) < pageSize {
				return
			}
		}
	}
}

// appendPage reads all rows into one: what a row holds is copied to its user.
func (s *Store) appendPage(ctx context.Context, on session, users []userstore.User, after uuid.UUID, values []any) ([]userstore.User, error) {
	rows, err := on.QueryContext(ctx, s.texts.page, appendKey(nil, after, values)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	r := new(row)
	dest := r.dest()
	for rows.Next() {
		u, err := s.layout.scanInto(r, dest, rows)
		if err != nil {
			return nil, err
		}
		users = append(users, u)
	}
	return users, rows.Err()
}
