package sqlstore

import (
	"cmp"
	"context"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// A resending says whether a write whose outcome is unknown may be sent again.
type resending bool

const (
	once  resending = false
	again resending = true
)

// write carries out work, which runs the statements on the user, as the engine's
// writing does it.
func (s *Store) write(ctx context.Context, op string, id uuid.UUID, resend resending, texts []string, work func(context.Context, session, []command) error) (err error) {
	if s.dialect.writing.inLanes {
		began, waiting := s.lanes.enter(ctx, id)
		if waiting != nil {
			_, err = s.dialect.explain(ctx, op, waiting, notSent)
			return err
		}
		defer func() { s.lanes.leave(id, began, err == nil, s.fateOf(err)) }()
	}
	resend = resend && resending(s.opts.ResendUnknown)
	return s.retry(ctx, op, toWrite, resend, func() (reach, error) {
		commands := s.prepared.commands(ctx, texts)
		return s.dialect.writing.run(ctx, s, func(ctx context.Context, on session) error {
			return s.named(ctx, on, work(ctx, on, commands))
		})
	})
}

// retry calls attempt, in a database that has been found fit, until it succeeds,
// fails for good, or the bounds are reached. Once the outcome is unknown only a
// success makes it known.
func (s *Store) retry(ctx context.Context, op string, want fitness, resend resending, attempt func() (reach, error)) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var unknown error
	begin := time.Now()
	for n := 0; ; n++ {
		got, failure := notSent, s.ready(ctx, want)
		if failure == nil {
			got, failure = attempt()
		}
		if failure == nil {
			return nil
		}
		verdict, err := s.dialect.explain(ctx, op, failure, got)
		if verdict == lost {
			unknown = err
		}
		if n >= s.opts.MaxRetries || !verdict.retried(resend) || time.Since(begin) > retryTime {
			return cmp.Or(unknown, err)
		}
		if !pause(ctx, n) {
			_, err = s.dialect.explain(ctx, op, failure, got) // that it has ended
			return cmp.Or(unknown, err)
		}
	}
}

func (v verdict) retried(resend resending) bool {
	return v == conflict || v == unavailable || v == lost && bool(resend)
}

// retryTime is for how long a call is tried again: connecting may take long.
const retryTime = 5 * time.Second

// The bounds of the pause before an attempt.
const (
	firstPause = time.Millisecond
	maxPause   = 100 * time.Millisecond
)

// pause waits before the attempt after the nth, from zero, and reports whether
// ctx goes on.
func pause(ctx context.Context, n int) bool {
	longest := min(firstPause<<min(n, 10), maxPause)
	timer := time.NewTimer(rand.N(longest))
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

// eachPage iterates over the users of the pages, which begin after an id.
func eachPage(page func(after uuid.UUID) ([]userstore.User, error)) func(yield func(userstore.User, error) bool) {
	return func(yield func(userstore.User, error) bool) {
		after := uuid.Nil // which no user has
		for {
			users, err := page(after)
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

func readPage(ctx context.Context, on session, text string, after uuid.UUID) ([]userstore.User, error) {
	rows, err := on.QueryContext(ctx, text, after.String())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var page []userstore.User
	for rows.Next() {
		u, err := read(rows)
		if err != nil {
			return nil, err
		}
		page = append(page, u)
	}
	return page, rows.Err()
}
