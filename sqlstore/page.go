package sqlstore

import (
	"context"
	"iter"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// pageSize is how many users one statement of All reads.
const pageSize = 500

// eachPage iterates over the users of all pages; page returns the one that begins
// after an id, for the values of the conditions.
func (l *layout) eachPage(ctx context.Context, page func(after uuid.UUID, values []any) ([]userstore.User, error)) iter.Seq2[userstore.User, error] {
	return func(yield func(userstore.User, error) bool) {
		values, err := l.values(ctx)
		if err != nil {
			yield(userstore.User{}, err)
			return
		}
		after := uuid.Nil // which no user has
		for {
			users, err := page(after, values)
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

func (s *Store) readPage(ctx context.Context, on session, after uuid.UUID, values []any) ([]userstore.User, error) {
	rows, err := on.QueryContext(ctx, s.texts.page, appendKey(nil, after, values)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var page []userstore.User
	for rows.Next() {
		u, err := s.layout.scanUser(rows)
		if err != nil {
			return nil, err
		}
		page = append(page, u)
	}
	return page, rows.Err()
}
