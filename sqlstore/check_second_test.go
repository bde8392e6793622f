package sqlstore

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
)

// A check says what a reader meets before the probe is committed.
func TestCheckOfTheReader(t *testing.T) {
	const hasToWait = "a reader sees what is not committed, or has to wait"
	failing := func(err error) func(context.Context, *fake) error {
		return func(context.Context, *fake) error { return err }
	}
	for name, tt := range map[string]struct {
		meets func(context.Context, *fake) error
		want  string
	}{
		"a locked table": {failing(&moderncError{"database table is locked", 6}), hasToWait},
		"a lock":         {failing(&moderncError{"database is locked", 5}), hasToWait},
		"a wait": {func(ctx context.Context, _ *fake) error {
			<-ctx.Done()
			return ctx.Err()
		}, hasToWait},
		"the probe": {func(_ context.Context, f *fake) error {
			f.setProbe(true)
			return nil
		}, hasToWait},
		"a failure": {failing(failures[SQLite]), ErrUnavailable.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(SQLite)
				f.onReader(tt.meets)
				if err := unchecked(t, f, nil).Check(t.Context()); err == nil || !strings.Contains(err.Error(), strings.TrimPrefix(tt.want, "sqlstore: ")) {
					t.Errorf("%v, want %q", err, tt.want)
				}
			})
		})
	}
}

// If the caller gives up first, the check blames nothing.
func TestCheckOfTheReaderIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(SQLite)
		f.onReader(func(ctx context.Context, _ *fake) error {
			<-ctx.Done()
			return ctx.Err()
		})
		ctx, cancel := context.WithTimeout(t.Context(), readerPatience/2)
		defer cancel()
		if err := unchecked(t, f, nil).Check(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	})
}

// onReader has the fake do what a reader meets that comes while another connection
// writes.
func (f *fake) onReader(meets func(context.Context, *fake) error) {
	writer := 0
	f.before = func(ctx context.Context, e event) error {
		switch {
		case e.do == "begin":
			writer = e.conn
		case e.conn != writer && e.do == "end":
			f.setProbe(false)
		case e.conn != writer && e.is("query", "SELECT id") && len(f.writer) > 0:
			return meets(ctx, f)
		}
		return nil
	}
}

// setProbe makes the probe visible to all, or hides it.
func (f *fake) setProbe(visible bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.committed.rows, uuid.Nil.String())
	if visible {
		f.committed.rows[uuid.Nil.String()] = values(insertArgs(probe, f.dialect.engine().timeLayout))
	}
}

// Other callers may hold all other connections: a check waits a moment for a second
// one, and does without.
func TestCheckWithoutASecondConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := unchecked(t, newFake(SQLite), nil)
		s.db.SetMaxOpenConns(2)
		held, err := s.db.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer held.Close()
		ctx, cancel := context.WithTimeout(t.Context(), secondConnPatience/2)
		defer cancel()
		if err := s.Check(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("for a caller without that patience: %v", err)
		}
		began := time.Now()
		if err := s.Check(t.Context()); err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took != 2*secondConnPatience { // for the settings, and for the reader
			t.Errorf("took %v", took)
		}
	})
}

// A second connection that cannot be had is a failure.
func TestCheckFailsToConnectAgain(t *testing.T) {
	f := newFake(SQLite)
	f.before = func(_ context.Context, e event) error {
		if e.do == "open" && e.conn > 1 {
			return unavailables[SQLite]
		}
		return nil
	}
	if err := unchecked(t, f, &Options{MaxRetries: -1}).Check(t.Context()); !errors.Is(err, ErrUnavailable) {
		t.Error(err)
	}
}
