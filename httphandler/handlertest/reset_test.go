package handlertest_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/userstore"
)

func TestReset(t *testing.T) {
	f := handlertest.New()
	added := userstore.User{ID: uuid.New()}
	_, err := f.Store.Create(t.Context(), added)
	require.NoError(t, err)
	send(t, f, patch(t.Context(), "http://users.test", handlertest.Token, "Joan"))
	f.Inject(handlertest.Forbidden)

	f.Reset()
	got, err := f.Store.Get(t.Context(), exampleID)
	require.NoError(t, err)
	if diff := handlertest.Diff(userstore.ExampleUser(), got); diff != "" {
		t.Errorf("the record (-want +got):\n%s", diff)
	}
	if f.Store.Len() != 1 || len(f.Calls()) != 0 || len(f.Unused()) != 0 {
		t.Errorf("%d users, calls %v, unused %v; want 1 and none", f.Store.Len(), f.Calls(), f.Unused())
	}

	require.NoError(t, f.Store.Delete(t.Context(), exampleID))
	f.Reset()
	if got, err := f.Store.Get(t.Context(), exampleID); err != nil || got != userstore.ExampleUser() {
		t.Errorf("the deleted user is not back: %v", err)
	}
}

// The creation time of a user without one is that of the start.
func TestResetKeepsTheTimeOfTheStart(t *testing.T) {
	id := uuid.New()
	f := handlertest.New(userstore.User{ID: id})
	want, err := f.Store.Get(t.Context(), id)
	require.NoError(t, err)
	time.Sleep(time.Millisecond)
	require.NoError(t, f.Store.Delete(t.Context(), id))
	f.Reset()
	if got, err := f.Store.Get(t.Context(), id); err != nil || got != want {
		t.Errorf("%v; the record (-want +got):\n%s", err, handlertest.Diff(want, got))
	}
}

// A request that came before a reset leaves no trace after it.
func TestResetEndsWhatIsUnderWay(t *testing.T) {
	validating, release := make(chan struct{}), make(chan struct{})
	var log strings.Builder // a broken connection is no failure
	config := handlertest.Config{Options: &httphandler.Options{
		Logger: slog.New(slog.NewTextHandler(&log, nil)),
		Validate: func(context.Context, userstore.Attributes) error {
			close(validating)
			<-release
			return nil
		},
	}}
	for name, fault := range map[string]handlertest.Fault{
		"in the handler":       {},
		"delayed":              handlertest.Delay(time.Hour),
		"delayed before a 503": handlertest.Status(503, nil).Delayed(time.Hour),
	} {
		t.Run(name, func(t *testing.T) {
			validating, release = make(chan struct{}), make(chan struct{})
			server := config.NewServer(t)
			server.Inject(fault)
			ended := make(chan error)
			go func() {
				response, err := http.DefaultClient.Do(patch(t.Context(), server.URL, handlertest.Token, "Joan"))
				if err == nil {
					response.Body.Close()
				}
				ended <- err
			}()
			if name == "in the handler" {
				<-validating
			}
			for len(server.Unused()) > 0 {
				time.Sleep(time.Millisecond)
			}
			server.Reset()
			close(release)
			if err := <-ended; err == nil || log.Len() > 0 {
				t.Errorf("the request ended with error %v, and the log is\n%s", err, &log)
			}
			user, err := server.Store.Get(t.Context(), exampleID)
			require.NoError(t, err)
			if diff := handlertest.Diff(userstore.ExampleUser(), user); diff != "" {
				t.Errorf("written after the reset (-want +got):\n%s", diff)
			}
			if calls := server.Calls(); len(calls) != 0 {
				t.Errorf("recorded after the reset: %v", calls)
			}
		})
	}
}

// Without the reading of the body first, a server would not notice that a client has gone
// while its request is delayed. The client sees the same with a port and without one.
func TestClientGoesWhileItIsDelayed(t *testing.T) {
	throughBothDoors(t, func(t *testing.T, client *http.Client, f *handlertest.Fake, base string) {
		for i, fault := range []handlertest.Fault{handlertest.Delay(time.Hour), handlertest.SlowBody(time.Hour)} {
			f.Inject(fault)
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				for len(f.Unused()) > 0 {
					time.Sleep(time.Millisecond)
				}
				cancel()
			}()
			response, err := client.Do(patch(ctx, base, handlertest.Token, "Joan"))
			if err == nil {
				_, err = io.Copy(io.Discard, response.Body)
				response.Body.Close()
			}
			require.ErrorIs(t, err, context.Canceled)
			_, err = f.WaitCalls(t.Context(), i+1) // the fake notices later
			require.NoError(t, err)
		}
		if calls := f.Calls(); calls[0].Status != 0 {
			t.Errorf("calls %v, want the first without an answer", calls)
		}
	})
}
