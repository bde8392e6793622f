package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// What goes wrong with refusals.
var errorDefects = []defect{
	{"not-found-matches-nothing", failingAs(userstore.ErrNotFound, errOther)},
	{"not-found-is-invalid", failingAs(userstore.ErrNotFound, userstore.ErrInvalid)},
	{"not-found-is-both", failingAs(userstore.ErrNotFound, errors.Join(userstore.ErrNotFound, userstore.ErrInvalid))},
	{"not-found-is-a-copy", failingAs(userstore.ErrNotFound, fmt.Errorf("%v", userstore.ErrNotFound))},
	{"not-found-is-no-error", failingAs(userstore.ErrNotFound, nil)},
	{"get-of-the-unknown-is-no-error", func(s *wrongStore, _ []user) {
		s.get = func(ctx context.Context, id uuid.UUID) (user, error) {
			u, err := s.right.Get(ctx, id)
			if errors.Is(err, userstore.ErrNotFound) {
				err = nil
			}
			return u, err
		}
	}},
	{"invalid-matches-nothing", failingAs(userstore.ErrInvalid, errOther)},
	{"invalid-is-no-error", failingAs(userstore.ErrInvalid, nil)},
	{"not-found-before-invalid", spoiltPatch(func(s *wrongStore, ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
		if _, err := s.right.Get(ctx, id); err != nil {
			return user{}, err
		}
		return s.right.Patch(ctx, id, patch)
	})},
	{"nothing-is-checked", unchecked},
	{"integers-are-not-checked", spoiltPatch(func(s *wrongStore, ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
		return s.right.Patch(ctx, id, mapScalars(patch, func(_ scalar, v userstore.TextOrInt) textOrInt {
			if v.IsInt() && scalarAt("/address/houseNo").with(attrs{}, userstore.Value(v)).Check() != nil {
				return intValue(1)
			}
			return userstore.Value(v)
		}))
	})},
	{"c1-controls-are-not-checked", spoiltPatch(func(s *wrongStore, ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
		return s.right.Patch(ctx, id, mapScalars(patch, func(_ scalar, v userstore.TextOrInt) textOrInt {
			if v.Text() == "\u0085" {
				return textValue("?")
			}
			return userstore.Value(v)
		}))
	})},
	{"applies-what-is-valid", spoiltPatch(func(s *wrongStore, ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
		if patch.Check() != nil {
			valid := attrs{LastName: patch.LastName}
			if valid.Check() == nil && ctx.Err() == nil {
				s.right.Patch(ctx, id, valid)
			}
		}
		return s.right.Patch(ctx, id, patch)
	})},
	{"errors-with-the-patch", failing(func(err error, patch attrs) error {
		if errors.Is(err, userstore.ErrInvalid) {
			return fmt.Errorf("%w: %s", err, showAttributes(patch))
		}
		return err
	})},
	{"errors-with-the-record", func(s *wrongStore, _ []user) {
		s.patch = func(ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
			u, err := s.right.Patch(ctx, id, patch)
			if before, e := s.right.Get(context.WithoutCancel(ctx), id); err != nil && e == nil {
				err = fmt.Errorf("%w: %s", err, showAttributes(before.Attributes))
			}
			return u, err
		}
	}},
}

// What goes wrong with contexts.
var contextDefects = []defect{
	{"get-ignores-the-context", func(s *wrongStore, _ []user) {
		s.get = func(ctx context.Context, id uuid.UUID) (user, error) {
			return s.right.Get(context.WithoutCancel(ctx), id)
		}
	}},
	{"patch-ignores-the-context", spoiltPatch(func(s *wrongStore, ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
		return s.right.Patch(context.WithoutCancel(ctx), id, patch)
	})},
	{"looks-at-the-context-after-the-patch", spoiltPatch(func(s *wrongStore, ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
		u, err := s.right.Patch(context.WithoutCancel(ctx), id, patch)
		if err == nil {
			err = ctx.Err()
		}
		return u, err
	})},
	{"patches-in-the-background", spoiltPatch(func(s *wrongStore, ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			go func() {
				time.Sleep(time.Millisecond)
				s.right.Patch(context.WithoutCancel(ctx), id, patch)
			}()
		}
		return s.right.Patch(ctx, id, patch)
	})},
	{"context-errors-match-nothing", func(s *wrongStore, _ []user) {
		hidden := func(err error) error {
			if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
				return errOther
			}
			return err
		}
		s.get = func(ctx context.Context, id uuid.UUID) (user, error) {
			u, err := s.right.Get(ctx, id)
			return u, hidden(err)
		}
		s.patch = func(ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
			if v, _ := patch.FirstName.Get(); strings.HasPrefix(v, "Cancelled") {
				time.Sleep(time.Millisecond) // give it time to end
			}
			u, err := s.right.Patch(ctx, id, patch)
			return u, hidden(err)
		}
	}},
	{"deadlines-are-cancellations", failingAs(context.DeadlineExceeded, context.Canceled)},
	{"interrupted-waiting-matches-nothing", interruptedWaiting},
	{"cancelled-halfway", cancelledHalfway},
}

