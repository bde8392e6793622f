package httphandler_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// A stuckStore waits until the context of a call ends.
type stuckStore struct {
	*memstore.Store
	stuckGet, stuckPatch bool
	late                 bool // the patch is applied nevertheless
}

func (s stuckStore) Get(ctx context.Context, id uuid.UUID) (userstore.User, error) {
	if s.stuckGet {
		<-ctx.Done()
		return userstore.User{}, fmt.Errorf("get: %w", ctx.Err())
	}
	return s.Store.Get(ctx, id)
}

func (s stuckStore) Patch(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	if s.stuckPatch {
		<-ctx.Done()
		if !s.late {
			return userstore.User{}, fmt.Errorf("patch: %w", ctx.Err())
		}
		ctx = context.WithoutCancel(ctx)
	}
	return s.Store.Patch(ctx, id, patch)
}

// A call of the store that takes too long is answered with 501 and logged as a failure of
// the store. A late success is a success.
func TestStoreTimeout(t *testing.T) {
	const withCreatedAt = `{"firstName":"Joan","createdAt":"2021-09-01T23:12:56Z"}`
	store := memstore.New(userstore.ExampleUser())
	for _, tt := range []struct {
		name       string
		store      stuckStore
		attributes string
		want       int
	}{
		{"patch", stuckStore{Store: store, stuckPatch: true}, `{"firstName":"Joan"}`, 501},
		{"get", stuckStore{Store: store, stuckGet: true}, withCreatedAt, 501},
		{"get is not called", stuckStore{Store: store, stuckGet: true}, `{"firstName":"Joan"}`, 200},
		{"patch is made late", stuckStore{Store: store, stuckPatch: true, late: true}, withCreatedAt, 200},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var log bytes.Buffer
			h := httphandler.New(tt.store, httphandler.InsecureAllowEveryone(), &httphandler.Options{
				StoreTimeout: 10 * time.Millisecond, Logger: slog.New(slog.NewTextHandler(&log, nil)),
			})
			w := httptest.NewRecorder()
			h.ServeHTTP(w, exampleRequest(document(tt.attributes)))
			if w.Code != tt.want || tt.want == 501 && !strings.Contains(w.Body.String(), "internal-error") {
				t.Errorf("%d %s, want %d", w.Code, w.Body, tt.want)
			}
			failed := strings.Contains(log.String(), `class=store type="*fmt.wrapError > context.deadlineExceededError"`)
			if failed != (tt.want == 501) {
				t.Errorf("log %s", log.String())
			}
		})
	}
}

// Each call of the store has its own time limit, which ends with the call. The hook after
// the commit has none.
func TestStoreTimeoutIsOfTheCall(t *testing.T) {
	for name, tt := range map[string]struct{ timeout, want time.Duration }{
		"default": {0, httphandler.DefaultStoreTimeout},
		"given":   {time.Hour, time.Hour},
		"off":     {-1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			store := &limitedStore{Store: memstore.New(userstore.ExampleUser())}
			hooked := false
			h := httphandler.New(store, httphandler.InsecureAllowEveryone(), &httphandler.Options{
				StoreTimeout: tt.timeout,
				AfterCommit: func(ctx context.Context, _ uuid.UUID, _ []string) error {
					_, limited := ctx.Deadline()
					hooked = !limited && ctx.Err() == nil
					return nil
				},
			})
			before := time.Now()
			h.ServeHTTP(httptest.NewRecorder(), exampleRequest(document(`{"firstName":"Joan","createdAt":"2021-09-01T23:12:56Z"}`)))
			if !hooked || len(store.contexts) != 2 {
				t.Fatalf("%d calls of the store, and the hook has no limit: %t", len(store.contexts), hooked)
			}
			for _, ctx := range store.contexts {
				deadline, limited := ctx.Deadline()
				if limited != (tt.want > 0) || limited && (deadline.Before(before.Add(tt.want)) || deadline.After(time.Now().Add(tt.want))) {
					t.Errorf("a call may last until %v, %t; want %v", deadline, limited, tt.want)
				}
				if (ctx.Err() != nil) != limited {
					t.Errorf("after the call: %v", ctx.Err())
				}
			}
		})
	}
}

// A limitedStore records the contexts of its calls.
type limitedStore struct {
	*memstore.Store
	contexts []context.Context
}

func (s *limitedStore) Get(ctx context.Context, id uuid.UUID) (userstore.User, error) {
	s.contexts = append(s.contexts, ctx)
	return s.Store.Get(ctx, id)
}

func (s *limitedStore) Patch(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	s.contexts = append(s.contexts, ctx)
	return s.Store.Patch(ctx, id, patch)
}