// What a Store does that must not end the run.
var crashDefects = []defect{
	{"panics-on-the-unknown", func(s *wrongStore, _ []user) {
		s.get = func(ctx context.Context, id uuid.UUID) (user, error) {
			u, err := s.right.Get(ctx, id)
			if errors.Is(err, userstore.ErrNotFound) {
				panic("no rows")
			}
			return u, err
		}
	}},
	{"panics", func(s *wrongStore, _ []user) {
		s.get = func(context.Context, uuid.UUID) (user, error) { panic(s) }
		s.patch = func(context.Context, uuid.UUID, attrs) (user, error) { panic(s) }
	}},
	{"hangs-on-a-patch-of-nothing", spoiltPatch(func(s *wrongStore, ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
		if patch == (attrs{}) {
			time.Sleep(hanging) // whatever the context says
		}
		return s.right.Patch(ctx, id, patch)
	})},
}

// hanging is how long a call hangs: far longer than the suite waits.
const hanging = time.Hour

// unchecked stores values that no Store may store, in records of its own.
func unchecked(s *wrongStore, users []user) {
	var mu sync.Mutex
	records := map[uuid.UUID]user{}
	for _, u := range users {
		records[u.ID] = u
	}
	patch := func(ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
		mu.Lock()
		defer mu.Unlock()
		u, ok := records[id]
		if !ok || ctx.Err() != nil {
			return s.right.Patch(ctx, uuid.New(), attrs{})
		}
		u.Attributes = u.Attributes.Merge(patch)
		records[id] = u
		return u, nil
	}
	s.patch = patch
	s.get = func(ctx context.Context, id uuid.UUID) (user, error) { return patch(ctx, id, attrs{}) }
}

// interruptedWaiting returns an error of its own if a patch is cancelled while it waits
// for another one.
func interruptedWaiting(s *wrongStore, _ []user) {
	turn := make(chan struct{}, 1)
	s.patch = func(ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
		if ctx.Err() != nil || patch.Check() != nil {
			return s.right.Patch(ctx, id, patch)
		}
		select {
		case turn <- struct{}{}:
		case <-ctx.Done():
			return user{}, errOther
		}
		defer func() { <-turn }()
		if !patch.Gender.IsZero() || !patch.FirstName.IsZero() {
			time.Sleep(300 * time.Microsecond)
		}
		return s.right.Patch(context.WithoutCancel(ctx), id, patch)
	}
}

// cancelledHalfway stops after half of a patch when it is cancelled.
func cancelledHalfway(s *wrongStore, _ []user) {
	var mu sync.Mutex
	s.get = func(ctx context.Context, id uuid.UUID) (user, error) {
		mu.Lock()
		defer mu.Unlock()
		return s.right.Get(ctx, id)
	}
	s.patch = func(ctx context.Context, id uuid.UUID, patch attrs) (user, error) {
		mu.Lock()
		defer mu.Unlock()
		if patch.Check() != nil {
			return s.right.Patch(ctx, id, patch)
		}
		first, second := halves(patch)
		u, err := s.right.Patch(ctx, id, first)
		if err != nil || second == (attrs{}) {
			return u, err
		}
		time.Sleep(50 * time.Microsecond)
		return s.right.Patch(ctx, id, second)
	}
}
